import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/model/report';
import { launchBrowser } from '../browsers/launch';
import { cleanUpOnExit, temporaryDirectory, within } from '../browsers/processes';
import { type Expectation, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import { loadScenarios } from '../lab/scenarios/index';
import { packedExtension, ROOT } from '../start/build';
import { diagnose } from '../start/diagnose';

/** Where each run's report is kept, for whoever looks into a failed one. */
const KEPT = join(ROOT, 'dist', 'e2e');
const LIMIT_MS = 90_000;

/** One scenario in one browser, as told to the runner on the last line of standard output. */
export interface ScenarioResult {
  isRight: boolean;
  /** Whether the first cause alone is right (where none may be named: whether none is), whatever the verdict. */
  isFirstRight?: boolean;
  /** What was expected and what came, in a few words. */
  expected: string;
  got: string;
  /** Error as the browser said it. */
  error: string;
  seconds: number;
  /** For a wrong one: the ranking and the lab's last words. */
  details: readonly string[];
}

function words(expect: Expectation, allow: 'all' | 'none'): string {
  const target = allow === 'all' ? expect.causes?.join(' or ') : expect.owner;
  return target === undefined ? expect.verdict : `${expect.verdict} ${target}`;
}

/** Whether the report says what is true. With little allowed, the owner is enough, and so is "cannot tell". */
export function judge(report: Report, expect: Expectation, allow: 'all' | 'none'): boolean {
  const { verdict, causes } = report.diagnosis;
  const mayNameCause = expect.verdict === 'cause' || expect.verdict === 'cannot-tell';
  if (!mayNameCause) return verdict === expect.verdict && causes.length === 0;
  if (allow === 'none')
    return verdict === 'cannot-tell' || (verdict === 'cause' && (expect.owner === undefined || causes[0]?.owner === expect.owner));
  if (verdict !== expect.verdict) return false;
  if (expect.amongFirst !== undefined && !causes.slice(0, 3).some(({ id }) => id === expect.amongFirst)) return false;
  if (expect.separatedBy !== undefined && report.diagnosis.tie?.separatedBy !== expect.separatedBy) return false;
  return expect.causes === undefined || (causes[0] !== undefined && expect.causes.includes(causes[0].id));
}

async function runScenario(
  name: string,
  browserName: 'chromium' | 'firefox',
  seed: number,
  allow: 'all' | 'none',
): Promise<ScenarioResult> {
  const scenario = (await loadScenarios()).get(name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}`);
  const lab = await startLab({ seed, mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  const expected = words(scenario.expect, allow);
  try {
    const home = temporaryDirectory('home');
    const trust = join(home, '.pki', 'nssdb');
    mkdirSync(trust, { recursive: true });
    await lab.trustIn(trust);
    const browser = await launchBrowser(browserName, {
      extension: packedExtension(browserName),
      isHeadless: true,
      home,
      browserArguments: browserName === 'chromium' ? lab.browser.chromiumArgs : [],
      firefoxPreferences: lab.browser.firefoxPrefs,
      otherExtensions: lab.browser.extensions[browserName],
      permissions: allow,
    });
    try {
      const { file, report } = await diagnose(browser, {
        url: lab.url,
        allow,
        deadline: performance.now() + LIMIT_MS,
        visitBefore: lab.browser.visitBefore,
        act: lab.browser.act,
        trigger: () => lab.trigger(),
      });
      mkdirSync(KEPT, { recursive: true });
      copyFileSync(file, join(KEPT, `${name}-${browserName}-${allow}.json`));
      const { verdict, causes } = report.diagnosis;
      const isRight = judge(report, scenario.expect, allow);
      const ranking = causes.slice(0, 4).map((cause) => `${cause.id} (${cause.owner}) ${cause.probability.toFixed(2)}`);
      const tie = report.diagnosis.tie?.separatedBy;
      const observed = Object.entries(report.observations).map(([id, { value }]) => `${id}=${value}`);
      return {
        isRight,
        isFirstRight:
          scenario.expect.causes === undefined || allow === 'none'
            ? isRight
            : causes[0] !== undefined && scenario.expect.causes.includes(causes[0].id),
        expected,
        got: [verdict, allow === 'all' ? causes[0]?.id : causes[0]?.owner].filter((word) => word !== undefined).join(' '),
        error: report.incident.error,
        seconds: seconds(),
        details: isRight
          ? []
          : [
              `ranking: ${ranking.join(', ')}; separated by ${tie ?? 'nothing'}`,
              `observed: ${observed.join(' ')}`,
              ...lab.log().slice(-15),
            ],
      };
    } catch (error) {
      return {
        isRight: false,
        expected,
        got: 'no report',
        error: (error as Error).message,
        seconds: seconds(),
        details: lab.log().slice(-15),
      };
    } finally {
      await browser.close();
    }
  } finally {
    // Its sockets may be in the browser's hands to the last.
    await within(lab.close(), 5000, 'the lab to close').catch(() => undefined);
  }
}

if (process.argv[1] === import.meta.filename) {
  cleanUpOnExit();
  const [name = '', browser, seed, allow] = process.argv.slice(2);
  const result = await runScenario(name, browser === 'firefox' ? 'firefox' : 'chromium', Number(seed), allow === 'none' ? 'none' : 'all');
  process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit(0));
}
