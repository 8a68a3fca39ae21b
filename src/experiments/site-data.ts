import { type ExperimentDetails, type Judgement, SITE_DATA_KINDS, type SiteDataKind } from '../model/experiment';
import type { Experiment } from './experiment';

/** Loads in a row that must work before it is said that something mended it. */
const ENOUGH = 3;
/** What is lost with it is gone for good, so it is asked for by itself. */
const ASKED: ReadonlySet<SiteDataKind> = new Set(['storage']);

type Detail = ExperimentDetails['site-data'];

/** Clears what the browser keeps of the site, most harmless first, loads the page after each, and stops as soon as it is mended. */
export const siteData: Experiment<'site-data'> = {
  id: 'site-data',

  async run(context, _options, before) {
    const { doors, incident, signal } = context;
    let detail: Detail = { cleared: (before?.cleared ?? []).filter(({ judgement }) => judgement !== undefined) };
    const tell = (change: Partial<Detail>) => {
      detail = { ...detail, ...change };
      const done = detail.cleared.filter(({ judgement }) => judgement !== undefined).length;
      return context.tell({ done, left: detail.mendedBy || detail.isNotAllowed ? 0 : SITE_DATA_KINDS.length - done }, detail);
    };
    // From where the person's navigation began: a redirect kept in the cache may lead to what fails.
    const judge = async (): Promise<Judgement> => {
      for (let tries = 1; ; tries += 1) {
        const judgement = await context.judge({ isFromStart: true });
        if (judgement !== 'works' || tries === ENOUGH) return judgement;
      }
    };
    if (!doors.clearSiteData || context.isOtherJar) return tell({ isNotAllowed: true });

    // What led there is kept with the address that led: often another port, scheme or name of the same site.
    const begun = incident.redirects.filter((url) => /^https?:/.test(url));
    const placesOf = (what: SiteDataKind) => (ASKED.has(what) ? [incident.url] : [...begun, incident.url]);
    const isBegun = before?.before !== undefined;
    await tell({ before: isBegun ? (before?.before ?? 'unclear') : await judge() });
    // A stored redirect does not show in a tab of ours, which in Chromium has a cache of its own; then clearing the cache is all there is to do.
    const isOnlyCache = detail.before === 'works';
    if (isOnlyCache && incident.redirects.length === 0) return;
    for (const what of SITE_DATA_KINDS) {
      if (detail.cleared.some((one) => one.what === what)) continue;
      if (ASKED.has(what)) {
        await tell({ next: what });
        const { word } = await context.word();
        const { next: _asked, ...rest } = detail;
        detail = rest;
        if (word !== 'clear') return tell({});
      }
      signal.throwIfAborted();
      const already = detail.cleared;
      // Written down first: what is cleared cannot be given back, so that it was must never be lost.
      const entry = { what, atMs: context.now() };
      await tell({ cleared: [...already, entry] });
      await doors.clearSiteData(what, placesOf(what));
      const judgement = await judge();
      await tell({ cleared: [...already, { ...entry, judgement }], ...(judgement === 'works' ? { mendedBy: what } : {}) });
      if (judgement === 'works' || isOnlyCache) return;
    }
  },
};
