import { type ClearedData, type ExperimentDetails, type Judgement, SITE_DATA_KINDS, type SiteDataKind } from '../model/experiment';
import type { Experiment } from './experiment';
import { isComingAndGoing } from './judging';
import {
  FEWEST_FAILURES,
  FEWEST_LOADS,
  FEWEST_LOADS_WHERE_MIXED,
  MEASURED_LOADS,
  MOST_LOADS,
  MOST_LOADS_WHERE_MIXED,
  MOST_UNCLEAR_LOADS,
  sinceChange,
  type Tally,
} from './odds';

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
    if (!doors.clearSiteData || context.isOtherJar) return tell({ isNotAllowed: true });
    // Broken off when it had come to its end already: nothing more is cleared.
    if (before?.mendedBy !== undefined || before?.isUnsteady || before?.isNotAllowed) return tell({ ...before, cleared: detail.cleared });
    /** Loads the page until `isClear`; undefined: too many loads said nothing. */
    const loadUntil = async (isClear: (tries: Tally) => boolean): Promise<Tally | undefined> => {
      const tries: Tally = { fails: 0, works: 0 };
      for (let unclear = 0; !isClear(tries); ) {
        // From where the person's navigation began: a redirect kept in the cache may lead to what fails.
        const judgement = await context.judge({ isFromStart: true });
        if (judgement !== 'unclear') tries[judgement] += 1;
        else {
          unclear += 1;
          if (unclear > MOST_UNCLEAR_LOADS) return undefined;
        }
      }
      return tries;
    };

    // 1. How often it fails: what is said to mend it is measured by that.
    let loads: Tally = { fails: 0, works: 0, ...before?.loads };
    if (before?.before !== undefined && before.loads !== undefined) await tell({ before: before.before, loads });
    else {
      // What is told of former runs must be on the disk before anything else happens.
      await tell({});
      const alike = isComingAndGoing(context.state().measurements, incident.error.failure) ? FEWEST_LOADS_WHERE_MIXED : FEWEST_LOADS;
      const measured = await loadUntil(({ fails, works }) => fails + works >= (fails > 0 && works > 0 ? MEASURED_LOADS : alike));
      if (!measured) return tell({ before: 'unclear' });
      loads = measured;
      const isTooRare = loads.works > 0 && loads.fails > 0 && loads.fails < FEWEST_FAILURES;
      if (isTooRare) return tell({ before: 'unclear', loads, isUnsteady: true });
      await tell({ before: loads.fails > 0 ? 'fails' : 'works', loads });
    }

    /** `unsteady`: it works and fails, and nothing comes of it. */
    const judge = async (): Promise<Judgement | 'unsteady'> => {
      const known = loads;
      const tries = await loadUntil((some) => {
        const most = known.works > 0 || some.fails > 0 ? MOST_LOADS_WHERE_MIXED : MOST_LOADS;
        return sinceChange(some, known) !== undefined || some.fails + some.works >= most;
      });
      if (!tries) return 'unclear';
      const judgement = sinceChange(tries, known) ?? 'unsteady';
      // It is as it was, so these tell of that too.
      if (judgement === 'fails') loads = { fails: known.fails + tries.fails, works: known.works + tries.works };
      return judgement;
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
      // The permission may have been taken back meanwhile.
      if (!doors.clearSiteData) return tell({ isNotAllowed: true });
      const already = detail.cleared;
      // Written down first: what is cleared cannot be given back, so that it was must never be lost.
      const entry = { what, atMs: context.now() };
      await tell({ cleared: [...already, entry] });
      try {
        await doors.clearSiteData(what, placesOf(what));
      } catch (error) {
        // Nobody knows how far the browser went before it refused.
        await tell({ cleared: [...already, { ...entry, judgement: 'unclear', isBrokenOff: true }] });
        throw error;
      }
      const judged = isOnlyCache ? 'unclear' : await judge();
      const judgement = judged === 'unsteady' ? 'unclear' : judged;
      await tell({
        cleared: [...already, { ...entry, judgement }],
        loads,
        ...(judgement === 'works' ? { mendedBy: what } : {}),
        ...(judged === 'unsteady' ? { isUnsteady: true } : {}),
      });
      // Nothing more is cleared for a page of which it cannot be told whether that helps.
      if (judgement !== 'fails' || isOnlyCache) return;
    }
  },
};
