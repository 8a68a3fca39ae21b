import type { Area } from '../../model/check';
import type { ConsentId } from '../../model/consent';
import type { Step } from '../../model/step';
import type { CauseId, ObservationId } from '../../model/vocabulary';

/** A consent as a step, and the facts that its probes may bring. */
export interface ConsentStep extends Step {
  consent: ConsentId;
  brings: readonly ObservationId[];
}

/** Minutes that a click and an automatic probe cost. */
const A_CLICK = 0.4;

const allow = (
  consent: ConsentId,
  area: Area,
  brings: readonly ObservationId[],
  causes: readonly CauseId[],
  risk = 0.05,
  guideRows: readonly number[] = [],
): ConsentStep => ({
  id: `allow-${consent}`,
  kind: 'consent',
  area,
  guideRows,
  causes,
  minutes: A_CLICK,
  risk,
  consent,
  brings,
  instructions: [{ lines: [] }],
});

/** Buttons that let a waiting probe go ahead. */
export const CONSENT_STEPS: readonly ConsentStep[] = [
  allow(
    'host-access',
    'site',
    ['extension-bypass', 'frequency', 'cookieless', 'other-scheme', 'sibling-host', 'site-root', 'response-size'],
    ['browser-extension', 'browser-site-data', 'transient'],
  ),
  allow('see-extensions', 'extensions', ['extensions-disabled'], ['browser-extension'], 0.02, [4]),
  allow(
    'set-own-headers',
    'site',
    ['frequency', 'cookieless', 'other-agent', 'http-version', 'large-request'],
    ['oversized-headers', 'server-overload', 'load-balancer', 'server-block', 'http2-or-quic', 'path-mtu'],
  ),
  allow(
    'ask-resolvers',
    'dns',
    ['resolver-agreement', 'tls-at-independent-address', 'address-records'],
    ['dns-answer', 'isp-filter'],
    0.1,
    [12],
  ),
  allow(
    'read-browser-dns',
    'dns',
    ['tls-without-name', 'same-address-other-name', 'address-family', 'resolver-agreement'],
    ['isp-filter', 'dns-answer', 'ipv6-path'],
    0.05,
    [12],
  ),
  allow('go-direct', 'proxy', ['direct-connection', 'tls-with-name'], ['proxy-configuration'], 0.15, [8]),
  allow('switch-extensions-off', 'extensions', ['extensions-disabled'], ['browser-extension'], 0.15, [4]),
  allow('replay-one-time-link', 'site', ['retry', 'frequency', 'extension-bypass'], ['transient'], 0.4),
  allow('larger-burst', 'site', ['frequency', 'failure-pattern'], ['server-overload', 'load-balancer', 'transient'], 0.1),
];
