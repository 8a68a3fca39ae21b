import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose';
import type { Ranked } from '../../src/diagnosis/rank';
import { leadingKind, verdictOf } from '../../src/diagnosis/verdict';
import type { Exchange } from '../../src/model/exchange';
import type { Incident } from '../../src/model/incident';
import type { BareAddressResult, ExtensionFacts, Measurements, TabAttempt } from '../../src/model/measurement';
import type { CauseId } from '../../src/model/vocabulary';
import { deriveView } from '../../src/session/derive';
import { observe } from '../../src/session/observe';
import { judgeResolvers } from '../../src/session/observe/dns';
import { judgeControls, judgeInterception } from '../../src/session/observe/network';
import { proxyConfigured } from '../../src/session/observe/proxy';
import { isTabsOwn, patternOf } from '../../src/session/observe/repetition';
import { addressKind, areNeighbours, placeOfHost } from '../../src/session/place';
import {
  ABLE,
  alwaysFails,
  bad,
  bare,
  breaks,
  controls,
  error,
  loads,
  noControls,
  ok,
  resolvers,
  session,
  times,
  withHeader,
} from '../scenarios/walk';

describe('deriving a view', () => {
  it('is pure: the same state gives an equal view', () => {
    const state = session(alwaysFails);
    expect(deriveView(state, [])).toEqual(deriveView(structuredClone(state), []));
  });
  it('knows nothing before anything is measured, and blames nobody', () => {
    const { diagnosis } = deriveView(session({}, { incident: { isHealthy: true } }), []);
    expect(diagnosis).toMatchObject({ verdict: 'cannot-tell', causes: [], nextSteps: [] });
  });
  it('offers the consents that probes wait for, and names the next step', () => {
    const view = deriveView(session(alwaysFails), []);
    expect(view.openConsents).toEqual(['set-own-headers', 'ask-resolvers', 'read-browser-dns']);
    expect(deriveView(session(alwaysFails, { consents: { 'set-own-headers': 'refused' } }), []).openConsents).not.toContain(
      'set-own-headers',
    );
    expect(view.diagnosis.nextSteps.length).toBeGreaterThan(0);
    expect(view.diagnosis.verdict).toBe('cannot-tell');
    expect(view.diagnosis.nextSteps.slice(0, 3).map(({ id }) => id)).toContain('allow-read-browser-dns');
  });
  it('asks nothing and doubts nothing on a page that loads', () => {
    const fine = { 'tab-replay': { plain: loads(), pastCache: loads() }, 'own-request': { exchanges: [ok()] } };
    const { checks, diagnosis } = deriveView(session(fine, { incident: { isHealthy: true } }), []);
    expect(diagnosis.verdict).toBe('no-fault');
    expect(
      checks.filter(({ outcome, notRun }) => outcome === 'inconclusive' || outcome === 'implicated' || notRun?.kind === 'question'),
    ).toEqual([]);
    expect(checks.find(({ id }) => id === 'server-log-entry')).toMatchObject({
      outcome: 'not-applicable',
      explanation: { id: 'check_page_loads' },
    });
  });
  it('says that a page loads only because the browser goes past a service worker', () => {
    const summary = (plain: TabAttempt) =>
      deriveView(session({ 'tab-replay': { plain }, 'own-request': { exchanges: [ok()] } }, { incident: { isHealthy: true } }), [])
        .diagnosis;
    expect(summary({ ...loads(), isPastWorker: true })).toMatchObject({
      verdict: 'no-fault',
      summary: { id: 'verdict_no_fault_past_worker' },
    });
    expect(summary(loads())).toMatchObject({ verdict: 'no-fault', summary: { id: 'verdict_no_fault' } });
    // A site that fails now and then takes its worker's requests along.
    const flaky = { 'tab-replay': { plain: { ...loads(), isPastWorker: true as const } }, 'own-request': { exchanges: [ok(), bad()] } };
    const past = deriveView(session(flaky), []).checks.find(({ id }) => id === 'stale-copy');
    expect(past?.explanation?.id).not.toBe('check_stale_copy_past_worker');
  });
  it('finds a fault where the tab fails, also where nobody names it', () => {
    const { error: _unnamed, ...failed } = breaks('reset');
    const measured = { 'tab-replay': { plain: failed }, 'own-request': { exchanges: [ok()] } };
    expect(deriveView(session(measured, { incident: { isHealthy: true } }), []).diagnosis.verdict).not.toBe('no-fault');
  });
  it('takes a page that is slow for slow', () => {
    const slow = {
      'tab-replay': { plain: { ...loads(), outcome: 'timed-out' as const } },
      'own-request': { exchanges: [ok()] },
    };
    expect(deriveView(session(slow, { incident: { isHealthy: true } }), []).diagnosis).toMatchObject({ verdict: 'no-fault', causes: [] });
  });
  it('counts progress without what waits for a word', () => {
    const { progress } = deriveView(session(alwaysFails), []);
    expect(progress.isRunning).toBe(false);
    expect(progress.done).toBe(progress.total);
  });
  it('never offers a step twice nor one already done', () => {
    const state = session(alwaysFails);
    const first = deriveView(state, []).diagnosis.nextSteps.find(({ id }) => id.startsWith('try-') || id.startsWith('ask-'));
    const done = deriveView({ ...state, stepResults: [{ step: first?.id ?? '', outcome: 'done', atMs: 1 }] }, []).diagnosis.nextSteps.map(
      ({ id }) => id,
    );
    expect(done).not.toContain(first?.id);
    expect(new Set(done).size).toBe(done.length);
  });
});

describe('observations', () => {
  it('take an answer over a measurement, and the finer value over the coarser', () => {
    const seen = observe(
      session(
        { ...alwaysFails, repetition: { inARow: [ok(), bad(), ok(), bad(), bad()], burst: [], reused: [] } },
        { answers: { frequency: { value: 'only-after-idle', atMs: 2 }, scope: { value: 'some-sites', atMs: 2 } } },
      ),
    );
    expect(seen.frequency).toMatchObject({ value: 'only-after-idle', source: 'answer' });
    expect(seen.scope?.value).toBe('some-sites');
  });
  it('ignore answers outside the vocabulary', () => {
    expect(observe(session({}, { answers: { clock: { value: 'nonsense', atMs: 1 } } })).clock).toBeUndefined();
  });
  it('learn from a step that was verified', () => {
    const state = session(alwaysFails);
    const seen = observe({ ...state, stepResults: [{ step: 'pause-security-software', outcome: 'done-and-works', atMs: 3 }] });
    expect(seen['security-software-paused']).toMatchObject({ value: 'works', source: 'answer' });
  });
  it('say nothing from a single comparison while the page fails now and then', () => {
    const seen = observe(
      session({
        ...alwaysFails,
        'own-request': { exchanges: [ok(), bad()] },
        repetition: { inARow: [ok(), bad(), ok(), bad()], burst: [], reused: [] },
        'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false },
      }),
    );
    expect(seen.frequency?.value).toBe('often');
    expect(seen['other-scheme']).toBeUndefined();
    expect(seen['extension-bypass']).toBeUndefined();
  });
  it('take no time-out for a reset', () => {
    const late = { url: 'https://x.test/', durationMs: 8_000, wasFresh: true, outcome: 'timed-out' } as const;
    const seen = observe(
      session({ 'own-request': { exchanges: times(2, () => late) }, repetition: { inARow: times(3, () => late), burst: [], reused: [] } }),
    );
    expect(seen.frequency).toBeUndefined();
    expect(seen.retry).toBeUndefined();
  });
});

describe('how regularly it fails', () => {
  const frequency = (measured: Parameters<typeof session>[0]) => {
    const seen = observe(session({ ...alwaysFails, ...measured }));
    return [seen.frequency?.value, seen.retry?.value];
  };
  const kept = () => ok({ wasFresh: false, wasShared: true });

  it('goes by the last look where nothing had worked', () => {
    expect(frequency({})).toEqual(['always', 'fails']);
    expect(frequency({ 'last-look': { exchanges: [bad()] } })).toEqual(['always', 'fails']);
    expect(frequency({ 'last-look': { exchanges: times(3, () => ok()) } })).toEqual(['not-reproduced', 'succeeds']);
    expect(frequency({ 'last-look': { exchanges: [ok(), bad()] } })).toEqual(['often', 'succeeds']);
    // Cut short by the number of requests: too few to call it over.
    expect(frequency({ 'last-look': { exchanges: [ok()] } })).toEqual(['often', 'succeeds']);
    // Three over one connection, of which the first was new: after nothing but failures that is all there is to be had.
    expect(frequency({ 'last-look': { exchanges: [ok(), kept(), kept()] } })).toEqual(['not-reproduced', 'succeeds']);
    expect(frequency({ 'last-look': { exchanges: [kept(), kept(), kept()] } })[0]).toBe('always');
  });
  it('is over where several failures in a row were followed by successes alone', () => {
    const row = (failures: number, successes: number) =>
      frequency({
        'tab-replay': { plain: breaks() },
        'own-request': { exchanges: times(2, (index) => (index < failures ? bad() : ok())) },
        repetition: { inARow: times(failures + successes - 2, (index) => (index + 2 < failures ? bad() : ok())), burst: [], reused: [] },
      })[0];
    expect(row(3, 5)).toBe('not-reproduced');
    expect(row(2, 4)).toBe('not-reproduced');
    expect(row(3, 3)).toBe('often');
    // One failure first may be chance, and the tab that failed too is another.
    expect(row(1, 5)).toBe('often');
  });
  it('is not over by luck where the page is known to fail and to load by turns', () => {
    const turns = (measured: Parameters<typeof session>[0], comeBacks?: number) => {
      const seen = observe(session({ ...alwaysFails, ...measured }, { incident: comeBacks === undefined ? {} : { comeBacks } }));
      return [seen.frequency?.value, seen.frequency?.by, seen['extension-bypass']?.value, seen['site-state-bypass']?.value];
    };
    const own = {
      'own-request': { exchanges: [ok(), ok()] },
      repetition: { inARow: times(4, () => ok()), burst: times(4, () => ok()), reused: [] },
    };
    const lucky = { ...own, 'tab-replay': { plain: loads() } };
    expect(turns(lucky)).toEqual(['not-reproduced', 'repetition', undefined, undefined]);
    expect(turns(lucky, 1)).toEqual(['often', 'incident', undefined, undefined]);
    // Seen again in the walk itself: the tab, and never our own request.
    const seenAgain = ['often', 'incident', 'works', undefined];
    expect(turns({ ...lucky, 'last-look': { exchanges: [], tab: breaks() } }, 1)).toEqual(seenAgain);
    expect(turns({ ...own, 'tab-replay': { plain: breaks(), pastCache: loads() } }, 1)).toEqual(seenAgain);
    // What fails each time in the tab is compared as ever.
    expect(turns({ ...own, 'tab-replay': { plain: breaks(), pastCache: breaks() } }, 1)).toEqual([undefined, undefined, 'works', 'fails']);
    // Our own requests fail as well: a lucky end is none.
    const ended = { 'tab-replay': { plain: breaks() }, repetition: { inARow: [bad(), ...times(5, () => ok())], burst: [], reused: [] } };
    expect(turns(ended)[0]).toBe('not-reproduced');
    expect(turns(ended, 1).slice(0, 2)).toEqual(['often', 'repetition']);
    const looks = { 'last-look': { exchanges: times(3, () => ok()) } };
    expect(turns(looks)[0]).toBe('not-reproduced');
    expect(turns(looks, 1)[0]).toBe('often');
  });
  it('leaves the matter open, and names no passing fault, where such a page loads by luck', () => {
    const lucky = {
      'tab-replay': { plain: loads() },
      'own-request': { exchanges: [ok(), ok()] },
      repetition: { inARow: times(4, () => ok()), burst: times(4, () => ok()), reused: [] },
    };
    expect(deriveView(session(lucky), []).diagnosis.causes[0]?.id).toBe('transient');
    const { diagnosis, checks } = deriveView(session(lucky, { incident: { comeBacks: 1 } }), []);
    expect(diagnosis.verdict).toBe('cannot-tell');
    expect(diagnosis.causes[0]?.id).not.toBe('transient');
    expect(checks.find(({ id }) => id === 'passing-fault')?.outcome).toBe('inconclusive');
    expect(checks.find(({ id }) => id === 'unsteady-fault')?.explanation.id).toBe('check_unsteady_fault_by_turns');
  });
  it('is not always where the tab came through', () => {
    expect(frequency({ 'tab-replay': { plain: loads() } })).toEqual(['often', 'succeeds']);
  });
  it('makes nothing of what went over one shared connection', () => {
    const repetition = { inARow: times(4, kept), burst: times(4, kept), reused: [kept(), kept()] };
    expect(frequency({ 'own-request': { exchanges: [ok(), kept()] }, repetition })[0]).toBeUndefined();
    const apart = { ...repetition, inARow: [ok(), ...times(3, kept)] };
    expect(frequency({ 'tab-replay': { plain: loads() }, 'own-request': { exchanges: [ok(), kept()] }, repetition: apart })[0]).toBe(
      'not-reproduced',
    );
    // A failure and two successes: more than that there is not to be had.
    expect(frequency({ 'own-request': { exchanges: [bad(), ok()] }, repetition: apart })[0]).toBe('often');
  });
  it('takes no answer that we cut for a success of a page that breaks in its middle', () => {
    const cut = ok({ isComplete: false, bytes: 65_536 });
    const measured = {
      'own-request': { exchanges: [cut, cut] },
      repetition: { inARow: times(4, () => cut), burst: times(4, () => cut), reused: [cut, cut] },
    };
    const seen = (phase: 'response-started' | 'unknown-before-headers') => {
      const { frequency, retry } = observe(session({ ...alwaysFails, 'tab-replay': {}, ...measured }, { incident: { phase } }));
      return [frequency?.value, retry?.value];
    };
    expect(seen('response-started')).toEqual([undefined, undefined]);
    expect(seen('unknown-before-headers')).toEqual(['not-reproduced', 'succeeds']);
  });
  it('takes silence for what the page did where that took longer to fail than we wait', () => {
    const silent = { url: 'https://x.test/', durationMs: 6_000, wasFresh: false, outcome: 'timed-out' } as const;
    const measured = {
      'own-request': { exchanges: [silent] },
      'tab-replay': { plain: { ...loads(), outcome: 'timed-out' as const, durationMs: 4_000 } },
      repetition: { inARow: [], burst: [], reused: [] },
    };
    const seen = (durationMs: number) => {
      const facts = observe(session({ ...alwaysFails, ...measured }, { incident: { durationMs } }));
      return [facts.retry?.value, facts['extension-bypass']?.value, facts['time-to-failure']?.value];
    };
    expect(seen(10_100)).toEqual(['fails', 'fails', 'constant-timeout']);
    expect(seen(9_100)).toEqual(['fails', 'fails', 'seconds']);
    expect(seen(400)).toEqual([undefined, undefined, 'immediate']);
  });
  it('blames nothing in the tab where a new connection of ours gets no answer either, though it is given more time than others took', () => {
    const silent = (durationMs: number) => ({ url: 'https://x.test/', durationMs, wasFresh: true, outcome: 'timed-out' }) as const;
    const seen = (answerMs: number) => {
      const facts = observe(
        session({
          ...alwaysFails,
          'own-request': { exchanges: [ok({ durationMs: answerMs }), ok({ durationMs: 40, wasFresh: false })] },
          repetition: { inARow: [silent(3_000)], burst: [], reused: [] },
        }),
      );
      return [facts.frequency?.value, facts.retry?.value, facts['extension-bypass']?.value];
    };
    expect(seen(2_700)).toEqual(['often', 'succeeds', undefined]);
    // A page that takes its time is no sign of that: we were impatient.
    expect(seen(3_400)).toEqual([undefined, 'fails', 'works']);
  });
  it('leaves comparisons out where it worked once, though too seldom tried', () => {
    const seen = observe(
      session({
        'own-request': { exchanges: [bad(), ok()] },
        'other-scheme': { scheme: 'http', isSamePort: false, exchange: bad(), isUpgradedByBrowser: false },
      }),
    );
    expect([seen.frequency, seen['other-scheme']]).toEqual([undefined, undefined]);
  });
});

const cookiesFail = {
  pairs: times(2, () => ({ included: bad(), without: bad() })),
  isOnlyDifference: true,
  cookieBytes: 900,
};

describe('a fault that ended meanwhile', () => {
  const shared = () => ok({ wasFresh: false, wasShared: true });
  const failed = times(2, () => bad());
  const greeting = { 'named-greeting': { exchanges: [ok()] } };
  const kept = { repetition: { inARow: times(2, shared), burst: [], reused: [] } };
  const seen = (measured: Partial<Measurements>) =>
    observe(session({ ...alwaysFails, 'own-request': { exchanges: failed }, 'tab-replay': { plain: breaks() }, ...measured }));
  it('is over where all failed at first and all worked later, on more than one connection', () => {
    const facts = seen({ ...kept, ...greeting, 'other-agent': { pairs: times(2, () => ({ other: shared(), own: shared() })) } });
    expect([facts.frequency?.value, facts.retry?.value]).toEqual(['not-reproduced', 'succeeds']);
    expect([facts['tls-with-name'], facts.phase?.value]).toEqual([undefined, 'unknown-before-headers']);
  });
  it('is not over on a line that loses connections to others as well', () => {
    const over = { ...kept, ...greeting, 'other-agent': { pairs: times(2, () => ({ other: shared(), own: shared() })) } };
    expect(seen({ ...over, controls: controls((_, index) => (index < 2 ? { http: bad() } : {})) }).frequency).toBeUndefined();
    expect(seen({ ...over, controls: controls((_, index) => (index < 1 ? { http: bad() } : {})) }).frequency?.value).toBe('not-reproduced');
  });
  it('is not over where one connection worked and was kept, or where it failed again', () => {
    expect(seen(kept).frequency).toBeUndefined();
    const again = { ...kept, ...greeting, 'last-look': { exchanges: [bad()] } };
    expect(seen(again).frequency?.value).not.toBe('not-reproduced');
  });
});

describe('parts of a page', () => {
  const PAGE = 'https://www.shop-example.com/page';
  const burst = { kind: 'sub-resource', url: 'https://www.shop-example.com/1.png', pageUrl: PAGE, count: 9 } as const;
  const seen = (more: Parameters<typeof session>[1], root = bad()) => {
    const facts = observe(session({ ...alwaysFails, 'site-root': { exchange: root } }, more));
    return [facts.frequency?.value, facts.scope?.value];
  };
  it('that all fail after the page itself came, and the root too, are a site that no longer answers', () => {
    expect(seen({ incident: burst })).toEqual(['works-then-all-fail', 'one-site']);
  });
  it('are no extension’s doing where our own request fails too', () => {
    const { 'tab-replay': _replayed, ...unreplayed } = alwaysFails;
    const bypass = (measured: Partial<Measurements>) => observe(session(measured, { incident: burst }))['extension-bypass'];
    expect(bypass(unreplayed)).toMatchObject({ value: 'fails', by: 'own-request' });
    expect(
      bypass({ ...unreplayed, 'own-request': { exchanges: [ok(), ok()] }, repetition: { inARow: [ok()], burst: [], reused: [] } }),
    ).toBeUndefined();
  });
  it('are no more than always failing where the page came from another host, they are few, or the root works', () => {
    expect(seen({ incident: { ...burst, pageUrl: 'https://elsewhere.example/' } })).toEqual(['always', 'one-site']);
    expect(seen({ incident: { ...burst, count: 2 } })[0]).toBe('always');
    expect(seen({ incident: burst }, ok())).toEqual(['always', 'one-resource']);
  });
});

describe('addresses of one family that lead astray', () => {
  const [FOUR, SIX, RIGHT] = ['93.184.216.34', '2606:2800:220:1::1', '2606:2800:220:1::2'];
  const seen = (six: 'reaches' | 'fails', right: 'reaches' | 'fails') =>
    observe(
      session({
        ...alwaysFails,
        ...resolvers([FOUR, SIX], [FOUR, RIGHT]),
        'bare-address': {
          results: [
            bare(FOUR, { tls: 'reaches' }),
            bare(SIX, { tls: six, ...(six === 'fails' && { tlsError: error() }) }),
            bare(RIGHT, { tls: right, origin: 'independent', ...(right === 'fails' && { tlsError: error() }) }),
          ],
        },
      }),
    );
  it('are told from a broken family by another address of it that answers', () => {
    const facts = seen('fails', 'reaches');
    expect([facts['resolver-agreement']?.value, facts['tls-at-independent-address']?.value]).toEqual(['differ', 'reaches']);
    expect([facts['tls-without-name']?.value, facts['address-family']]).toEqual(['fails', undefined]);
  });
  it('are a broken family where the other address of it fails too', () => {
    const facts = seen('fails', 'fails');
    expect([facts['resolver-agreement']?.value, facts['address-family']?.value]).toEqual(['agree', 'only-ipv6-fails']);
  });
  it('lead nobody astray while they answer', () => {
    expect(seen('reaches', 'reaches')['resolver-agreement']?.value).toBe('agree');
  });
});

describe('a site that counts requests', () => {
  const counted = () => ok({ status: 429 });
  const seen = (row: readonly Exchange[]) =>
    observe(
      session({
        ...alwaysFails,
        'own-request': { exchanges: [bad()] },
        repetition: { inARow: row, burst: [], reused: [] },
        'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false },
      }),
    );
  it('neither fails nor works by "too many requests", and single comparisons say nothing while it does', () => {
    const facts = seen([bad(), counted(), bad(), bad()]);
    expect([facts.frequency?.value, facts.retry?.value, facts['refusal-status']?.value]).toEqual(['always', 'fails', 'too-many-requests']);
    expect([facts['other-scheme'], facts['extension-bypass']]).toEqual([undefined, undefined]);
    expect(seen([bad(), bad(), bad(), bad()])['other-scheme']?.value).toBe('http-works-https-fails');
  });
  it('may count our burst only, or the tab too', () => {
    const walk = (measured: Partial<Measurements>) => observe(session({ ...alwaysFails, ...measured }));
    const burst = { inARow: times(4, () => ok()), burst: [ok(), counted()], reused: [] };
    const tabs = walk({ 'own-request': { exchanges: [ok()] }, repetition: burst });
    expect([tabs['extension-bypass']?.value, tabs['refusal-status']]).toEqual(['works', undefined]);
    expect(walk({ 'tab-replay': { plain: breaks(), pastCache: loads({ status: 429 }) } })['site-state-bypass']).toBeUndefined();
  });
});

describe('a site that says that it cannot answer', () => {
  const frequency = (...statuses: number[]) =>
    observe(
      session(
        {
          'own-request': { exchanges: [ok()] },
          repetition: { inARow: statuses.map((status) => ok({ status })), burst: [], reused: [] },
        },
        {},
      ),
    ).frequency?.value;
  it('has not recovered', () => {
    expect(frequency(200, 200, 200, 200)).toBe('not-reproduced');
    expect(frequency(200, 503, 200, 504)).toBeUndefined();
  });
});

describe('a part of a page', () => {
  const notAsked = loads({ outcome: 'not-asked' });
  const seen = (replay: Measurements['tab-replay'], more: Partial<Incident> = {}) =>
    observe(
      session(
        { ...alwaysFails, 'tab-replay': replay },
        { incident: { kind: 'sub-resource', pageUrl: 'https://www.shop-example.com/', ...more } },
      ),
    );
  it('that only an old copy of its page asks for is a matter of that copy, and fails for everybody by nature', () => {
    const copy = breaks('reset', { isPageFromCache: true });
    const facts = seen({ plain: copy, pastCache: notAsked });
    expect([facts['site-state-bypass']?.value, facts['extension-bypass']]).toEqual(['works', undefined]);
    expect(seen({ plain: breaks(), pastCache: notAsked })['site-state-bypass']).toBeUndefined();
    expect(seen({ plain: copy, pastCache: notAsked }, { kind: 'fetch' })['site-state-bypass']).toBeUndefined();
    expect(seen({ plain: notAsked }, { isPageFromCache: true })['site-state-bypass']?.value).toBe('works');
  });
  it('that its page does not ask for again tells nothing where the page came from the network, its scripts ask as they like, or it did not load', () => {
    const facts = seen({ plain: notAsked });
    expect([facts['site-state-bypass'], facts['extension-bypass']?.value]).toEqual([undefined, 'fails']);
    expect(seen({ plain: notAsked }, { isPageFromCache: true, kind: 'fetch' })['site-state-bypass']).toBeUndefined();
    const unloaded = loads({ outcome: 'no-page' });
    expect(seen({ plain: breaks('reset', { isPageFromCache: true }), pastCache: unloaded })['site-state-bypass']).toBeUndefined();
    expect(seen({ plain: unloaded }, { isPageFromCache: true })['site-state-bypass']).toBeUndefined();
    expect(seen({ plain: breaks(), pastCache: breaks() })['site-state-bypass']?.value).toBe('fails');
  });
  it('that fails in its page only is the tab’s own', () => {
    const works = { exchanges: [ok(), ok()] };
    const facts = observe(
      session(
        {
          'tab-replay': { plain: breaks(), pastCache: breaks() },
          'own-request': works,
          repetition: { inARow: times(5, () => ok()), burst: [], reused: [] },
        },
        { incident: { kind: 'sub-resource', pageUrl: 'https://www.shop-example.com/' } },
      ),
    );
    expect([facts['extension-bypass']?.value, facts.retry?.value]).toEqual(['works', 'fails']);
  });
  it('whose page was still asking for it has not passed', () => {
    const measured = (outcome: TabAttempt['outcome']) =>
      observe(
        session(
          {
            'tab-replay': { plain: loads({ outcome }) },
            'own-request': { exchanges: [ok(), ok()] },
            repetition: { inARow: times(5, () => ok()), burst: [], reused: [] },
          },
          { incident: { kind: 'sub-resource', pageUrl: 'https://www.shop-example.com/' } },
        ),
      ).frequency?.value;
    expect([measured('timed-out'), measured('no-page')]).toEqual([undefined, undefined]);
    expect([measured('loaded'), measured('not-asked')]).toEqual(['not-reproduced', 'not-reproduced']);
  });
  it('of a script’s own asking carries what headers it likes', () => {
    const plain = { ...breaks(), requestHeaders: withHeader('x-of-the-page', 900) };
    expect(seen({ plain })['tab-headers']?.value).toBe('extended');
    expect(seen({ plain }, { kind: 'fetch' })['tab-headers']).toBeUndefined();
    const origin = { ...breaks(), requestHeaders: [{ name: 'origin', bytes: 20, isForeign: true as const }] };
    expect(seen({ plain: origin }, { kind: 'fetch' })['tab-headers']?.value).toBe('extended');
  });
});

describe('an address that another one led to', () => {
  const START = 'http://www.shop-example.com/page';
  const led = (
    measured: Partial<Measurements['start-address']>,
    more: Parameters<typeof session>[1] = {},
    extensions: readonly ExtensionFacts[] = [ABLE],
  ) =>
    observe(
      session(
        {
          ...alwaysFails,
          'installed-extensions': { extensions },
          'sibling-host': { siblings: [{ host: 'shop-example.com', exchange: bad() }] },
          'start-address': {
            url: START,
            own: ok(),
            tab: breaks('reset', { redirects: [START], redirectReasons: ['WebRequest API'] }),
            ...measured,
          },
        },
        { incident: { redirects: [START] }, ...more },
      ),
    );
  const tab = (more: Partial<TabAttempt>) => breaks('reset', { redirects: [START], ...more });
  it('is the extension’s doing where the browser says so and the beginning works for us', () => {
    const facts = led({});
    expect([facts['redirected-by']?.value, facts['extension-bypass']?.value]).toEqual(['extension', 'works']);
    expect(facts['sibling-host']).toBeUndefined();
  });
  it('is the site’s or the browser’s where our own request is led on as well, or the browser gives another reason', () => {
    expect(led({ own: ok({ status: 301, location: 'https://www.shop-example.com/page' }) })['redirected-by']?.value).toBe('other');
    expect(led({ tab: tab({ redirectReasons: ['HSTS'] }) })['redirected-by']?.value).toBe('other');
  });
  it('is the browser’s list where our own request is turned into https too, on a port of its own', () => {
    const upgraded = ok({ status: 307, location: 'https://www.shop-example.com:8080/page' });
    expect(led({ url: 'http://www.shop-example.com:8080/page', own: upgraded })['redirected-by']?.value).toBe('https-list');
    expect(led({ own: upgraded })['redirected-by']?.value).toBe('other');
    const asked = ok({ status: 307, location: 'https://www.shop-example.com:8443/page', ip: '93.184.216.34' });
    expect(led({ url: 'http://www.shop-example.com:8080/page', own: asked })['redirected-by']?.value).toBe('other');
  });
  it('tells nothing where the beginning fails too, or the tab comes through', () => {
    const failing = led({ own: bad() });
    expect([failing['redirected-by'], failing['extension-bypass']?.value]).toEqual([undefined, 'fails']);
    expect(led({ tab: loads() })['redirected-by']).toBeUndefined();
  });
  it('is the service worker’s doing where nobody redirected and our own request is answered at the beginning', () => {
    const from = 'https://www.shop-example.com/page';
    const byWorker = tab({ ledByWorkerFrom: from });
    for (const engine of ['chromium', 'gecko'] as const) {
      const facts = led({ tab: byWorker }, { engine, incident: { redirects: [START] } });
      expect(facts['site-state-bypass']).toMatchObject({ value: 'works', by: 'start-address' });
      expect([facts['redirected-by'], facts['extension-bypass'], facts['sibling-host']]).toEqual([undefined, undefined, undefined]);
    }
    // On a busy machine it took too long to fail there.
    const late = { ...byWorker, outcome: 'timed-out' as const, error: undefined };
    expect(led({ tab: late })['site-state-bypass']?.by).toBe('start-address');
    expect(led({ tab: { ...late, finalUrl: 'https://elsewhere.example/' } })['site-state-bypass']?.by).not.toBe('start-address');
    // Led there by the site as well, with the worker in between; or not answered.
    const there = ok({ status: 302, location: 'https://www.shop-example.com/page' });
    expect(led({ tab: byWorker, own: there })['site-state-bypass']?.by).not.toBe('start-address');
    // A way that leads on to a sign-in, or a refusal, may lead anywhere.
    const signIn = ok({ url: 'https://login.example/', status: 302, location: 'https://sso.example/?nonce=1' });
    expect(led({ tab: byWorker, own: there, led: signIn })['site-state-bypass']?.by).not.toBe('start-address');
    expect(led({ tab: byWorker, own: ok({ status: 401 }) })['site-state-bypass']?.by).not.toBe('start-address');
    expect(led({ tab: byWorker, own: signIn, led: ok() })['site-state-bypass']?.by).toBe('start-address');
    expect(led({ tab: byWorker, own: bad() })['site-state-bypass']?.by).not.toBe('start-address');
    expect(led({ tab: loads({ ledByWorkerFrom: from }) })['site-state-bypass']?.by).not.toBe('start-address');
  });
  it('says nothing of the page past its service worker where that leads away past the cache too', () => {
    const past = (more: Partial<TabAttempt>) =>
      observe(session({ ...alwaysFails, 'tab-replay': { plain: breaks('reset'), pastCache: breaks('reset', more) } }))['site-state-bypass'];
    expect(past({})?.value).toBe('fails');
    expect(past({ ledByWorkerFrom: START })).toBeUndefined();
  });
  it('is told in Firefox, which gives no reason, only with an extension that is able to', () => {
    const by = (measured: Partial<Measurements['start-address']>, extensions: readonly ExtensionFacts[] = [ABLE]) =>
      led(measured, { engine: 'gecko', incident: { redirects: [START] } }, extensions)['redirected-by']?.value;
    expect(by({ tab: tab({}) })).toBe('extension');
    expect(by({ tab: tab({}) }, [])).toBeUndefined();
    expect(by({ tab: tab({}), own: ok({ status: 403 }) })).toBeUndefined();
    expect(by({ tab: tab({}), own: ok({ status: 302, location: 'https://www.shop-example.com/in' }), led: ok() })).toBe('other');
    expect(by({ tab: tab({ redirects: [] }) })).toBeUndefined();
  });
});

describe('another host at the very address', () => {
  const at = (sibling: Parameters<typeof ok>[0], addresses: readonly string[] = ['93.184.216.34']) =>
    observe(
      session({
        ...alwaysFails,
        'browser-dns': { resolver: 'browser', status: 'ok', addresses },
        'sibling-host': { siblings: [{ host: 'shop-example.com', exchange: ok(sibling) }] },
      }),
    )['sibling-address']?.value;
  it('is told where it is answered from an address of the failing one', () => {
    expect(at({ ip: '93.184.216.34' })).toBe('same');
  });
  it('is not told of another address, of what a proxy answers, or where the browser’s addresses are not known', () => {
    expect(at({ ip: '93.184.216.35' })).toBeUndefined();
    expect(at({})).toBeUndefined();
    expect(at({ ip: '93.184.216.34', proxy: { type: 'http', host: 'proxy.example', port: 3128 } })).toBeUndefined();
    expect(at({ ip: '93.184.216.34' }, [])).toBeUndefined();
  });
});

describe('another browser’s name', () => {
  const seen = (...pairs: Measurements['other-agent']['pairs']) =>
    observe(session({ ...alwaysFails, 'other-agent': { pairs } }))['other-agent']?.value;
  it('works only where it works twice and ours fails each time between', () => {
    expect(seen({ other: ok(), own: bad() }, { other: ok(), own: bad() })).toBe('works');
    expect(seen({ other: ok(), own: bad() })).toBeUndefined();
    expect(seen({ other: ok(), own: ok() }, { other: ok(), own: bad() })).toBeUndefined();
  });
  it('fails by failing once, and a silence says nothing', () => {
    expect(seen({ other: bad() })).toBe('fails');
    expect(
      seen({ other: { url: 'https://www.shop-example.com/', durationMs: 2500, wasFresh: true, outcome: 'timed-out' } }),
    ).toBeUndefined();
  });
});

describe("the site's root", () => {
  const seen = (measured: Parameters<typeof session>[0]) =>
    observe(
      session({
        ...alwaysFails,
        'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false },
        ...measured,
      }),
    );
  it('shows by working that name and TLS are well, and that one page is not', () => {
    const facts = seen({ 'site-root': { exchange: ok() }, 'bare-address': { results: [bare('93.184.216.34', { tls: 'reaches' })] } });
    expect(facts['site-root']).toMatchObject({ value: 'works', by: 'site-root' });
    expect(facts.scope?.value).toBe('one-resource');
    expect([facts['other-scheme'], facts['tls-without-name']]).toEqual([undefined, undefined]);
  });
  it('shows a long address that fails beside it, where one as long that says nothing fails too', () => {
    const size = (length: number, padded?: Exchange) =>
      observe(
        session(
          { ...alwaysFails, cookies: cookiesFail, 'site-root': { exchange: ok(), ...(padded && { padded }) } },
          { incident: { url: `https://www.shop-example.com/?q=${'x'.repeat(length)}` } },
        ),
      );
    const tooLong = size(9_000, bad());
    expect(tooLong['url-or-header-size']?.value).toBe('fails-only-above-a-size');
    expect([tooLong.cookieless, tooLong['cookie-header-size']]).toEqual([undefined, undefined]);
    expect(size(9_000, ok({ status: 414 }))['url-or-header-size']?.value).toBe('fails-only-above-a-size');
    const byContent = size(9_000, ok({ status: 404 }));
    expect(byContent['url-or-header-size']?.value).toBe('independent');
    expect(byContent.cookieless?.value).toBe('fails');
    expect(size(9_000)['url-or-header-size']).toBeUndefined();
    expect(size(900, bad())['url-or-header-size']).toBeUndefined();
  });
  it('says nothing where it fails as the page does, or the page comes and goes', () => {
    const failing = seen({ 'site-root': { exchange: bad() } });
    expect([failing.scope?.value, failing['site-root']?.value, failing['other-scheme']?.value]).toEqual([
      'one-site',
      'fails',
      'http-works-https-fails',
    ]);
    const unsteady = seen({
      'site-root': { exchange: ok() },
      repetition: { inARow: [ok(), bad(), ok(), bad()], burst: [], reused: [] },
    });
    expect([unsteady.scope?.value, unsteady['tls-with-name']]).toEqual(['one-site', undefined]);
  });
});

describe('controls', () => {
  it('judge the network by several vendors', () => {
    expect(judgeControls(controls().results)).toBe('works');
    expect(judgeControls(noControls().results)).toBe('fails');
    expect(judgeControls(noControls('name-not-resolved').results)).toBe('not-there');
    expect(judgeControls(controls(() => ({ https: bad() })).results)).toBe('only-https-fails');
    expect(judgeControls(controls((_, index) => (index < 2 ? { http: bad() } : {})).results)).toBe('partly');
    expect(judgeControls(controls((_, index) => (index < 1 ? { http: bad() } : {})).results)).toBe('works');
    const stranger = controls(() => ({ http: ok({ status: 404 }), https: bad(), httpVerdict: 'failed' }));
    expect(judgeControls(stranger.results)).toBe('not-there');
    // A name on the browser's HSTS list turns to https by itself: no answer, though it looks like one.
    const upgraded = controls(() => ({ http: ok({ status: 307, ip: undefined }), https: bad(), httpVerdict: 'failed' }));
    expect(judgeControls(upgraded.results)).toBe('fails');
    expect(judgeControls([])).toBeUndefined();
  });
  it('say nothing of a host on this machine or network when the internet fails', () => {
    const kinds = ['localhost', 'nas.local', 'shop.example'].map(
      (host) => observe(session({ ...alwaysFails, controls: noControls() }, { incident: { host } }))['general-connectivity']?.value,
    );
    expect(kinds).toEqual([undefined, undefined, 'fails']);
  });
  it('take a downgrade on all for interception, and one alone for nothing', () => {
    expect(judgeInterception(controls(() => ({ https: ok({ protocol: 'http/1.1' }) })).results, false)).toBe('yes');
    expect(
      judgeInterception(controls((_vendor, index) => (index === 0 ? { https: ok({ protocol: 'http/1.1' }) } : {})).results, false),
    ).toBeUndefined();
  });
});

describe('names and addresses', () => {
  it('blame no family that is not there, and none where the page’s own request fails by both', () => {
    const family = (six: Partial<BareAddressResult>, four: Partial<BareAddressResult> = {}) =>
      observe(
        session(
          {
            ...alwaysFails,
            'bare-address': {
              results: [
                bare('93.184.216.34', { http: 'reaches', httpWithName: 'fails', httpWithNameError: error(), ...four }),
                bare('2606:2800::1', { http: 'fails', httpWithName: 'fails', ...six }),
              ],
            },
          },
          { incident: { url: 'http://www.shop-example.com/page' } },
        ),
      )['address-family']?.value;
    const unreachable = { httpError: error('unreachable'), httpWithNameError: error('unreachable') };
    const named = { httpWithName: 'reaches' as const, httpWithNameError: undefined };
    expect(family(unreachable)).toBeUndefined();
    expect(family(unreachable, named)).toBeUndefined();
    expect(family({ http: 'reaches', httpWithNameError: error() })).toBe('both-fail');
    expect(family({ httpError: error(), httpWithNameError: error() }, named)).toBe('only-ipv6-fails');
  });
  it('say nothing of a family while a proxy carries our requests', () => {
    const family = (more: Partial<Measurements>) =>
      observe(
        session({
          ...alwaysFails,
          'bare-address': {
            results: [bare('93.184.216.34', { tls: 'reaches' }), bare('2606:2800::1', { tls: 'fails', tlsError: error() })],
          },
          ...more,
        }),
      )['address-family']?.value;
    const facts = { mode: 'system', heldBy: 'person', servers: [] } as const;
    const proxy = { type: 'http', host: '203.0.113.9', port: 8080 };
    const apart = { isInEffect: true, direct: [ok(), ok()], proxied: [bad(), bad()] };
    expect(family({ 'proxy-settings': facts })).toBe('only-ipv6-fails');
    expect(family({ 'proxy-settings': { ...facts, observed: proxy } })).toBeUndefined();
    const both = { results: [bare('93.184.216.34', { tls: 'fails' }), bare('2606:2800::1', { tls: 'fails' })] };
    expect(family({ 'proxy-settings': { ...facts, observed: proxy }, 'bare-address': both })).toBe('both-fail');
    expect(family({ 'proxy-settings': { ...facts, mode: 'manual', servers: ['203.0.113.9:8080'] } })).toBeUndefined();
    // A script or a list of exceptions may send this site past the proxy.
    const excepting = { ...facts, mode: 'manual', servers: ['203.0.113.9:8080'], hasExceptions: true } as const;
    expect(family({ 'proxy-settings': excepting })).toBe('only-ipv6-fails');
    expect(family({ 'proxy-settings': excepting, 'direct-connection': apart })).toBeUndefined();
    expect(family({ 'proxy-settings': { ...facts, mode: 'pac' } })).toBe('only-ipv6-fails');
    expect(family({ 'proxy-settings': { ...facts, mode: 'pac' }, 'direct-connection': apart })).toBeUndefined();
    // On a line that comes and goes a few lucky tries past it are chance.
    const partly = controls((_, index) => (index < 2 ? { https: bad() } : {}));
    expect(family({ 'proxy-settings': facts, 'direct-connection': apart })).toBeUndefined();
    expect(family({ 'proxy-settings': facts, 'direct-connection': apart, controls: partly })).toBe('only-ipv6-fails');
    expect(family({ 'proxy-settings': { ...facts, mode: 'pac', observed: 'none' }, 'direct-connection': apart })).toBe('only-ipv6-fails');
  });
  it('tell a family that breaks from chance, on a page that comes and goes', () => {
    const results = (...six: ('reaches' | 'fails')[]) =>
      six.flatMap((tls) => [
        bare('93.184.216.34', { tls: 'reaches' }),
        bare('2606:2800::1', { tls, ...(tls === 'fails' && { tlsError: error() }) }),
      ]);
    const family = (...six: ('reaches' | 'fails')[]) =>
      observe(
        session({
          ...alwaysFails,
          'own-request': { exchanges: [bad(), ok()] },
          repetition: { inARow: [ok(), bad(), ok(), bad()], burst: [], reused: [] },
          'bare-address': { results: results(...six) },
        }),
      )['address-family']?.value;
    expect(family('fails', 'fails', 'fails', 'fails')).toBe('only-ipv6-fails');
    expect(family('fails', 'fails', 'fails', 'reaches')).toBeUndefined();
    expect(family('fails', 'fails')).toBeUndefined();
  });
  it('tell the families that the name has, by two resolvers or more', () => {
    const records = (...answers: string[][]) =>
      observe(
        session({ 'independent-dns': { answers: answers.map((addresses) => ({ resolver: 'One', addresses, status: 'ok' as const })) } }),
      )['address-records']?.value;
    expect(records(['93.184.216.34'], ['93.184.216.34'])).toBe('ipv4-only');
    expect(records(['93.184.216.34'], ['93.184.216.34', '2606:2800::1'])).toBe('both');
    expect(records(['2606:2800::1'], ['2606:2800::1'])).toBe('ipv6-only');
    expect(records(['93.184.216.34'])).toBeUndefined();
  });
  const answer = (addresses: readonly string[]) => ({ resolver: 'x', addresses, status: 'ok' as const });
  it('sort hosts', () => {
    expect(['localhost', '127.0.0.1', '[::1]', 'printer', 'nas.local', '192.168.1.4', 'example.org'].map(placeOfHost)).toEqual([
      'loopback',
      'loopback',
      'loopback',
      'private-network',
      'private-network',
      'private-network',
      'public',
    ]);
  });
  it('sort addresses', () => {
    expect(['0.0.0.0', '203.0.113.9', '100.70.1.1', '::ffff:10.0.0.1', '2001:db8::1', '2606:2800::1'].map(addressKind)).toEqual([
      'bogus',
      'bogus',
      'private-network',
      'private-network',
      'bogus',
      'public',
    ]);
  });
  it('know neighbours', () => {
    expect(areNeighbours('93.184.216.34', '93.184.216.99')).toBe(true);
    expect(areNeighbours('2606:2800:220::1', '2606:2800:220:9::2')).toBe(true);
    expect(areNeighbours('2606:2800:220::1', '2606:2800:221::1')).toBe(false);
  });
  it('compare resolvers within a family', () => {
    expect(judgeResolvers(answer(['93.184.216.34']), [answer(['93.184.216.34'])])).toBe('agree');
    expect(judgeResolvers(answer(['8.8.4.4']), [answer(['93.184.216.34'])])).toBe('differ');
    expect(judgeResolvers(answer(['10.0.0.1']), [answer(['93.184.216.34'])])).toBe('bogus-address');
    expect(judgeResolvers(answer([]), [answer(['93.184.216.34'])])).toBe('no-answer');
    expect(judgeResolvers(answer(['93.184.216.34']), [answer(['2606:2800::1'])])).toBeUndefined();
    expect(judgeResolvers(undefined, [answer(['93.184.216.34'])])).toBeUndefined();
  });
});

describe('proxy settings', () => {
  it('are certain only where the browser is', () => {
    expect(proxyConfigured({ mode: 'system', heldBy: 'person', servers: [] })).toBeUndefined();
    expect(proxyConfigured({ mode: 'system', heldBy: 'person', servers: [], observed: 'none' })).toBe('none');
    expect(proxyConfigured({ mode: 'manual', heldBy: 'person', servers: ['p:1'] })).toBe('browser');
    expect(proxyConfigured({ mode: 'pac', heldBy: 'policy', servers: [] })).toBe('policy');
    expect(proxyConfigured({ mode: 'manual', heldBy: 'other-extension', servers: [] })).toBe('extension');
  });
});

describe('verdict', () => {
  it('is no fault for a page that works and not a reset for a refusal', () => {
    const rest = { observations: {}, openConsents: [], stepResults: [] };
    expect(diagnose({ ...rest, page: { kind: 'works' } }).verdict).toBe('no-fault');
    expect(diagnose({ ...rest, page: { kind: 'fails', failure: 'refused' } })).toMatchObject({ verdict: 'not-a-reset', causes: [] });
    expect(diagnose({ ...rest, page: { kind: 'fails', failure: 'timed-out' } }).verdict).toBe('not-a-reset');
  });
});

describe('a cause whose own experiment waits for a word', () => {
  const ranked = (probability: number, id: CauseId = 'dns-answer'): Ranked[] => [
    { id, probability, weights: new Map() },
    { id: 'server-block', probability: (1 - probability) / 2, weights: new Map() },
  ];
  const fails = { kind: 'fails', failure: 'reset' } as const;
  it('is named only where it is all but certain', () => {
    expect(verdictOf(fails, {}, ranked(0.74), ['ask-resolvers'])).toBe('cannot-tell');
    expect(verdictOf(fails, {}, ranked(0.9), ['ask-resolvers'])).toBe('cause');
    expect(verdictOf(fails, {}, ranked(0.74), [])).toBe('cause');
    // An experiment about something else, or one whose answers are all known, holds nothing up.
    expect(verdictOf(fails, {}, ranked(0.74), ['go-direct'])).toBe('cause');
    expect(
      verdictOf(fails, { 'resolver-agreement': 'agree', 'tls-at-independent-address': 'reaches' }, ranked(0.74), ['ask-resolvers']),
    ).toBe('cause');
  });
});

describe('the other scheme', () => {
  const byHttps = (isSamePort: boolean) =>
    observe(
      session(
        {
          ...alwaysFails,
          'other-scheme': { scheme: 'https', isSamePort, exchange: bad('certificate'), isUpgradedByBrowser: false },
          'bare-address': { results: [bare('192.0.2.1', { tls: 'reaches', http: 'fails' })] },
        },
        { incident: { url: `http://shop.example${isSamePort ? ':8443' : ''}/` } },
      ),
    );
  it('works by any TLS on the very port, and on another one not by a stranger’s certificate', () => {
    expect(byHttps(true)['port-protocol']?.value).toBe('speaks-tls');
    expect(byHttps(false)['other-scheme']).toBeUndefined();
    expect(byHttps(false)['port-protocol']).toBeUndefined();
  });
});

describe('patterns', () => {
  const every = (period: number, count: number, more = {}) => times(count, (index) => (index % period === 0 ? bad() : ok(more)));
  it('are strict only on fresh connections in an unbroken row', () => {
    const row = { inARow: every(3, 9), burst: [], reused: [] };
    expect(patternOf(row, 'reset')).toBe('periodic');
    expect(patternOf({ ...row, inARow: every(3, 9, { wasFresh: false }) }, 'reset')).toBeUndefined();
    const broken = { inARow: [ok(), ok(), ...every(3, 9)], burst: times(4, () => ok()), reused: [], rowBeforeBurst: 2 };
    expect(patternOf(broken, 'reset')).toBe('periodic');
    expect(patternOf({ ...row, inARow: [bad(), bad(), ok(), ok(), bad(), ok()] }, 'reset')).toBe('irregular');
  });
  it('take a tab that never works beside our own request that does for the tab, not for chance', () => {
    const measured = {
      'tab-replay': { plain: breaks(), pastCache: breaks() },
      'own-request': { exchanges: [bad(), ok()] },
      'last-look': { exchanges: [], tab: breaks() },
    };
    const row = (inARow: readonly ReturnType<typeof ok>[]) => ({ ...measured, repetition: { inARow, burst: [], reused: [] } });
    expect(isTabsOwn(row(times(4, () => ok())), 'reset')).toBe(true);
    expect(isTabsOwn(row([ok(), bad(), ok(), ok()]), 'reset')).toBe(false);
    expect(isTabsOwn({ ...row(times(4, () => ok())), 'tab-replay': { plain: breaks('timed-out') } }, 'reset')).toBe(false);
  });
  it('take a tab that was tried only while our own requests failed too for no matter of the tab', () => {
    const early = {
      'tab-replay': { plain: breaks(), pastCache: breaks() },
      'own-request': { exchanges: [bad(), ok()] },
      repetition: { inARow: times(6, () => ok()), burst: [], reused: [] },
    };
    expect(isTabsOwn(early, 'reset')).toBe(false);
    const back = { ...early, 'last-look': { exchanges: [], tab: loads() } };
    expect(isTabsOwn(back, 'reset')).toBe(false);
    expect(observe(session(back)).frequency?.value).toBe('not-reproduced');
    const beside = { ...early, 'own-request': { exchanges: [ok(), ok()] } };
    expect(isTabsOwn(beside, 'reset')).toBe(true);
  });
});

describe('TLS that ends in silence where plain http is answered at once', () => {
  const silent = (durationMs: number) => ({ url: 'https://x.test/', durationMs, wasFresh: false, outcome: 'timed-out' }) as const;
  const http = (durationMs: number, large?: NonNullable<Measurements['other-scheme']['large']>) => ({
    scheme: 'http' as const,
    isSamePort: false,
    isUpgradedByBrowser: false,
    exchange: ok({ durationMs }),
    ...(large && { large }),
  });
  const seen = (
    own: readonly Exchange[],
    other: Measurements['other-scheme'],
    more: Partial<Measurements> = {},
    engine: 'chromium' | 'gecko' = 'chromium',
  ) =>
    observe(
      session(
        {
          ...alwaysFails,
          'own-request': { exchanges: own },
          repetition: { inARow: [], burst: [], reused: [] },
          'other-scheme': other,
          'bare-address': { results: [bare('192.0.2.1', { tls: 'timed-out' })] },
          ...more,
        },
        { incident: { durationMs: 8_700 }, engine },
      ),
    );
  it('does so without the name as well', () => {
    const bareFate = (...given: Parameters<typeof seen>) => seen(...given)['tls-without-name']?.value;
    expect(bareFate([silent(6_000)], http(300))).toBe('fails');
    expect(bareFate([bad('reset', { durationMs: 4_200 })], http(300))).toBe('fails');
    // Whoever is reset at once is not met by silence, and a slow site may be slow with its greeting, too.
    expect(bareFate([bad('reset', { durationMs: 80 })], http(300))).toBeUndefined();
    expect(bareFate([silent(6_000)], http(3_300))).toBeUndefined();
    // Firefox tells the sum of ten tries, each of which may have been reset at once.
    expect(bareFate([bad('reset-or-close', { durationMs: 1_900 })], http(300), {}, 'gecko')).toBeUndefined();
    expect(bareFate([silent(6_000)], http(300), {}, 'gecko')).toBe('fails');
  });
  it('is no fact of one family whose greeting is met by silence where the other answers', () => {
    const results = [bare('192.0.2.1', { tls: 'reaches' }), bare('2001:db8::1', { tls: 'timed-out' })];
    const facts = seen([bad('reset', { durationMs: 4_200 })], http(300), { 'bare-address': { results } });
    expect(facts['address-family']).toBeUndefined();
    expect(facts['tls-without-name']?.value).toBe('reaches');
  });
  it('has lost what is larger than a packet where a large request is lost, and small ones before and after it are not', () => {
    const large = (exchange: Exchange, again?: Exchange) =>
      seen([silent(6_000)], http(300, { exchange, ...(again && { again }) }))['large-request']?.value;
    expect(large(ok())).toBe('arrives');
    expect(large(silent(3_000), ok())).toBe('is-lost');
    expect(large(bad('reset', { durationMs: 2_300 }), ok())).toBe('is-lost');
    expect(large(bad('reset', { durationMs: 40 }), ok())).toBeUndefined();
    const inFirefox = (exchange: Exchange) =>
      seen([silent(6_000)], http(300, { exchange, again: ok() }), {}, 'gecko')['large-request']?.value;
    expect(inFirefox(bad('reset-or-close', { durationMs: 2_300 }))).toBeUndefined();
    expect(inFirefox(silent(3_000))).toBe('is-lost');
    expect(large(silent(3_000), silent(1_500))).toBeUndefined();
    expect(large(silent(3_000))).toBeUndefined();
  });
});

describe('the place where an answer breaks off', () => {
  it('is told from four tries on, where it is one or differs by far', () => {
    const placeOf = (failure: 'reset' | 'truncated-body', bytes: readonly number[]) => {
      const [first, second, ...row] = bytes.map((count) => bad(failure, { hadHeaders: true, bytes: count })) as [Exchange, Exchange];
      const measured = { 'own-request': { exchanges: [first, second] }, repetition: { inARow: row, burst: [], reused: [] } };
      return observe(session({ ...alwaysFails, ...measured }, { incident: { phase: 'response-started' } }))['break-place']?.value;
    };
    const place = (...bytes: readonly number[]) => placeOf('truncated-body', bytes);
    expect(place(50_176, 50_176, 49_152, 50_176)).toBe('same');
    expect(place(120_832, 160_768, 86_016, 50_176)).toBe('varies');
    // A reset drops what was not read yet, and of a few bytes the share tells nothing.
    expect(placeOf('reset', [50_176, 50_176, 49_152, 50_176])).toBe('same');
    expect(placeOf('reset', [90_112, 60_000, 30_720, 90_112])).toBeUndefined();
    expect(placeOf('reset', [120_832, 160_768, 86_016, 50_176])).toBe('varies');
    expect(place(60_000, 70_000, 68_000, 66_000)).toBeUndefined();
    expect(place(900, 2_000, 1_500, 1_200)).toBeUndefined();
    // Before its first byte it breaks at no place of the page.
    expect(place(0, 0, 0, 0)).toBeUndefined();
    expect(place(120_832, 50_176, 86_016)).toBeUndefined();
  });
});

describe('past the proxy', () => {
  it('works only beside a try by the proxy that fails, or a last look at it: what our own requests met lies too far back', () => {
    const midway = bad('reset', { durationMs: 2_500, hadHeaders: true });
    const cut = ok({ isComplete: false, durationMs: 2_283 });
    const late = ok({ durationMs: 4_900 });
    const direct = (proxied: readonly Exchange[], last: readonly Exchange[] = [], past: Exchange = late) => {
      const measured = {
        'own-request': { exchanges: [midway, midway] },
        repetition: { inARow: [], burst: [], reused: [] },
        'direct-connection': { isInEffect: true, direct: [past], proxied },
        'last-look': { exchanges: last },
      };
      const incident = { phase: 'response-started', durationMs: 2_500 } as const;
      return observe(session({ ...alwaysFails, ...measured }, { incident }))['direct-connection']?.value;
    };
    expect(direct([midway])).toBe('works');
    expect(direct([cut], [midway])).toBe('works');
    expect(direct([], [midway])).toBe('works');
    expect(direct([])).toBeUndefined();
    expect(direct([cut])).toBeUndefined();
    expect(direct([ok()])).toBeUndefined();
    expect(direct([midway], [late, late, late])).toBeUndefined();
    // That it fails past the proxy as well may be held against it.
    expect(direct([], [], midway)).toBe('fails');
  });
});

describe('the address without the name', () => {
  it('blames the name only where it gets through whenever it is tried', () => {
    const tries = (...reached: boolean[]) => {
      const results = reached.map((isReached) => bare('192.0.2.1', isReached ? { tls: 'reaches' } : { tls: 'fails', tlsError: error() }));
      return observe(session({ ...alwaysFails, 'bare-address': { results } }))['tls-without-name']?.value;
    };
    expect([tries(true, true), tries(true, false), tries(false)]).toEqual(['reaches', 'fails', 'fails']);
  });
});

describe('the time to the failure', () => {
  const after = (incidentMs: number, own: readonly number[], row: readonly number[]) =>
    observe(
      session(
        {
          ...alwaysFails,
          'own-request': { exchanges: own.map((durationMs) => bad('reset', { durationMs })) },
          repetition: { inARow: row.map((durationMs) => bad('reset', { durationMs })), burst: [], reused: [] },
        },
        { incident: { durationMs: incidentMs } },
      ),
    )['time-to-failure']?.value;
  it('is a timeout where all tries took equally long, whatever that is', () => {
    expect(after(1_790, [1_800, 1_738], [1_745, 1_715])).toBe('constant-timeout');
    // The browser had held a connection ready and asked again by itself.
    expect(after(3_520, [1_800, 1_738], [1_745])).toBe('constant-timeout');
    expect(after(30_100, [], [])).toBe('constant-timeout');
    // Connecting takes its time as well.
    expect(after(10_240, [], [])).toBe('constant-timeout');
    expect(after(9_700, [], [])).toBe('seconds');
    // The times that the person and the browser saw it count as well; two are enough where they are long.
    const untried = { 'own-request': { exchanges: [] }, repetition: { inARow: [], burst: [], reused: [] } };
    const seenTimes = (...durationsMs: number[]) =>
      observe(session({ ...alwaysFails, ...untried }, { incident: { durationMs: 9, durationsMs } }))['time-to-failure']?.value;
    expect([seenTimes(6_320, 5_900, 6_200), seenTimes(12_300, 12_420), seenTimes(12_300, 14_100)]).toEqual([
      'constant-timeout',
      'constant-timeout',
      'seconds',
    ]);
    expect(seenTimes(2_100, 2_120)).toBe('seconds');
    // What the browser held ready was given up sooner or later than a fresh connection.
    expect(after(4_200, [2_600, 1_900], [1_660, 1_700, 1_650])).toBe('constant-timeout');
  });
  it('is a timeout where those tries took equally long that were made when nothing else was', () => {
    const midway = (durationMs: number) => bad('reset', { durationMs, hadHeaders: true });
    const alone = (...times: readonly [number, number, number]) => {
      const [direct, again, proxied] = times.map(midway) as [Exchange, Exchange, Exchange];
      const measured = {
        'own-request': { exchanges: [midway(3_942), midway(4_017)] },
        repetition: { inARow: [], burst: [], reused: [] },
        'direct-connection': { isInEffect: true, direct: [direct, again], proxied: [proxied] },
      };
      const incident = { durationMs: 3_426, phase: 'response-started' } as const;
      return observe(session({ ...alwaysFails, ...measured }, { incident }))['time-to-failure']?.value;
    };
    expect(alone(3_480, 3_488, 3_348)).toBe('constant-timeout');
    expect(alone(3_480, 2_600, 4_348)).toBe('mid-transfer');
  });
  it('of Firefox over HTTP/2 ends in an abort, and then TLS with the name had come about', () => {
    const aborted = { ...bad('reset-or-close'), error: { raw: 'NS_ERROR_ABORT', failure: 'reset-or-close' as const } };
    const facts = observe(session({ ...alwaysFails, 'own-request': { exchanges: [aborted, aborted] } }, { engine: 'gecko' }));
    expect(facts['tls-with-name']).toMatchObject({ value: 'completes', by: 'own-request' });
    expect(facts.phase?.value).toBe('request-sent');
  });
  it('is not told by Firefox, which sends again what was reset', () => {
    const gecko = (durationMs: number) =>
      observe(
        session(
          {
            ...alwaysFails,
            'own-request': { exchanges: times(2, () => bad('reset-or-close', { durationMs })) },
            repetition: { inARow: times(3, () => bad('reset-or-close', { durationMs })), burst: [], reused: [] },
          },
          { engine: 'gecko', incident: { durationMs, error: error('reset-or-close') } },
        ),
      )['time-to-failure']?.value;
    expect(gecko(1_900)).toBeUndefined();
    expect(gecko(200)).toBe('immediate');
  });
  it('is none where tries are short, few, or differ', () => {
    expect(after(40, [41, 40], [40])).toBe('immediate');
    expect(after(1_790, [1_800], [])).toBe('seconds');
    expect(after(1_790, [2_400, 3_900], [2_900])).toBe('seconds');
  });
  it('is not the time after which the browser itself gave up', () => {
    const silent = { ...alwaysFails, 'own-request': { exchanges: times(3, () => bad('timed-out', { durationMs: 30_020 })) } };
    const seen = observe(session(silent, { incident: { error: { raw: '', failure: 'timed-out' }, durationMs: 30_050 } }));
    expect(seen['error-kind']?.value).toBe('timed-out');
    expect(seen['time-to-failure']).toBeUndefined();
  });
});

describe('small against large answers', () => {
  const sized = (small: Exchange, large: Exchange, url = 'http://www.shop-example.com/page') => {
    const seen = observe(session({ ...alwaysFails, 'answer-size': { small, large } }, { incident: { url } }));
    return [seen['response-size']?.value, seen['large-answer']?.value];
  };
  it('tell whether the large one begins', () => {
    expect(sized(ok(), bad())).toEqual(['fails-only-large', 'nothing-comes']);
    expect(sized(ok(), bad('reset', { hadHeaders: true, bytes: 30_000 }))).toEqual(['fails-only-large', 'begins']);
    expect(sized(bad(), bad())).toEqual(['independent', undefined]);
  });
  it("tell nothing while not even TLS is known to come about: the server's part of it is large", () => {
    expect(sized(bad(), bad(), 'https://www.shop-example.com/page')).toEqual([undefined, undefined]);
  });
});

describe('the handshake of a WebSocket', () => {
  const told = (exchanges: readonly Exchange[], more: Partial<Measurements> = {}) => {
    const facts = observe(
      session(
        {
          ...alwaysFails,
          'own-request': { exchanges: [bad('reset-or-close', { cookieBytes: 0 })] },
          'bare-address': { results: [bare('93.184.216.34', { tls: 'reaches' })] },
          ...more,
          'socket-handshake': { exchanges },
        },
        { engine: 'gecko' },
      ),
    );
    return [facts['tls-with-name']?.value, facts['tls-without-name']?.value, facts['http-version']?.value];
  };
  const page = ok({ protocol: 'http/1.1' });
  it('shows by any answer that TLS with the name comes about, and by the page itself that HTTP/2 is what fails', () => {
    expect(told([page, page])).toEqual(['completes', undefined, 'only-http2-fails']);
    // Firefox sends it over HTTP/2 where the server takes WebSockets by it.
    expect(told([ok({ protocol: 'h2' }), ok({ protocol: 'h2' })])).toEqual(['completes', undefined, undefined]);
    // A redirect and a refusal may be about the handshake, and one that opens is another service.
    for (const status of [101, 302, 426]) {
      const other = ok({ protocol: 'http/1.1', status });
      expect(told([other, other])).toEqual(['completes', undefined, undefined]);
    }
  });
  it('shows nothing where it fails, or is answered once', () => {
    expect(told([bad('reset-or-close')])).toEqual([undefined, 'reaches', undefined]);
    expect(told([page, bad('reset-or-close')])).toEqual([undefined, 'reaches', undefined]);
    expect(told([page])).toEqual([undefined, 'reaches', undefined]);
  });
  it('shows nothing of the version where cookies may make the difference, which it does not carry', () => {
    const own = { 'own-request': { exchanges: [bad('reset-or-close', { cookieBytes: 9_000 })] } };
    const pairs = (without: Exchange) => ({ ...own, cookies: { pairs: [{ included: bad(), without }], isOnlyDifference: true } });
    expect(told([page, page], own)[2]).toBeUndefined();
    expect(told([page, page], pairs(ok()))[2]).toBeUndefined();
    expect(told([page, page], pairs(bad()))[2]).toBe('only-http2-fails');
  });
});

describe('where TLS and the request part', () => {
  const greeted = (...exchanges: ReturnType<typeof ok>[]) => observe(session({ ...alwaysFails, 'named-greeting': { exchanges } }));
  it('is before or after the greeting', () => {
    expect(greeted(bad('proxy-unreachable'), bad('proxy-unreachable'))).toMatchObject({
      'tls-with-name': { value: 'breaks' },
      phase: { value: 'connecting-or-tls' },
    });
    expect(greeted(bad('proxy-unreachable'), bad('reset'))).toMatchObject({
      'tls-with-name': { value: 'completes' },
      phase: { value: 'request-sent' },
    });
    expect(greeted(bad('tunnel-failed'))['tls-with-name']?.value).toBe('completes');
    expect(greeted(ok({ status: 301, ip: '93.184.216.34' }))['tls-with-name']?.value).toBe('completes');
  });
  it('is after the greeting where another request of the host works and the one that may not be repeated does not', () => {
    const upload = (exchange: ReturnType<typeof ok>) =>
      observe(
        session(
          {
            ...alwaysFails,
            'own-request': { exchanges: [exchange, exchange] },
            repetition: { inARow: times(3, () => exchange), burst: [], reused: [] },
            'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false },
            'bare-address': { results: [{ address: '93.184.216.34', family: 4, origin: 'browser', tls: 'reaches' }] },
          },
          { incident: { method: 'POST' } },
        ),
      );
    expect(upload(ok())).toMatchObject({ 'tls-with-name': { value: 'completes' } });
    // Https works with the name: nothing is left to compare plain http or the bare address with.
    expect(upload(ok())['other-scheme']).toBeUndefined();
    expect(upload(ok())['tls-without-name']).toBeUndefined();
    expect(upload(bad())).toMatchObject({
      'other-scheme': { value: 'http-works-https-fails' },
      'tls-without-name': { value: 'reaches' },
    });
  });
  it('is shown by what showed it, though something else was sent as well', () => {
    const own = (raw: string) => ({
      exchanges: times(2, () => ({ ...bad('reset-or-close'), error: { raw, failure: 'reset-or-close' as const } })),
    });
    const by = (more: Partial<Measurements>) => {
      const facts = observe(session({ ...alwaysFails, ...more }, { engine: 'gecko' }));
      return [facts['tls-with-name']?.value, facts['tls-with-name']?.by, facts.phase?.by];
    };
    const handshakes = (...exchanges: Exchange[]) => ({ 'socket-handshake': { exchanges } });
    const reset = bad('reset-or-close');
    expect(by({ 'own-request': own('NS_ERROR_ABORT'), ...handshakes(reset) })).toEqual(['completes', 'own-request', 'own-request']);
    const answered = { 'own-request': own('NS_ERROR_NET_RESET'), ...handshakes(ok(), ok()) };
    expect(by(answered)).toEqual(['completes', 'socket-handshake', 'socket-handshake']);
    const greeted = { 'named-greeting': { exchanges: [bad('tunnel-failed')] } };
    expect(by(greeted)).toEqual(['completes', 'named-greeting', 'named-greeting']);
  });
  it('is not known where the browser answered itself or nothing was learnt', () => {
    expect(greeted(ok({ status: 307 }))['tls-with-name']).toBeUndefined();
    expect(greeted()['tls-with-name']).toBeUndefined();
  });
});

describe('a cause of a kind', () => {
  const ranked = (...parts: [CauseId, number][]): Ranked[] => parts.map(([id, probability]) => ({ id, probability, weights: new Map() }));
  it('is named where its owner or its kin is sure enough together', () => {
    const site = ranked(['server-crash', 0.45], ['server-block', 0.35], ['isp-filter', 0.1], ['vpn-client', 0.1]);
    const raced = ranked(['server-crash', 0.45], ['server-block', 0.35], ['isp-filter', 0.2]);
    const filters = ranked(['isp-filter', 0.5], ['router-filter', 0.25], ['organisation-filter', 0.1], ['server-crash', 0.15]);
    const split = ranked(['isp-filter', 0.45], ['server-crash', 0.4], ['router-filter', 0.15]);
    const weak = ranked(['server-crash', 0.34], ['server-block', 0.33], ['server-overload', 0.33]);
    expect([site, filters, split, weak, raced].map((ranking) => verdictOf({ kind: 'fails', failure: 'reset' }, {}, ranking))).toEqual([
      'cause',
      'cause',
      'cannot-tell',
      'cannot-tell',
      'cannot-tell',
    ]);
    expect(verdictOf({ kind: 'fails', failure: 'reset' }, {}, site, ['ask-resolvers'])).toBe('cannot-tell');
    expect(verdictOf({ kind: 'fails', failure: 'reset' }, {}, site, ['larger-burst'])).toBe('cause');
    expect(leadingKind(filters)?.map(({ id }) => id)).toEqual(['isp-filter', 'router-filter', 'organisation-filter']);
  });
});
