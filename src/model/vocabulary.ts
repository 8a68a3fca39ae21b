/**
 * The public vocabulary: causes a diagnosis may name, facts it reasons from.
 * Report, evaluation and tests use these ids; extend with reason, never rename. What each means stands in
 * `vocabulary-texts.ts`, which the extension does not carry.
 * Generated once from data/causes.json and data/observations.json of the project's public data.
 */

/** Who can mend a cause: the person at the browser, whoever runs the device, the local network, the organisation or provider on the path, or the site. */
export const OWNERS = ['browser', 'device', 'local-network', 'path', 'site'] as const;
export type Owner = (typeof OWNERS)[number];

/** Every cause with who can mend it. */
export const CAUSES = {
  'browser-extension': { owner: 'browser' },
  'browser-site-data': { owner: 'browser' },
  'oversized-headers': { owner: 'browser' },
  'proxy-configuration': { owner: 'browser' },
  'vpn-client': { owner: 'device' },
  'security-software': { owner: 'device' },
  'network-driver': { owner: 'device' },
  'router-filter': { owner: 'local-network' },
  'nat-or-conntrack': { owner: 'local-network' },
  'path-mtu': { owner: 'local-network' },
  'ipv6-path': { owner: 'local-network' },
  'captive-portal': { owner: 'local-network' },
  'dns-answer': { owner: 'local-network' },
  'provider-fault': { owner: 'path' },
  'device-network-stack': { owner: 'device' },
  'unstable-link': { owner: 'local-network' },
  'organisation-filter': { owner: 'path' },
  'isp-filter': { owner: 'path' },
  'tls-clienthello': { owner: 'path' },
  'tls-version-or-cipher': { owner: 'site' },
  'server-certificate-binding': { owner: 'site' },
  'wrong-protocol-on-port': { owner: 'site' },
  'http2-or-quic': { owner: 'site' },
  'upload-limit': { owner: 'site' },
  'unread-body': { owner: 'site' },
  'server-timeout': { owner: 'site' },
  'load-balancer': { owner: 'site' },
  'keep-alive-race': { owner: 'site' },
  'server-overload': { owner: 'site' },
  'server-block': { owner: 'site' },
  'server-crash': { owner: 'site' },
  'container-port': { owner: 'site' },
  'dev-server': { owner: 'site' },
  transient: { owner: 'path' },
} as const satisfies Record<string, { owner: Owner }>;

export type CauseId = keyof typeof CAUSES;
export const CAUSE_IDS = /* @__PURE__ */ Object.keys(CAUSES) as CauseId[];

/** Every fact with the only values allowed. Absent means not known. */
export const OBSERVATIONS = {
  'error-kind': {
    values: [
      'reset',
      'closed',
      'empty-response',
      'aborted',
      'refused',
      'timed-out',
      'tls-alert-or-protocol',
      'certificate',
      'http2',
      'quic',
      'tunnel-failed',
      'proxy-unreachable',
      'name-not-resolved',
      'network-changed',
      'truncated-body',
      'reset-or-close',
      'failed',
      'blocked-by-client',
      'offline',
      'unreachable',
    ],
  },
  scope: { values: ['one-resource', 'one-site', 'some-sites', 'all-sites'] },
  'host-kind': { values: ['public', 'private-network', 'loopback'] },
  scheme: { values: ['http', 'https', 'websocket'] },
  method: { values: ['navigation-or-get', 'post-or-upload', 'websocket'] },
  'request-size': { values: ['fails-only-above-a-size', 'independent'] },
  'response-size': { values: ['fails-only-large', 'independent'] },
  frequency: {
    values: [
      'always',
      'often',
      'rare',
      'only-after-idle',
      'only-in-parallel-burst',
      'only-first-request',
      'not-reproduced',
      'works-then-all-fail',
    ],
  },
  'time-to-failure': { values: ['immediate', 'seconds', 'constant-timeout', 'mid-transfer'] },
  phase: { values: ['connecting-or-tls', 'request-sent', 'response-started', 'unknown-before-headers'] },
  incognito: { values: ['works', 'fails'] },
  'extensions-disabled': { values: ['works', 'fails'] },
  'extension-bypass': { values: ['works', 'fails'] },
  cookieless: { values: ['works', 'fails'] },
  'other-browser': { values: ['works', 'fails'] },
  'other-engine-only': { values: ['only-chromium-fails', 'only-firefox-fails'] },
  'other-client': { values: ['works', 'fails'] },
  'other-device-same-network': { values: ['works', 'fails'] },
  'other-network': { values: ['works', 'fails'] },
  'outside-vantage': { values: ['works', 'fails'] },
  'vpn-active': { values: ['yes', 'no'] },
  'vpn-toggled': { values: ['works-without-vpn', 'works-with-vpn', 'no-difference'] },
  'proxy-configured': { values: ['none', 'browser', 'system', 'extension', 'policy', 'pac'] },
  'direct-connection': { values: ['works', 'fails'] },
  'security-software': { values: ['present', 'absent'] },
  'security-software-paused': { values: ['works', 'fails'] },
  'tls-intercepted': { values: ['yes', 'no'] },
  'network-owner': { values: ['home', 'organisation', 'public', 'mobile'] },
  'other-scheme': { values: ['http-works-https-fails', 'https-works-http-fails', 'both-fail'] },
  'sibling-host': { values: ['works', 'fails'] },
  'tls-without-name': { values: ['reaches', 'fails'] },
  'resolver-agreement': { values: ['agree', 'differ', 'bogus-address', 'no-answer'] },
  'address-family': { values: ['only-ipv6-fails', 'only-ipv4-fails', 'both-fail', 'both-work'] },
  'loopback-names': { values: ['differ', 'same'] },
  'http-version': { values: ['only-http2-fails', 'only-http3-fails', 'independent'] },
  'captive-portal': { values: ['yes', 'no'] },
  'general-connectivity': { values: ['works', 'partly', 'fails'] },
  'started-after': { values: ['browser-update', 'os-update', 'software-install-or-update', 'server-change', 'network-change'] },
  'visitor-role': { values: ['visitor', 'site-developer-or-owner', 'api-consumer'] },
  'runs-in-container': { values: ['yes', 'no'] },
  'server-log': { values: ['no-entry', 'normal-entry', 'error-or-crash', 'limit-or-timeout-message'] },
  clock: { values: ['right', 'wrong'] },
  retry: { values: ['succeeds', 'fails'] },
  'reset-origin': { values: ['end-host', 'front-end-device', 'on-path-device', 'local-device'] },
  'tls-at-independent-address': { values: ['reaches', 'fails'] },
  'same-address-other-name': { values: ['works', 'fails'] },
  'cookie-header-size': { values: ['under-4k', '4k-8k', '8k-16k', 'over-16k'] },
  'url-or-header-size': { values: ['fails-only-above-a-size', 'independent'] },
  'site-state-bypass': { values: ['works', 'fails'] },
  'small-clienthello': { values: ['works', 'fails'] },
  'router-filter-paused': { values: ['works', 'fails'] },
  'router-restarted': { values: ['works', 'fails'] },
  'outside-same-provider': { values: ['works', 'fails'] },
  'outside-same-country': { values: ['works', 'fails'] },
  'link-stability': { values: ['steady', 'lossy', 'drops'] },
  'other-port-or-server': { values: ['works', 'fails'] },
  'reset-faster-than-path': { values: ['yes', 'no'] },
  // Ours, beside the public list, because two causes could not be told apart without it: the other scheme
  // answering on the very same port is a proof, on the default ports it is not.
  'port-protocol': { values: ['speaks-tls', 'speaks-http', 'as-expected'] },
  // Ours: a sick member behind a balancer fails in turn, an overloaded server at random.
  'failure-pattern': { values: ['periodic', 'irregular'] },
  // Ours: "own request works, tab fails" has two owners of which only one adds to the tab's headers.
  'tab-headers': { values: ['extended', 'as-expected'] },
  // Ours: a filter by server name and a server that resets every request look alike unless TLS is seen apart from the request.
  'tls-with-name': { values: ['completes', 'breaks'] },
  // Ours: one kind of error covers a port that speaks no TLS, a missing version in common, and a name without a certificate.
  'tls-answer': { values: ['not-tls', 'protocol-error', 'no-common-version-or-cipher', 'unknown-name'] },
  // Ours: where the site’s root works by the very scheme, port and name, a server is there, and one page of it is not well.
  'site-root': { values: ['works', 'fails'] },
  // Ours: a site that answers other requests of ours by refusing them says why it resets this one.
  'refusal-status': { values: ['forbidden', 'too-many-requests', 'unavailable', 'gateway-error'] },
  // Ours: a site without an IPv6 address cannot suffer from a broken IPv6 path, and `address-family` compares only where there are both.
  'address-records': { values: ['ipv4-only', 'ipv6-only', 'both'] },
  // Ours: "only large answers fail" is a download that is cut, a program that dies of its work, or a line that loses large packets; of
  // the last not even the headers arrive, for they travel in the first large packet.
  'large-answer': { values: ['begins', 'nothing-comes'] },
  // Ours: an extension that leads a navigation to another address fails nowhere but there, and the site of that address looks guilty.
  'redirected-by': { values: ['extension', 'https-list', 'other'] },
  // Ours: a site that resets one browser's name and answers another's refuses; it is not down.
  'other-agent': { values: ['works', 'fails'] },
  // Ours: filters of several owners reset alike, and some of them say who they are where the page is asked for without encryption.
  'block-page': { values: ['organisation', 'router', 'provider', 'software', 'unsaid', 'private-address'] },
  // Ours: where TLS ends in silence, the server is too slow, or its way loses what is larger than some packet, as a greeting is.
  'large-request': { values: ['arrives', 'is-lost'] },
  // Ours: who goes by what a page holds, or by its length, breaks it at the same place each time; what dies, drops or gives up does not.
  'break-place': { values: ['same', 'varies'] },
  // Ours: a server that greets another name at the very address minds neither the greeting nor its version, and no way to it loses packets.
  'sibling-address': { values: ['same', 'other'] },
} as const satisfies Record<string, { values: readonly string[] }>;

export type ObservationId = keyof typeof OBSERVATIONS;
export const OBSERVATION_IDS = /* @__PURE__ */ Object.keys(OBSERVATIONS) as ObservationId[];
export type ObservationValue<Id extends ObservationId = ObservationId> = (typeof OBSERVATIONS)[Id]['values'][number];

/** A normalised network error: the values of the observation `error-kind`. */
export type Failure = ObservationValue<'error-kind'>;
/** How far the exchange came: the values of the observation `phase`. */
export type Phase = ObservationValue<'phase'>;
