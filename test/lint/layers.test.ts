import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const taking = (from: string) => `import { thing } from '${from}';\n\nexport const other = thing;\n`;

/** What each layer is tried with, and the rule that must speak against it; undefined: none may. */
const TRIED: readonly [folder: string, code: string, rule: string | undefined][] = [
  ...(
    [
      ['src/model', '../net-errors/classify'],
      ['src/net-errors', '../session/derive'],
      ['src/checks', '../probes/context'],
      ['src/checks', '../diagnosis/diagnose'],
      ['src/diagnosis', '../session/derive'],
      ['src/session/observe', '../../probes/hosts'],
      ['src/session', '../report/build'],
      ['src/report', '../platform/text'],
      ['src/report', '../diagnosis/weights/likelihoods'],
      ['src/probes', '../background/requester'],
      ['src/probes', '../checks'],
      ['src/experiments', '../platform/api'],
      ['src/messaging', '../background/walks'],
      ['src/background', '../session/derive'],
      ['src/background', '../popup/words'],
      ['src/background', 'webextension-polyfill'],
      ['src/background/doors', '../../platform/api'],
      ['src/popup/components', '../../platform/api'],
      ['src/popup/components', 'webextension-polyfill'],
      ['src/popup/state', '../../background/walks'],
      ['src/popup/state', '../../checks'],
      ['src/platform', '../messaging/send'],
    ] as const
  ).map(([folder, from]): [string, string, string] => [folder, taking(from), 'noRestrictedImports']),
  ...['src/background', 'src/background/doors', 'src/popup/state', 'src/probes', 'src/checks'].flatMap((folder) =>
    ['chrome', 'browser'].map((name): [string, string, string] => [
      folder,
      `export const id = ${name}.runtime.id;\n`,
      'noRestrictedGlobals',
    ]),
  ),
  ...['src/model', 'src/net-errors', 'src/checks', 'src/diagnosis', 'src/session'].flatMap((folder): [string, string, string][] => [
    [folder, 'export const now = Date.now();\n', 'noRestrictedGlobals'],
    [folder, "export const page = fetch('https://a.example');\n", 'noRestrictedGlobals'],
  ]),
  ['src/report', "export const page = fetch('https://a.example');\n", 'noRestrictedGlobals'],
  ['src/diagnosis', 'const thing = 1;\n\nexport default thing;\n', 'noDefaultExport'],
  ['src/background', 'export const thing: any = 1;\n', 'noExplicitAny'],
  ['src/popup', "console.log('left behind');\n", 'noConsole'],
  ['src/checks', 'const thing = 1;\n\nexport default thing;\n', undefined],
  ['src/platform', 'export const id = chrome.runtime.id;\n', undefined],
  ...(
    [
      ['src/checks', '../model/check'],
      ['src/session', '../diagnosis/diagnose'],
      ['src/background', '../platform/api'],
      ['src/background', '../probes'],
      ['src/background/doors', '../../experiments/journal'],
      ['src/popup/components', '../../model/session'],
      ['src/popup', '../report/build'],
      ['src/messaging', '../session/derive'],
    ] as const
  ).map(([folder, from]): [string, string, undefined] => [folder, taking(from), undefined]),
];

interface Diagnostic {
  category: string;
  location: { path: string | { file: string } };
}

describe('the linter keeps the layers apart', () => {
  const root = mkdtempSync(join(tmpdir(), 'unreset-lint-'));
  const rules = new Map<string, string[]>();
  const fileOf = (index: number) => `${TRIED[index]?.[0]}/tried-${index}.ts`;

  beforeAll(() => {
    // The project's own configuration over files that are not the project's.
    const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as { vcs: { enabled: boolean } };
    config.vcs.enabled = false;
    writeFileSync(join(root, 'biome.json'), JSON.stringify(config));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    TRIED.forEach(([, code], index) => {
      mkdirSync(join(root, dirname(fileOf(index))), { recursive: true });
      writeFileSync(join(root, fileOf(index)), code);
    });
    const { stdout, stderr } = spawnSync(
      join(ROOT, 'node_modules/.bin/biome'),
      ['lint', '--reporter=json', '--max-diagnostics=none', '--colors=off', 'src'],
      { cwd: root, encoding: 'utf8' },
    );
    const said = stdout.slice(stdout.indexOf('{'));
    if (said === '') throw new Error(stderr);
    for (const { category, location } of (JSON.parse(said) as { diagnostics: Diagnostic[] }).diagnostics) {
      const file = typeof location.path === 'string' ? location.path : location.path.file;
      const name = file.slice(file.indexOf('src/'));
      rules.set(name, [...(rules.get(name) ?? []), category]);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(TRIED.map(([folder, code, rule], index) => [folder, code.split('\n')[0] ?? '', rule ?? 'nothing', index] as const))(
    '%s, %s: %s',
    (_folder, _code, rule, index) => {
      const spoken = (rules.get(fileOf(index)) ?? []).map((category) => category.split('/').at(-1));
      if (rule === 'nothing') expect(spoken).toEqual([]);
      else expect(spoken).toContain(rule);
    },
  );
});
