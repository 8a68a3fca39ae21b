import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CaseError, parseCases } from './cases';
import { figuresOf, furtherOf, onceEachCluster, scoreCases } from './figures';
import { report } from './table';

/** `npm run evaluate -- FILE.jsonl`: exit 0 with the figures, 2 where there is nothing to score. */
const main = (): number => {
  const [file, ...rest] = process.argv.slice(2);
  if (file === undefined || rest.length > 0 || file.startsWith('-')) {
    process.stderr.write('npm run evaluate -- FILE.jsonl: needs one file of cases, such as test/diagnosis/cases.jsonl\n');
    return 2;
  }
  let text: string;
  try {
    text = readFileSync(resolve(process.env.UNRESET_INVOKED_FROM ?? process.cwd(), file), 'utf8');
  } catch (error) {
    process.stderr.write(`npm run evaluate: ${file} cannot be read (${error instanceof Error ? error.message : String(error)})\n`);
    return 2;
  }
  try {
    const scored = scoreCases(parseCases(text, file, (note) => process.stderr.write(`npm run evaluate: ${note}\n`)));
    const once = onceEachCluster(scored);
    const all = { figures: figuresOf(scored), further: furtherOf(scored) };
    process.stdout.write(`${report(scored, all, { figures: figuresOf(once), further: furtherOf(once) })}\n`);
    process.stdout.write(`${JSON.stringify(all.figures)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    process.stderr.write(`npm run evaluate: ${error.message}\n`);
    return 2;
  }
};

process.exitCode = main();
