import { describe, expect, it } from 'vitest';
import manifest from '../../manifest.json';
import { causeWords } from '../../src/diagnosis/explain';
import { CONSENT_IDS } from '../../src/model/consent';
import { EXPERIMENT_IDS } from '../../src/model/experiment';
import { likelihoodPercent, likelihoodWord } from '../../src/model/likelihood';
import type { SessionView } from '../../src/model/session';
import type { Instructions } from '../../src/model/step';
import { permissionFor } from '../../src/popup/select/consent-permission';
import { isStrong, reasonsFor, tellingEvidence } from '../../src/popup/select/evidence';
import { permissionOfExperiment } from '../../src/popup/select/experiment-permission';
import { experimentTrouble } from '../../src/popup/select/experiment-trouble';
import { instructionsFor } from '../../src/popup/select/instructions';
import { offeredSteps } from '../../src/popup/select/next-step';
import { pathStates } from '../../src/popup/select/path-states';
import { proxyOwner, removableProxy } from '../../src/popup/select/proxy-owner';
import { answerOf, fillCommand } from '../../src/popup/select/step-answer';
import { readTestAddress, tabKind } from '../../src/popup/select/test-address';
import { formatWhen } from '../../src/popup/select/when';
import { readSurface } from '../../src/popup/state/surface';
import { say, VIEWS } from './gallery/views';

describe('pathStates', () => {
  const open = { verdict: 'cannot-tell', causes: [] } as const;
  const row = (outcome: 'cleared' | 'implicated' | 'inconclusive', part: 'site' | 'device' = 'site') => ({
    id: `${part}-${outcome}`,
    area: 'site' as const,
    part,
    outcome,
    explanation: say('x'),
    durationMs: 1,
  });
  const site = (checks: Parameters<typeof pathStates>[0], diagnosis: Parameters<typeof pathStates>[1] = open) =>
    pathStates(checks, diagnosis).find(({ part }) => part === 'site')?.state;

  it('knows nothing without checks, and keeps the order of the way', () => {
    const states = pathStates([], open);
    expect(states.map(({ part }) => part)).toEqual(['browser', 'device', 'local-network', 'path', 'site']);
    expect(states.every(({ state }) => state === 'unknown')).toBe(true);
  });
  it('is suspect by one implicated check', () => expect(site([row('cleared'), row('implicated')])).toBe('suspect'));
  it('is cleared when more was cleared than left open', () => expect(site([row('cleared')])).toBe('cleared'));
  it('is unknown when as much was left open', () => expect(site([row('cleared'), row('inconclusive')])).toBe('unknown'));
  it('is unknown while a check of it is still to come', () => {
    expect(site([row('cleared'), { ...row('inconclusive'), outcome: 'not-run', notRun: { kind: 'pending' } }])).toBe('unknown');
  });
  it('is suspect where the diagnosis names its owner', () => {
    const causes = [
      { id: 'server-crash', owner: 'site', ...causeWords('server-crash'), mind: [], probability: 0.9, for: [], against: [] },
    ] as const;
    expect(site([row('cleared')], { verdict: 'cause', causes })).toBe('suspect');
    expect(site([row('implicated')], { verdict: 'cannot-tell', causes })).toBe('suspect');
  });
  it('is not suspect by a check alone once a cause elsewhere stands out', () => {
    const causes = [
      { id: 'isp-filter', owner: 'path', ...causeWords('isp-filter'), mind: [], probability: 0.95, for: [], against: [] },
    ] as const;
    expect(site([row('implicated')], { verdict: 'cause', causes })).toBe('unknown');
    expect(site([row('implicated')], { verdict: 'cannot-tell', causes })).toBe('suspect');
  });
  it('is cleared throughout when the page loads', () => {
    expect(pathStates([row('inconclusive')], { verdict: 'no-fault', causes: [] }).every(({ state }) => state === 'cleared')).toBe(true);
  });
  it('is not called cleared while its causes are still probable', () => {
    const causes = (probability: number) =>
      [{ id: 'server-crash', owner: 'site', ...causeWords('server-crash'), mind: [], probability, for: [], against: [] }] as const;
    expect(site([row('cleared')], { verdict: 'cannot-tell', causes: causes(0.3) })).toBe('unknown');
    expect(site([row('cleared')], { verdict: 'cannot-tell', causes: causes(0.05) })).toBe('cleared');
  });
});

describe('likelihood', () => {
  it('has words from unlikely to almost certain', () => {
    expect([0, 0.2, 0.5, 0.7, 0.9, 0.99].map(likelihoodWord)).toEqual([
      'likelihood_unlikely',
      'likelihood_possible',
      'likelihood_even',
      'likelihood_likely',
      'likelihood_very_likely',
      'likelihood_almost_certain',
    ]);
  });
  it('never claims certainty', () => {
    expect(likelihoodPercent(0.9999)).toBe(99);
    expect(likelihoodPercent(0.0001)).toBe(1);
    expect(likelihoodPercent(Number.NaN)).toBe(0);
  });
});

describe('instructionsFor', () => {
  const instructions: Instructions[] = [
    { os: ['windows'], browser: ['firefox'], lines: ['ui_skip'] },
    { os: ['windows'], lines: ['ui_retest'] },
    { lines: ['ui_copy'] },
  ];
  it.each([
    ['windows', 'firefox', 'ui_skip'],
    ['windows', 'edge', 'ui_retest'],
    ['linux', 'firefox', 'ui_copy'],
  ] as const)('for %s and %s', (os, browser, line) => {
    expect(instructionsFor({ instructions }, { os, browser })?.lines).toEqual([line]);
  });
  it('is undefined where nothing matches', () => {
    expect(instructionsFor({ instructions: [] }, { os: 'other', browser: 'chrome' })).toBeUndefined();
  });
});

describe('readTestAddress', () => {
  it.each([
    ['example.org', 'https://example.org/'],
    [' http://example.org/a?b#c ', 'http://example.org/a?b'],
    ['localhost:3000/x', 'https://localhost:3000/x'],
    ['https://name:secret@example.org/', 'https://example.org/'],
    ['пример.рф', 'https://xn--e1afmkfd.xn--p1ai/'],
    ['[::1]:8080', 'https://[::1]:8080/'],
  ])('reads %s', (typed, url) => expect(readTestAddress(typed)).toEqual({ url }));
  it.each([
    ['', 'ui_address_empty'],
    ['   ', 'ui_address_empty'],
    ['ftp://example.org', 'ui_address_scheme'],
    ['javascript:alert(1)', 'ui_address_scheme'],
    ['about:blank', 'ui_address_scheme'],
    ['two words', 'ui_address_invalid'],
    ['http://', 'ui_address_invalid'],
    [`example.org/${'x'.repeat(9000)}`, 'ui_address_too_long'],
  ])('refuses %s in words', (typed, problem) => expect(readTestAddress(typed)).toEqual({ problem }));
});

describe('tabKind', () => {
  it.each([
    ['https://example.org/', 'web'],
    ['chrome://settings/', 'browser'],
    ['about:config', 'browser'],
    ['file:///tmp/x.html', 'file'],
    ['https://addons.mozilla.org/firefox/', 'store'],
    ['https://chromewebstore.google.com/detail/x', 'store'],
    ['chrome-extension://abc/src/popup/index.html', 'own'],
    [undefined, 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (url, kind) => expect(tabKind(url)).toBe(kind));
});

describe('offeredSteps', () => {
  const steps = ['a', 'b', 'c'].map((id) => ({ id, why: say(id), score: 1 }));
  it('puts what was skipped last and keeps the order otherwise', () => {
    expect(offeredSteps(steps, [{ step: 'a', outcome: 'skipped', atMs: 1 }]).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });
  it('puts something to do before a question that is worth no more than five of it', () => {
    const scored = (...scores: number[]) => ['q', 'r', 'do'].map((id, at) => ({ id, why: say(id), score: scores[at] ?? 0 }));
    const first = (steps: ReturnType<typeof scored>) => offeredSteps(steps, [], (id) => id !== 'do').map(({ id }) => id);
    expect(first(scored(1, 0.5, 0.2))).toEqual(['do', 'q', 'r']);
    expect(first(scored(1, 0.5, 0.19))).toEqual(['q', 'r', 'do']);
  });
  it('puts access to the site before everything', () => {
    const found = [...steps, { id: 'allow-host-access', why: say('x'), score: 0 }];
    expect(offeredSteps(found, []).map(({ id }) => id)).toEqual(['allow-host-access', 'a', 'b', 'c']);
  });
  it('takes the latest word on a step', () => {
    const results = [
      { step: 'a', outcome: 'skipped', atMs: 1 },
      { step: 'a', outcome: 'done', atMs: 2 },
    ] as const;
    expect(offeredSteps(steps, results)[0]?.id).toBe('a');
  });
});

describe('tellingEvidence', () => {
  const fact = (weight: number) => ({ observation: 'retry' as const, value: String(weight), weight, explanation: say('x') });
  it('keeps what is worth reading, strongest first', () => {
    expect(tellingEvidence([fact(0.2), fact(0.9), fact(-2.5)], 5).map(({ weight }) => weight)).toEqual([-2.5, 0.9]);
  });
  it('leaves the strongest of weak facts, and nothing of none', () => {
    expect(tellingEvidence([fact(0.2), fact(0.3)], 5).map(({ weight }) => weight)).toEqual([0.3]);
    expect(tellingEvidence([], 5)).toEqual([]);
  });
  it('gives as reasons comparisons before descriptions', () => {
    const facts = [{ ...fact(2.5), observation: 'phase' as const }, { ...fact(1), observation: 'sibling-host' as const }, fact(0.1)];
    expect(reasonsFor(facts, 2).map(({ observation }) => observation)).toEqual(['sibling-host', 'phase']);
  });
  it('calls strong what is seven to one or more', () => {
    expect([fact(1.9), fact(2), fact(-3)].map(isStrong)).toEqual([false, true, true]);
  });
});

describe('answerOf', () => {
  it('asks where trying again here cannot tell', () => {
    expect(answerOf({ tells: { observation: 'outside-vantage', works: 'works', fails: 'fails' } })).toEqual({
      asks: 'outside-vantage',
      hasRetest: false,
    });
  });
  it('tries again where that tells, and asks beside it where the step says so', () => {
    expect(answerOf({ tells: { observation: 'router-restarted', works: 'works', fails: 'fails' } })).toEqual({ hasRetest: true });
    expect(answerOf({ asks: 'server-log' })).toEqual({ asks: 'server-log', hasRetest: true });
  });
});

describe('fillCommand', () => {
  it('puts the host in its place', () => expect(fillCommand('mtr -rwc 100 HOST', 'a-b.example')).toBe('mtr -rwc 100 a-b.example'));
  it.each(['a$(id).example', '-oProxy.example', 'a;b', '[::1]'])('leaves a name that a shell could take for more: %s', (host) => {
    expect(fillCommand('ping HOST', host)).toBe('ping HOST');
  });
});

describe('permissionFor', () => {
  it('asks for access to the failing host only', () => {
    expect(permissionFor('host-access', 'chromium', 'a.example')).toEqual({ origins: ['*://a.example/*'] });
  });
  it('asks for every optional permission of the manifest, and for no other', () => {
    const asked = [
      ...CONSENT_IDS.map((consent) => permissionFor(consent, 'chromium', 'a.example')),
      ...EXPERIMENT_IDS.map((experiment) => permissionOfExperiment(experiment, 'chromium')),
    ].flatMap((wanted) => wanted?.permissions ?? []);
    expect([...new Set(asked)].sort()).toEqual([...manifest.optional_permissions].sort());
  });
  it('follows what each browser takes as optional', () => {
    expect(permissionFor('set-own-headers', 'gecko', 'a')).toEqual({ permissions: ['webRequestBlocking'] });
    expect(permissionFor('set-own-headers', 'chromium', 'a')).toEqual({ permissions: ['declarativeNetRequestWithHostAccess'] });
  });
  it('asks none where the word of the person is enough', () => {
    const free = CONSENT_IDS.filter((id) => permissionFor(id, 'chromium', 'a') === undefined);
    expect(free).toEqual(['ask-resolvers', 'read-browser-dns', 'go-direct', 'replay-one-time-link', 'larger-burst']);
  });
});

describe('readSurface', () => {
  it.each([
    ['', { kind: 'popup' }],
    ['?tab=12', { kind: 'tab', tabId: 12 }],
    ['?tab=x', { kind: 'home' }],
    ['?session=s1', { kind: 'session', sessionId: 's1' }],
    ['?url=https%3A%2F%2Fa.example%2F', { kind: 'url', url: 'https://a.example/' }],
  ])('%s', (search, surface) => expect(readSurface(search)).toEqual(surface));
});

describe('formatWhen', () => {
  const now = new Date(2026, 10, 20, 12).getTime();
  it('is near in words, far by date', () => {
    expect(formatWhen(now - 5_000, now, 'en')).toBe('now');
    expect(formatWhen(now - 180_000, now, 'en')).toBe('3 minutes ago');
    expect(formatWhen(now - 7_200_000, now, 'en')).toMatch(/10:00/);
    expect(formatWhen(now - 90_000_000, now, 'en')).toMatch(/Nov 19, 2026/);
  });
});

it('has a gallery view of every verdict', () => {
  expect(new Set(Object.values(VIEWS).map(({ diagnosis }) => diagnosis.verdict))).toEqual(
    new Set(['cause', 'cannot-tell', 'no-fault', 'not-a-reset']),
  );
});

describe('experimentTrouble', () => {
  it('has a sentence for what is known, and one for the rest', () => {
    expect(experimentTrouble('one-time-link')).toBe('ui_trouble_one_time_link');
    expect(experimentTrouble('Cannot read properties of undefined')).toBe('ui_trouble_unexpected');
    expect(experimentTrouble('constructor')).toBe('ui_trouble_unexpected');
    expect(experimentTrouble(undefined)).toBe('ui_trouble_unexpected');
  });
});

describe('proxyOwner', () => {
  const settings = (change: object) => ({
    'proxy-settings': { mode: 'manual' as const, heldBy: 'person' as const, servers: [], ...change },
  });
  const able = (name: string) => ({
    id: name,
    name,
    version: '1',
    isEnabled: true,
    abilities: ['proxy' as const],
    hasHostAccess: true,
    mayDisable: true,
  });
  it.each([
    [settings({ heldBy: 'policy' }), 'ui_proxy_policy', []],
    [settings({ heldBy: 'other-extension' }), 'ui_proxy_some_extension', []],
    [
      { ...settings({ heldBy: 'other-extension' }), 'installed-extensions': { extensions: [able('Tunnel')] } },
      'ui_proxy_extension',
      ['Tunnel'],
    ],
    [
      {
        ...settings({ heldBy: 'other-extension' }),
        'installed-extensions': { extensions: [able('Tunnel'), able('Shield'), { ...able('Off'), isEnabled: false }] },
      },
      'ui_proxy_one_of',
      ['Tunnel, Shield'],
    ],
    [settings({ mode: 'system' }), 'ui_proxy_system', []],
    [settings({ mode: 'auto-detect' }), 'ui_proxy_detected', []],
    [settings({ mode: 'pac' }), 'ui_proxy_browser', []],
  ])('says who set it', (measurements, id, args) => {
    expect(proxyOwner(measurements)).toMatchObject({ id, args });
  });
  it('can be switched off by one click where another extension holds it, and all others are left alone', () => {
    const view = (change: { engine?: string; method?: string; heldBy?: string; extensions?: readonly object[] } = {}) =>
      ({
        state: {
          environment: { engine: change.engine ?? 'chromium' },
          incident: { method: change.method ?? 'GET', kind: 'main-frame' },
          measurements: {
            ...settings({ heldBy: change.heldBy ?? 'other-extension' }),
            'installed-extensions': {
              extensions: change.extensions ?? [
                able('Tunnel'),
                { ...able('Blocker'), abilities: ['headers'] },
                { ...able('Off'), isEnabled: false },
              ],
            },
          },
        },
      }) as unknown as SessionView;
    expect(removableProxy(view())).toEqual({ names: 'Tunnel', pinned: ['Blocker'] });
    expect(removableProxy(view({ extensions: [able('Tunnel'), able('Shield')] }))).toEqual({ names: 'Tunnel, Shield', pinned: [] });
    for (const change of [
      { engine: 'gecko' },
      { method: 'POST' },
      { heldBy: 'person' },
      { extensions: [{ ...able('Tunnel'), mayDisable: false }] },
      { extensions: [{ ...able('Blocker'), abilities: ['headers'] }] },
    ])
      expect(removableProxy(view(change))).toBeUndefined();
  });
  it('says nothing where there is none or nothing is known', () => {
    expect(proxyOwner({})).toBeUndefined();
    expect(proxyOwner(settings({ mode: 'direct' }))).toBeUndefined();
    expect(proxyOwner(settings({ mode: 'unknown' }))).toBeUndefined();
  });
});
