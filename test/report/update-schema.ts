/** `npx tsx test/report/update-schema.ts`: writes the vocabulary of the code into the published schema, nothing else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { AREAS } from '../../src/model/check';
import { CONSENT_IDS } from '../../src/model/consent';
import { CAUSE_IDS, OBSERVATION_IDS, OBSERVATIONS, OWNERS } from '../../src/model/vocabulary';
import { OBSERVATION_MEANINGS } from '../../src/model/vocabulary-texts';

const file = new URL('../../public/report.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(file, 'utf8'));
const { $defs, properties } = schema;

$defs.cause.enum = CAUSE_IDS;
$defs.owner.enum = OWNERS;
$defs.observationId.enum = OBSERVATION_IDS;
$defs.failure.enum = OBSERVATIONS['error-kind'].values;
$defs.phase.enum = OBSERVATIONS.phase.values;
$defs.check.properties.area.enum = AREAS;
$defs.check.properties.notRun.pattern = `^(pending|cannot-in-this-browser|offline|asked-to-stop|(consent|refused):(${CONSENT_IDS.join('|')})|question:[a-z0-9-]+)$`;
properties.observations.properties = Object.fromEntries(
  OBSERVATION_IDS.map((id) => [
    id,
    { $ref: '#/$defs/observation', description: OBSERVATION_MEANINGS[id], properties: { value: valuesOf(id) } },
  ]),
);

writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);

function valuesOf(id: (typeof OBSERVATION_IDS)[number]): object {
  if (id === 'error-kind') return { $ref: '#/$defs/failure' };
  return id === 'phase' ? { $ref: '#/$defs/phase' } : { enum: OBSERVATIONS[id].values };
}
