import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from '../scenario';

/** Every scenario of this folder, twins included, by name. */
export async function loadScenarios(): Promise<ReadonlyMap<string, Scenario>> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.ts') && file !== 'index.ts').sort();
  const scenarios = new Map<string, Scenario>();
  for (const file of files) {
    const name = file.slice(0, -'.ts'.length);
    const { default: scenario } = (await import(/* @vite-ignore */ pathToFileURL(join(import.meta.dirname, file)).href)) as {
      default: Scenario;
    };
    if (scenario.name !== name) throw new Error(`Scenario ${scenario.name} stands in ${file}`);
    scenarios.set(name, scenario);
  }
  return scenarios;
}
