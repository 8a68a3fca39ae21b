import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Authority } from './authority';

const run = promisify(execFile);

/** Makes a browser's certificate database (created if it is not there) trust these authorities for web sites. Needs `certutil` of libnss3-tools. */
export async function trustAuthorities(databaseDir: string, authorities: readonly Authority[]): Promise<void> {
  await mkdir(databaseDir, { recursive: true });
  const database = `sql:${databaseDir}`;
  if (!existsSync(join(databaseDir, 'cert9.db'))) await run('certutil', ['-d', database, '-N', '--empty-password']);
  const scratch = await mkdtemp(join(tmpdir(), 'roots-'));
  try {
    for (const [index, authority] of authorities.entries()) {
      const file = join(scratch, `${index}.pem`);
      await writeFile(file, authority.pem);
      await run('certutil', ['-d', database, '-A', '-t', 'C,,', '-n', authority.name, '-i', file]);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
