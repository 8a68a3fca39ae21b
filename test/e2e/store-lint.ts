import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../start/build';

interface Finding {
  code: string;
  message: string;
  file?: string;
  line?: number;
}

/** Checks Firefox's build as its store does: no error, and no warning that `docs/store-lint.md` does not explain by its code. */
const run = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/web-ext/bin/web-ext.js'),
    'lint',
    '--source-dir',
    join(ROOT, 'dist/firefox'),
    '--output',
    'json',
    '--no-config-discovery',
  ],
  { encoding: 'utf8', env: { ...process.env, NO_UPDATE_NOTIFIER: '1' }, maxBuffer: 50_000_000 },
);
const start = run.stdout.indexOf('{');
if (start < 0) {
  process.stdout.write(`web-ext lint said nothing to read: ${run.stderr}\n`);
  process.exit(1);
}
const { errors, warnings } = JSON.parse(run.stdout.slice(start)) as { errors: Finding[]; warnings: Finding[] };
const docs = join(ROOT, 'docs/store-lint.md');
const explained = existsSync(docs) ? readFileSync(docs, 'utf8') : '';
const unexplained = warnings.filter((warning) => !explained.includes(`\`${warning.code}\``));
for (const finding of [...errors, ...unexplained]) {
  process.stdout.write(`${finding.code}: ${finding.message} ${finding.file ?? ''}:${finding.line ?? ''}\n`);
}
process.stdout.write(
  `web-ext lint: ${errors.length} errors, ${warnings.length} warnings, ${unexplained.length} of them not explained in docs/store-lint.md\n`,
);
process.exitCode = errors.length + unexplained.length === 0 ? 0 : 1;
