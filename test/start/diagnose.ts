import { readFileSync } from 'node:fs';
import type { Report } from '../../src/model/report';
import type { BrowserUnderTest, Navigation, Page, Tab } from '../browsers/driver';
import { within } from '../browsers/processes';

export interface Job {
  url: string;
  allow: 'all' | 'none';
  /** When it must be over, by `performance.now()`. */
  deadline: number;
  /** Pages to open in the same tab before, each until its title says so. */
  visitBefore?: readonly { url: string; untilTitle: string }[];
  /** Run in the last of those pages in place of opening `url`: what it sends is what fails. */
  act?: string;
  /** Switches the fault on, after those pages. */
  trigger?: () => Promise<void>;
}

export interface Outcome {
  navigation: Navigation;
  /** The file that the product's own export wrote. */
  file: string;
  report: Report;
}

/** Time kept back for the export, ms. */
const EXPORT_MS = 6000;
/** Longest that a page may take to fail or load before the icon is clicked all the same, ms. */
const NAVIGATION_MS = 60_000;

/** How long a page that has loaded is watched for failing after all, ms. */
const SETTLING_MS = 2500;

const STATE = `document.querySelector('main')?.dataset.state`;

/** One walk as a person takes it: open the page, click the icon, answer, export. */
class Walk {
  popup: Page | undefined;

  constructor(
    private readonly browser: BrowserUnderTest,
    private readonly tab: Tab,
    private readonly job: Job,
  ) {}

  private left(reserveMs = 0): number {
    return Math.max(0, this.job.deadline - performance.now() - reserveMs);
  }

  /** The popup; opened again where something closed it, as a person would. */
  private async page(): Promise<Page> {
    if (this.popup?.isOpen() !== true) this.popup = await this.browser.openPopupFor(this.tab);
    return this.popup;
  }

  /** Asks the popup, opening it again once where it is gone. */
  private async ask<T>(question: (page: Page) => Promise<T>): Promise<T> {
    const page = await this.page();
    try {
      return await question(page);
    } catch (error) {
      if (page.isOpen()) throw error;
      return question(await this.page());
    }
  }

  private state(): Promise<string | undefined> {
    return this.ask((page) => page.evaluate<string | undefined>(STATE));
  }

  /** Waits for one of these states; answers the last one seen when the time is over. */
  private async until(states: readonly string[], timeoutMs: number): Promise<string | undefined> {
    const expression = `${JSON.stringify(states)}.includes(${STATE}) && ${STATE}`;
    const giveUpAt = performance.now() + timeoutMs;
    for (;;) {
      const page = await this.page();
      try {
        return await page.waitFor<string>(expression, Math.max(0, giveUpAt - performance.now()), 'the checks');
      } catch {
        if (page.isOpen() || performance.now() >= giveUpAt) return this.state();
      }
    }
  }

  /** Opens the popup on the page's incident, or has the page tested where it did not fail. */
  async begin(navigation: Navigation): Promise<void> {
    let state = await this.until(['running', 'done', 'no-incident', 'error'], this.left(EXPORT_MS));
    // The worker may hear of the failure a moment after the browser's tools do.
    for (let round = 0; round < 3 && state === 'no-incident' && navigation.outcome === 'failed'; round += 1) {
      await this.popup?.close();
      this.popup = undefined;
      state = await this.until(['running', 'done', 'no-incident', 'error'], this.left(EXPORT_MS));
    }
    if (state !== 'no-incident') return;
    const isTabTested = navigation.outcome === 'loaded' && (await this.ask((page) => page.click('[data-action="test-tab"]')));
    if (!isTabTested) {
      await this.ask(async (page) => {
        await page.fill('[data-field="url"]', this.job.url);
        return page.click('[data-action="test-url"]');
      });
    }
    await this.until(['running', 'done', 'error'], this.left(EXPORT_MS));
  }

  async finish(): Promise<void> {
    await this.until(['done', 'error'], this.left(EXPORT_MS));
    if (this.job.allow === 'all') await this.consent();
  }

  /** Says yes to everything that is offered, until nothing is. */
  private async consent(): Promise<void> {
    const tries = new Map<string, number>();
    while (this.left(EXPORT_MS) > 0) {
      const offered = await this.ask((page) =>
        page.evaluate<string[]>(
          `[...document.querySelectorAll('button[data-consent]')].filter((button) => !button.disabled && button.getAttribute('aria-disabled') !== 'true').map((button) => button.dataset.consent)`,
        ),
      );
      const next = offered.find((consent) => (tries.get(consent) ?? 0) < 2);
      if (next === undefined) return;
      tries.set(next, (tries.get(next) ?? 0) + 1);
      const selector = `button[data-consent="${next}"]`;
      await this.ask((page) => page.click(selector));
      const page = await this.page();
      // Taken: the button goes, and what waited for it starts.
      await page
        .waitFor(
          `document.querySelector(${JSON.stringify(selector)}) === null || ${STATE} === 'running'`,
          Math.min(3000, this.left(EXPORT_MS)),
          'the answer',
        )
        .catch(() => undefined);
      await this.until(['done', 'error'], this.left(EXPORT_MS));
    }
  }

  async export(): Promise<string> {
    const enabled = 'button[data-export="json"]:not([aria-disabled="true"]):not([disabled])';
    const attempt = async (page: Page) => {
      if (await page.evaluate<boolean>(`document.querySelector('button[data-export="json"]') === null`)) {
        await page.waitFor(`document.querySelector('[data-action="report"]') !== null`, this.left(), 'the report button');
        await page.click('[data-action="report"]');
      }
      await page.waitFor(`document.querySelector(${JSON.stringify(enabled)}) !== null`, this.left(), 'the export button');
      return this.browser.download(async () => {
        if (!(await page.click(enabled))) throw new Error('the export button is gone');
      }, this.left());
    };
    return this.ask(attempt);
  }
}

/** Does the whole job in a browser that is up; throws where no report came in time. */
export function diagnose(browser: BrowserUnderTest, job: Job): Promise<Outcome> {
  return within(walkThrough(browser, job), Math.max(0, job.deadline - performance.now()), 'the report');
}

const ERROR_PAGE = `/^(?:chrome-error|about:(?:net|cert)error)/.test(document.documentURI)`;

/**
 * What becomes of a page that has loaded: some go on by themselves, by a form that is sent or a redirect in script, and fail then.
 * Whoever calls the icon would wait for that too.
 */
async function settled(tab: Tab, navigation: Navigation): Promise<Navigation> {
  if (navigation.outcome !== 'loaded') return navigation;
  return tab.page.waitFor(ERROR_PAGE, SETTLING_MS, 'the error page').then(
    (): Navigation => ({ outcome: 'failed' }),
    () => navigation,
  );
}

/** Does something in a page and waits for the browser's error page that comes of it. */
async function actIn(tab: Tab, act: string, timeoutMs: number): Promise<Navigation> {
  // The page may be gone before its answer is back.
  await tab.page.evaluate(`void setTimeout(() => { ${act} })`).catch(() => undefined);
  return tab.page.waitFor(ERROR_PAGE, timeoutMs, 'the error page').then(
    () => ({ outcome: 'failed' }),
    () => ({ outcome: 'unfinished' }),
  );
}

async function walkThrough(browser: BrowserUnderTest, job: Job): Promise<Outcome> {
  const tab = await browser.openTab();
  for (const visit of job.visitBefore ?? []) {
    await tab.goto(visit.url, NAVIGATION_MS);
    await tab.page.waitFor(`document.title === ${JSON.stringify(visit.untilTitle)}`, 10_000, `the title ${visit.untilTitle}`);
  }
  await job.trigger?.();
  const longest = Math.min(NAVIGATION_MS, (job.deadline - performance.now()) / 3);
  const navigation = job.act === undefined ? await settled(tab, await tab.goto(job.url, longest)) : await actIn(tab, job.act, longest);
  const walk = new Walk(browser, tab, job);
  await walk.begin(navigation);
  await walk.finish();
  const file = await walk.export();
  return { navigation, file, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

/** The diagnosis for a terminal: verdict, first cause in plain words, evidence, next step. */
export function describe(report: Report): string {
  const [first] = report.diagnosis.causes;
  const lines = [
    `${report.incident.host}: ${report.incident.isHealthy ? 'loads' : `${report.incident.error} (${report.incident.failure})`}`,
    `Verdict: ${report.diagnosis.verdict}`,
    report.diagnosis.summary,
  ];
  if (first !== undefined) {
    lines.push(`Most likely: ${first.title} [${first.id}], ${Math.round(first.probability * 100)} %, mended by: ${first.owner}`);
    for (const evidence of first.evidence.for) lines.push(`  + ${evidence.explanation}`);
    for (const evidence of first.evidence.against) lines.push(`  - ${evidence.explanation}`);
  }
  const [step] = report.nextSteps;
  if (step !== undefined) lines.push(`Next: ${step.title}`, `  ${step.why}`);
  return lines.join('\n');
}
