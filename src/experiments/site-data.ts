import { type ClearedData, type ExperimentDetails, type Judgement, SITE_DATA_KINDS, type SiteDataKind } from '../model/experiment';
import type { Experiment } from './experiment';
import { isComingAndGoing } from './judging';
import { FEWEST_LOADS, FEWEST_LOADS_WHERE_MIXED, isClearlyMended, MOST_LOADS } from './odds';

/** What is lost with it is gone for good, so it is asked for by itself. */
const ASKED: ReadonlySet<SiteDataKind> = new Set(['storage']);
/** Former entries that stay told. */
const REMEMBERED = 30;

type Detail = ExperimentDetails['site-data'];

/** Clears what the browser keeps of the site, most harmless first, loads the page after each, and stops as soon as it is mended. */
export const siteData: Experiment<'site-data'> = {
  id: 'site-data',

  keeps: ({ formerly = [], cleared }) => ({ cleared: [], formerly: [...formerly, ...cleared].slice(-REMEMBERED) }),

  async run(context, _options, before) {
    const { doors, incident, signal } = context;
    let detail: Detail = {
      ...(before?.formerly?.length ? { formerly: before.formerly } : {}),
      // It may have been cleared or not; it is done anew, and stays told.
      cleared: (before?.cleared ?? []).map(
        (one): ClearedData => (one.judgement === undefined ? { ...one, judgement: 'unclear', isBrokenOff: true } : one),
      ),
    };
    const isDone = ({ judgement, isBrokenOff }: ClearedData) => judgement !== undefined && isBrokenOff !== true;
    const tell = (change: Partial<Detail>) => {
      detail = { ...detail, ...change };
      const done = detail.cleared.filter(isDone).length;
      const isOver = detail.mendedBy !== undefined || detail.isNotAllowed || detail.isUnsteady;
      return context.tell({ done, left: isOver ? 0 : SITE_DATA_KINDS.length - done }, detail);
    };
    // From where the person's navigation began: a redirect kept in the cache may lead to what fails.
    const load = () => context.judge({ isFromStart: true });
    if (!doors.clearSiteData || context.isOtherJar) return tell({ isNotAllowed: true });

    // 1. Whether it fails each time: nothing can be told of a page that comes and goes, so nothing is cleared for it.
    const isBegun = before?.before !== undefined && before.loads !== undefined;
    const loads = isBegun ? { fails: 0, works: 0, ...before.loads } : { fails: 0, works: 0 };
    if (isBegun) await tell({ before: before.before ?? 'unclear', loads });
    else {
      // What is told of former runs must be on the disk before anything else happens.
      await tell({});
      const wanted = isComingAndGoing(context.state().measurements, incident.error.failure) ? FEWEST_LOADS_WHERE_MIXED : FEWEST_LOADS;
      while (loads.fails + loads.works < wanted) {
        const judgement = await load();
        if (judgement === 'unclear') return tell({ before: 'unclear' });
        loads[judgement] += 1;
        if (loads.fails > 0 && loads.works > 0) return tell({ before: 'unclear', isUnsteady: true });
      }
      await tell({ before: loads.works > 0 ? 'works' : 'fails', loads: { ...loads } });
    }

    /** `unsteady`: it worked and failed. */
    const judge = async (): Promise<Judgement | 'unsteady'> => {
      for (let works = 0; works < MOST_LOADS; ) {
        const judgement = await load();
        if (judgement === 'unclear') return 'unclear';
        if (judgement === 'fails') {
          loads.fails += 1;
          return works === 0 ? 'fails' : 'unsteady';
        }
        works += 1;
        if (isClearlyMended(works, loads)) return 'works';
      }
      return 'unclear';
    };

    // What led there is kept with the address that led: often another port, scheme or name of the same site.
    const begun = incident.redirects.filter((url) => /^https?:/.test(url));
    const placesOf = (what: SiteDataKind) => (ASKED.has(what) ? [incident.url] : [...begun, incident.url]);
    // A stored redirect does not show in a tab of ours, which in Chromium has a cache of its own; then clearing the cache is
    // all there is to do, and only the person's own tab can tell whether it helped.
    const isOnlyCache = detail.before === 'works';
    if (isOnlyCache && incident.redirects.length === 0) return;
    for (const what of SITE_DATA_KINDS) {
      if (detail.cleared.some((one) => one.what === what && isDone(one))) continue;
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
      const judged = isOnlyCache ? 'unclear' : await judge();
      const judgement = judged === 'unsteady' ? 'unclear' : judged;
      await tell({
        cleared: [...already, { ...entry, judgement }],
        loads: { ...loads },
        ...(judgement === 'works' ? { mendedBy: what } : {}),
        ...(judged === 'unsteady' ? { isUnsteady: true } : {}),
      });
      if (judgement === 'works' || judged === 'unsteady' || isOnlyCache) return;
    }
  },
};
