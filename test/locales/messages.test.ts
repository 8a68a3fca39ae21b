import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks';
import { STEPS } from '../../src/diagnosis/steps';
import { textId } from '../../src/diagnosis/text';
import { WEIGHED } from '../../src/diagnosis/weights/likelihoods';
import { AREAS, PATH_PARTS } from '../../src/model/check';
import { CONSENT_IDS } from '../../src/model/consent';
import { SITE_DATA_KINDS } from '../../src/model/experiment';
import { CAUSE_IDS, OBSERVATIONS, OWNERS } from '../../src/model/vocabulary';

const ROOT = join(import.meta.dirname, '../..');
const LOCALES = join(ROOT, 'public/_locales');
const LANGUAGES = readdirSync(LOCALES);

interface Text {
  message: string;
}
const textsOf = (language: string) => JSON.parse(readFileSync(join(LOCALES, language, 'messages.json'), 'utf8')) as Record<string, Text>;
const english = textsOf('en');
const ids = Object.keys(english);

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => ({ file: join(entry.parentPath, entry.name), code: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
const manifest = readFileSync(join(ROOT, 'manifest.json'), 'utf8');

/** Names written out in the code or the manifest. */
const literal = new Set(
  [...sources.map(({ code }) => code), manifest].flatMap((code) =>
    [...code.matchAll(/['"`]([a-z][a-z0-9_]*)['"`]|__MSG_([a-z0-9_]+)__/g)].map((match) => match[1] ?? match[2] ?? ''),
  ),
);

const of = (prefix: string, names: readonly string[], ...parts: string[]) => names.map((name) => textId(prefix, name, ...parts));

/** Names that the code puts together, and what of: a family that is no longer put together has to go from here. */
const COMPOSED: ReadonlySet<string> = new Set<string>([
  ...['title', 'sentence', 'who', 'tell'].flatMap((part) => of('cause', CAUSE_IDS, part)),
  ...of(
    'check',
    CHECKS.map(({ id }) => id),
    'title',
  ),
  ...['consent', 'refused', 'pending', 'question', 'cannot-in-this-browser', 'offline', 'asked-to-stop'].map((kind) =>
    textId('check_not_run', kind),
  ),
  // What weighs, and what may be answered: either may be held out as what would change the mind.
  ...[...WEIGHED, ...STEPS.flatMap(({ asks }) => asks ?? [])].flatMap((id) => of(textId('evidence', id), OBSERVATIONS[id].values)),
  ...STEPS.flatMap(({ id, asks, instructions }) => [
    textId('step', id, 'title'),
    textId('step', id, 'why'),
    ...instructions.flatMap(({ lines, warning }) => [...lines, ...(warning === undefined ? [] : [warning])]),
    ...(asks === undefined ? [] : [textId('question', asks), ...of(textId('answer', asks), OBSERVATIONS[asks].values)]),
  ]),
  ...['title', 'why'].flatMap((part) => of('consent', CONSENT_IDS, part)),
  ...of('failure', OBSERVATIONS['error-kind'].values),
  ...of('ui_not_reset', ['refused', 'certificate', 'blocked-by-client', 'name-not-resolved', 'offline', 'unreachable', 'timed-out']),
  ...of('advice', ['refused', 'certificate', 'blocked-by-client', 'name-not-resolved', 'offline', 'unreachable', 'timed-out']),
  ...of('area', AREAS),
  ...of('part', PATH_PARTS),
  ...of('report_owner', OWNERS),
  ...of('report_audience', ['self', 'help-desk', 'site-owner']),
  ...of('report_browser', ['chrome', 'chromium', 'edge', 'firefox']),
  ...of('report_os', ['windows', 'macos', 'linux', 'chromeos', 'other']),
  ...of('report_fact_kind', ['main-frame', 'sub-frame', 'sub-resource', 'fetch', 'websocket']),
  ...of('report_phase', OBSERVATIONS.phase.values),
  ...of('report_source', ['browser', 'probe', 'answer']),
  ...of('report_visitor_frequency', OBSERVATIONS.frequency.values),
  ...of('report_step', ['done-and-works', 'done-still-fails', 'done', 'skipped', 'answered']),
  ...of('report_change', ['proxy-setting', 'extension-switch', 'header-rules', 'probe-tab', 'private-window', 'cookies', 'site-data']),
  ...of('report_change_site_data', SITE_DATA_KINDS),
  ...of('report_change', ['changed', 'returned', 'confirmed', 'left-to-another', 'kept']),
]);
/** Advice to a site's owner stands for those causes that a server can show. */
const isServerAdvice = (id: string) => CAUSE_IDS.some((cause) => id === textId('report_server', cause));

/** `$1`… of a text, each once, in order. */
const placesOf = (message: string) => [...new Set([...message.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))].sort();

describe('texts', () => {
  it('are all used', () => {
    expect(ids.filter((id) => !literal.has(id) && !COMPOSED.has(id) && !isServerAdvice(id))).toEqual([]);
  });

  it('exist for every name that the code puts together', () => {
    expect([...COMPOSED].filter((id) => english[id] === undefined && !/^(?:step_ask|check_not_run)_/.test(id))).toEqual([]);
  });

  it('exist for every name that the code writes out', () => {
    const prefixes = /^(?:ui|report|check|cause|evidence|step|question|answer|consent|failure|area|part|verdict|likelihood|advice)_/;
    const named = [...literal].filter((id) => prefixes.test(id));
    // A prefix of a family is no text.
    const isFamily = (id: string) => ids.some((other) => other.startsWith(`${id}_`));
    expect(named.filter((id) => english[id] === undefined && !isFamily(id))).toEqual([]);
  });

  it('number their places from 1 without a gap', () => {
    const wrong = ids.filter((id) => {
      const places = placesOf(english[id]?.message ?? '');
      return places.some((place, index) => place !== index + 1);
    });
    expect(wrong).toEqual([]);
  });

  it('get as many words as they have places, wherever a call writes both out', () => {
    const wrong: string[] = [];
    for (const { file, code } of sources) {
      for (const { id, count } of callsIn(code)) {
        const places = placesOf(english[id]?.message ?? '').length;
        if (english[id] !== undefined && count !== places) wrong.push(`${file}: ${id} has ${places}, gets ${count}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('that are handed over bare have no places to fill', () => {
    const bare = sources.flatMap(({ code }) =>
      [...code.matchAll(/\{\s*id:\s*'([a-z0-9_]+)'\s*\}/g)].map((match) => match[1] ?? '').filter((id) => english[id] !== undefined),
    );
    expect(bare.filter((id) => placesOf(english[id]?.message ?? '').length > 0)).toEqual([]);
  });

  it('accuse nobody and are not empty', () => {
    // A separator is a text of its own.
    const wrong = Object.entries(english).filter(([, { message }]) => message === '' || /censor|attack|hack/i.test(message));
    expect(wrong).toEqual([]);
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))('%s has the same texts with the same places', (language) => {
    const texts = textsOf(language);
    expect(Object.keys(texts).sort()).toEqual([...ids].sort());
    expect(ids.filter((id) => String(placesOf(texts[id]?.message ?? '')) !== String(placesOf(english[id]?.message ?? '')))).toEqual([]);
  });

  it('are there in the language that the manifest names', () => {
    const { default_locale: language } = JSON.parse(manifest) as { default_locale: string };
    expect(existsSync(join(LOCALES, language, 'messages.json'))).toBe(true);
  });
});

/** Calls such as `t('ui_x', a, b)`: the text and the number of words handed over. Spread arguments are left out. */
function callsIn(code: string): { id: string; count: number }[] {
  const calls: { id: string; count: number }[] = [];
  for (const match of code.matchAll(/(?<![\w.])(?:t|text|implicated|cleared|inconclusive|notApplicable)\(\s*'([a-z0-9_]+)'/g)) {
    const counted = argumentsAfter(code, match.index + match[0].length);
    if (counted !== undefined) calls.push({ id: match[1] ?? '', count: counted });
  }
  return calls;
}

/** Arguments from here to the parenthesis that closes the call. */
function argumentsAfter(code: string, from: number): number | undefined {
  let depth = 0;
  let count = 0;
  let quote = '';
  let isEmpty = true;
  for (let at = from; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
      continue;
    }
    if (code.startsWith('...', at) && depth === 0) return undefined;
    if ('\'"`'.includes(character)) quote = character;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) {
      if (depth === 0) return isEmpty && count > 0 ? count - 1 : count;
      depth -= 1;
    }
    if (character === ',' && depth === 0) {
      count += 1;
      isEmpty = true;
    } else if (/\S/.test(character)) isEmpty = false;
  }
  return undefined;
}
