import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks';
import { runChecks } from '../../src/checks/run';
import type { CheckOutcome, Facts } from '../../src/model/check';
import type { Measurements, ProbeId } from '../../src/model/measurement';
import type { Observations } from '../../src/model/observation';
import { alwaysFails, bad, bare, breaks, controls, incident, loads, ok, session } from '../scenarios/walk';

type Values = Record<string, string>;
const AT_MS = 1;
const facts = (values: Values, measurements: Partial<Measurements>): Facts => ({
  incident: incident(),
  environment: { os: 'linux', browser: 'chrome', engine: 'chromium', browserVersion: 156, language: 'en' },
  measurements,
  observations: Object.fromEntries(
    Object.entries(values).map(([id, value]) => [id, { id, value, source: 'probe', by: 'test', atMs: AT_MS }]),
  ) as Observations,
});

/** Every probe measured in the plainest way, so that only the facts decide. */
const MEASURED: Partial<Measurements> = {
  ...alwaysFails,
  'other-scheme': { scheme: 'http', isSamePort: false, exchange: bad(), isUpgradedByBrowser: false },
  'bare-address': { results: [bare('93.184.216.34', { tls: 'fails' })] },
  'sibling-host': { siblings: [] },
  'other-agent': { pairs: [{ other: bad() }] },
  'installed-extensions': { extensions: [] },
  'browser-dns': { resolver: 'browser', addresses: [], status: 'ok' },
  'independent-dns': { answers: [] },
  'answer-size': { small: bad(), large: bad() },
  'direct-connection': { isInEffect: true, direct: [bad()], proxied: [bad()] },
  'extensions-off': { switchedOff: ['x'], off: [breaks()], on: [breaks()] },
};
const able = {
  id: 'x',
  name: 'Able',
  version: '1',
  isEnabled: true,
  abilities: ['headers', 'vpn'] as const,
  hasHostAccess: true,
  mayDisable: true,
};

const OUTCOMES: readonly [string, CheckOutcome, Values, Partial<Measurements>?][] = [
  ['request-changed-by-extension', 'implicated', { 'extension-bypass': 'works', 'tab-headers': 'extended' }],
  ['request-changed-by-extension', 'implicated', { 'extension-bypass': 'works', 'redirected-by': 'extension' }],
  ['request-changed-by-extension', 'cleared', { 'extension-bypass': 'fails' }],
  [
    'broken-ipv6',
    'inconclusive',
    { 'tls-with-name': 'completes' },
    { 'bare-address': { results: [bare('93.184.216.34', { tls: 'reaches' }), bare('2606:2800:220:1::1', { tls: 'reaches' })] } },
  ],
  [
    'broken-ipv6',
    'not-applicable',
    { 'proxy-configured': 'extension' },
    { 'bare-address': { results: [bare('93.184.216.34', { tls: 'reaches' }), bare('2606:2800:220:1::1', { tls: 'fails' })] } },
  ],
  ['block-page', 'implicated', { 'block-page': 'organisation' }],
  ['block-page', 'implicated', { 'block-page': 'unsaid' }],
  ['block-page', 'inconclusive', {}],
  ['unwanted-browser-name', 'implicated', { 'other-agent': 'works' }],
  ['unwanted-browser-name', 'cleared', { 'other-agent': 'fails' }],
  ['unwanted-browser-name', 'inconclusive', {}],
  ['request-changed-by-extension', 'cleared', { 'extension-bypass': 'works', 'site-state-bypass': 'works' }],
  ['request-changed-by-extension', 'inconclusive', { 'extension-bypass': 'works', 'tab-headers': 'as-expected' }],
  ['request-changed-by-extension', 'inconclusive', {}],
  ['able-extension', 'cleared', {}],
  ['able-extension', 'inconclusive', {}, { 'installed-extensions': { extensions: [able] } }],
  ['extension-held-proxy', 'cleared', { 'proxy-configured': 'browser' }],
  ['extension-held-proxy', 'implicated', { 'proxy-configured': 'extension', 'direct-connection': 'works' }],
  ['extension-held-proxy', 'implicated', { 'proxy-configured': 'extension', 'general-connectivity': 'fails' }],
  ['extension-held-proxy', 'cleared', { 'proxy-configured': 'extension', 'direct-connection': 'fails' }],
  ['extension-held-proxy', 'inconclusive', { 'proxy-configured': 'extension' }],
  ['extension-that-breaks-it', 'implicated', { 'extensions-disabled': 'works' }],
  ['extension-that-breaks-it', 'cleared', { 'extensions-disabled': 'fails' }],
  ['extension-that-breaks-it', 'inconclusive', {}],
  ['outdated-browser', 'cleared', {}, { 'device-state': { isOnline: true, hasHostAccess: true, browserAgeDays: 40 } }],
  ['outdated-browser', 'inconclusive', {}, { 'device-state': { isOnline: true, hasHostAccess: true, browserAgeDays: 400 } }],
  ['outdated-browser', 'not-applicable', {}, { 'device-state': { isOnline: true, hasHostAccess: true } }],
  ['browser-only-fault', 'implicated', { incognito: 'works' }],
  ['browser-only-fault', 'cleared', { 'other-browser': 'fails' }],
  ['browser-only-fault', 'not-run', {}],
  ['proxy-in-between', 'cleared', { 'proxy-configured': 'none' }],
  ['proxy-in-between', 'implicated', { 'proxy-configured': 'browser', 'general-connectivity': 'fails' }],
  ['proxy-in-between', 'inconclusive', { 'proxy-configured': 'browser', 'general-connectivity': 'works' }],
  ['proxy-in-between', 'inconclusive', {}],
  ['proxy-in-between', 'not-applicable', { 'proxy-configured': 'policy' }],
  ['broken-proxy', 'implicated', { 'direct-connection': 'works' }],
  ['broken-proxy', 'cleared', { 'direct-connection': 'fails' }],
  ['broken-proxy', 'inconclusive', {}],
  ['broken-proxy', 'inconclusive', {}, { 'direct-connection': { isInEffect: false, direct: [], proxied: [] } }],
  ['dead-proxy', 'implicated', { 'error-kind': 'proxy-unreachable' }],
  ['dead-proxy', 'not-applicable', { 'error-kind': 'reset' }],
  ['vpn-tunnel', 'implicated', { 'vpn-toggled': 'works-without-vpn' }],
  ['vpn-tunnel', 'cleared', { 'vpn-active': 'no' }],
  ['vpn-tunnel', 'inconclusive', { 'vpn-active': 'yes' }],
  ['vpn-tunnel', 'not-run', {}],
  ['vpn-extension', 'cleared', {}],
  ['vpn-extension', 'inconclusive', {}, { 'installed-extensions': { extensions: [able] } }],
  ['oversized-cookies', 'implicated', { cookieless: 'works', 'cookie-header-size': '8k-16k' }],
  ['oversized-cookies', 'implicated', { cookieless: 'works' }],
  ['oversized-cookies', 'cleared', { cookieless: 'fails' }],
  ['oversized-cookies', 'inconclusive', {}],
  ['stale-copy', 'implicated', { 'site-state-bypass': 'works' }],
  ['stale-copy', 'cleared', { 'site-state-bypass': 'fails' }],
  ['stale-copy', 'cleared', {}, { 'tab-replay': { plain: loads() } }],
  ['stale-copy', 'implicated', {}, { 'tab-replay': { plain: { ...loads(), isPastWorker: true } }, 'own-request': { exchanges: [ok()] } }],
  ['stale-copy', 'inconclusive', {}],
  ['stale-address', 'implicated', { 'extension-bypass': 'works', 'tab-headers': 'as-expected', 'site-state-bypass': 'fails' }],
  ['stale-address', 'cleared', { 'extension-bypass': 'fails' }],
  ['stale-address', 'inconclusive', {}],
  ['forged-address', 'implicated', { 'resolver-agreement': 'bogus-address' }],
  ['forged-address', 'implicated', { 'resolver-agreement': 'differ', 'tls-at-independent-address': 'reaches' }],
  ['forged-address', 'cleared', { 'resolver-agreement': 'differ', 'tls-without-name': 'reaches' }],
  ['forged-address', 'cleared', { 'resolver-agreement': 'agree' }],
  ['forged-address', 'inconclusive', {}],
  ['security-program-in-between', 'implicated', { 'tls-intercepted': 'yes' }],
  ['security-program-in-between', 'cleared', { 'tls-intercepted': 'no' }],
  ['security-program-in-between', 'inconclusive', {}],
  ['security-software', 'implicated', { 'security-software-paused': 'works' }],
  ['security-software', 'cleared', { 'security-software': 'absent' }],
  ['security-software', 'inconclusive', { 'security-software': 'present' }],
  ['security-software', 'not-run', {}],
  ['device-only-fault', 'implicated', { 'other-device-same-network': 'works' }],
  ['device-only-fault', 'cleared', { 'other-device-same-network': 'fails' }],
  ['device-only-fault', 'not-run', {}],
  ['offline-device', 'implicated', {}, { 'device-state': { isOnline: false, hasHostAccess: true } }],
  ['offline-device', 'cleared', {}],
  ['broken-connection', 'cleared', { 'general-connectivity': 'works' }],
  ['broken-connection', 'implicated', { 'general-connectivity': 'fails' }],
  ['broken-connection', 'implicated', { 'general-connectivity': 'partly' }],
  ['broken-connection', 'inconclusive', {}],
  ['sign-in-page', 'implicated', { 'captive-portal': 'yes' }],
  ['sign-in-page', 'cleared', { 'captive-portal': 'no' }],
  ['sign-in-page', 'inconclusive', {}],
  ['broken-ipv6', 'implicated', { 'address-family': 'only-ipv6-fails' }],
  ['broken-ipv6', 'cleared', { 'address-family': 'both-work' }],
  ['broken-ipv6', 'inconclusive', { 'address-family': 'only-ipv4-fails' }],
  ['broken-ipv6', 'cleared', { 'address-records': 'ipv4-only' }],
  ['broken-ipv6', 'not-applicable', { 'address-records': 'both' }],
  ['broken-ipv6', 'not-applicable', {}],
  ['filtered-name', 'implicated', { 'tls-without-name': 'reaches', frequency: 'always' }],
  ['filtered-name', 'inconclusive', { 'tls-without-name': 'reaches' }],
  ['filtered-name', 'cleared', { 'tls-without-name': 'fails' }],
  ['filtered-name', 'cleared', { 'tls-without-name': 'reaches', 'tls-with-name': 'completes', frequency: 'always' }],
  ['filtered-name', 'cleared', { 'site-root': 'works', 'tls-without-name': 'reaches', frequency: 'always' }],
  ['filtered-name', 'inconclusive', { 'site-root': 'fails' }],
  ['filtered-name', 'inconclusive', {}],
  ['passing-fault', 'implicated', { frequency: 'not-reproduced' }],
  ['passing-fault', 'cleared', { retry: 'fails' }],
  ['passing-fault', 'inconclusive', { retry: 'succeeds' }],
  ['unsteady-fault', 'implicated', { frequency: 'often' }],
  ['unsteady-fault', 'cleared', { frequency: 'always' }],
  ['unsteady-fault', 'inconclusive', {}],
  ['lost-large-packets', 'implicated', { 'response-size': 'fails-only-large', 'large-answer': 'nothing-comes' }],
  ['lost-large-packets', 'inconclusive', { 'response-size': 'fails-only-large', 'large-answer': 'begins' }],
  ['lost-large-packets', 'implicated', { 'large-request': 'is-lost', 'response-size': 'independent' }],
  ['lost-large-packets', 'inconclusive', { 'large-request': 'arrives' }],
  ['lost-large-packets', 'inconclusive', { 'response-size': 'fails-only-large' }],
  ['lost-large-packets', 'cleared', { 'response-size': 'independent' }],
  ['router-fault', 'implicated', { 'router-restarted': 'works' }],
  ['router-fault', 'cleared', { 'router-restarted': 'fails' }],
  ['router-fault', 'not-run', {}],
  ['provider-or-line', 'implicated', { 'other-network': 'works' }],
  ['provider-or-line', 'cleared', { 'other-network': 'fails' }],
  ['provider-or-line', 'not-run', {}],
  ['policy-proxy', 'cleared', {}],
  ['policy-proxy', 'implicated', { 'proxy-configured': 'policy', 'direct-connection': 'works' }],
  ['policy-proxy', 'inconclusive', { 'proxy-configured': 'policy' }],
  ['organisation-gateway', 'implicated', { 'network-owner': 'organisation', 'other-network': 'works' }],
  ['organisation-gateway', 'cleared', { 'network-owner': 'home' }],
  ['organisation-gateway', 'inconclusive', { 'network-owner': 'organisation' }],
  ['organisation-gateway', 'not-run', {}],
  ['broken-https', 'implicated', { 'other-scheme': 'http-works-https-fails', 'tls-without-name': 'fails' }],
  ['broken-https', 'inconclusive', { 'other-scheme': 'http-works-https-fails', 'tls-without-name': 'reaches' }],
  ['broken-https', 'cleared', { 'other-scheme': 'both-fail' }],
  ['broken-https', 'cleared', { 'site-root': 'works', 'other-scheme': 'http-works-https-fails' }],
  ['broken-https', 'not-applicable', { scheme: 'http' }],
  ['wrong-port-protocol', 'implicated', { 'port-protocol': 'speaks-tls' }],
  ['wrong-port-protocol', 'cleared', {}],
  ['failing-server', 'implicated', { 'tls-without-name': 'fails', 'other-scheme': 'both-fail' }],
  ['failing-server', 'cleared', { 'tls-without-name': 'reaches' }],
  ['failing-server', 'implicated', { 'tls-without-name': 'reaches', 'tls-with-name': 'completes', frequency: 'always' }],
  ['failing-server', 'cleared', { 'site-root': 'works', 'tls-with-name': 'completes', frequency: 'always' }],
  ['failing-server', 'inconclusive', { 'site-root': 'fails' }],
  ['failing-server', 'inconclusive', {}],
  ['failing-sibling-hosts', 'implicated', { 'sibling-host': 'fails' }],
  ['failing-sibling-hosts', 'inconclusive', { 'sibling-host': 'works' }],
  ['cut-answers', 'implicated', { phase: 'response-started' }],
  ['cut-answers', 'implicated', { 'response-size': 'fails-only-large', 'large-answer': 'begins' }],
  ['cut-answers', 'cleared', { 'response-size': 'fails-only-large', 'large-answer': 'nothing-comes' }],
  ['cut-answers', 'inconclusive', { 'response-size': 'fails-only-large' }],
  ['cut-answers', 'cleared', {}],
  ['failing-from-everywhere', 'implicated', { 'outside-vantage': 'fails' }],
  ['failing-from-everywhere', 'cleared', { 'outside-vantage': 'works' }],
  ['failing-from-everywhere', 'not-run', {}],
  ['server-log-entry', 'implicated', { 'server-log': 'error-or-crash' }],
  ['server-log-entry', 'inconclusive', { 'server-log': 'no-entry' }],
  ['server-log-entry', 'not-run', {}],
  ['modern-greeting', 'implicated', { 'small-clienthello': 'works' }],
  ['modern-greeting', 'cleared', { 'http-version': 'independent' }],
  ['modern-greeting', 'not-run', {}],
];

const runOne = (id: string, seen: Facts, runs = session(seen.measurements).runs) =>
  runChecks(
    seen,
    runs,
    CHECKS.filter((check) => check.id === id),
  )[0];

describe('outcomes of checks', () => {
  it.each(OUTCOMES)('%s is %s for %o', (id, outcome, values, measured) => {
    expect(runOne(id, facts(values, { ...MEASURED, ...measured }))?.outcome).toBe(outcome);
  });

  it('has at least one outcome here for every check', () => {
    expect(CHECKS.map(({ id }) => id).filter((id) => !OUTCOMES.some(([tested]) => tested === id))).toEqual([]);
  });

  it.each(CHECKS.filter(({ needs }) => needs.length > 0).map(({ id }) => id))('%s says why when its probe has not run', (id) => {
    const result = runOne(id, facts({}, {}));
    expect(['not-run', 'not-applicable', 'error']).toContain(result?.outcome);
  });
});

describe('why a check was not run', () => {
  const seen = facts({}, {});
  const withRun = (probe: ProbeId, run: ReturnType<typeof session>['runs'][ProbeId]) => ({ ...session({}).runs, [probe]: run });

  it('waits for a consent', () => {
    expect(
      runOne('able-extension', seen, withRun('installed-extensions', { status: 'waiting', consent: 'see-extensions' }))?.notRun,
    ).toEqual({
      kind: 'consent',
      consent: 'see-extensions',
    });
  });
  it('was refused', () => {
    expect(
      runOne('able-extension', seen, withRun('installed-extensions', { status: 'refused', consent: 'see-extensions' }))?.notRun?.kind,
    ).toBe('refused');
  });
  it('is still running', () => {
    expect(runOne('sign-in-page', seen, withRun('controls', { status: 'running', startedAtMs: 1 }))?.notRun?.kind).toBe('pending');
  });
  it('broke', () => {
    const result = runOne('sign-in-page', seen, withRun('controls', { status: 'failed', error: 'door shut', durationMs: 9 }));
    expect(result?.outcome).toBe('error');
    expect(result?.durationMs).toBe(9);
  });
  it('gives a throwing check its own error', () => {
    const broken = {
      ...CHECKS[0],
      id: 'broken',
      needs: [],
      evaluate: () => {
        throw new RangeError('x');
      },
    } as unknown as (typeof CHECKS)[number];
    expect(
      runChecks(facts({}, { controls: controls(), 'own-request': { exchanges: [ok()] } }), session({}).runs, [broken])[0]?.outcome,
    ).toBe('error');
  });
});
