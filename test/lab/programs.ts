import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Scenario } from './scenario';

/** Programs of the system that a scenario is built with and that are not here. */
export function missingPrograms(scenario: Scenario): readonly string[] {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return (scenario.programs ?? []).filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
}

/** Why a scenario is left out on this system; undefined: it is not. */
export function whyLeftOut(scenario: Scenario, hasNamespace: boolean): string | undefined {
  if (scenario.needs === 'namespace' && !hasNamespace) return 'needs a network namespace, which this system does not give';
  const missing = missingPrograms(scenario);
  return missing.length === 0 ? undefined : `needs ${missing.join(' and ')}, not installed here`;
}
