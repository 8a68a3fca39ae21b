import { describe, expect, it } from 'vitest';
import {
  bound,
  currentOfTab,
  INCIDENT_BYTES_LIMIT,
  INCIDENT_LIMIT,
  type IncidentRecord,
  incidentUrl,
  recordLoad,
  recordSighting,
  recordTabClosed,
  type Sighting,
} from '../../src/background/incident-log';

const START = 1_000_000;
const url = 'https://shop.test/cart';

const sighting = (changes: Partial<Sighting> = {}): Sighting => ({
  source: 'webRequest',
  tabId: 7,
  url,
  pageUrl: url,
  kind: 'main-frame',
  method: 'GET',
  raw: 'net::ERR_CONNECTION_RESET',
  atMs: START,
  redirects: [],
  ...changes,
});

/** Records several sightings one after the other. */
function recordAll(
  sightings: readonly Sighting[],
  options: { hasAutoReload: boolean } = { hasAutoReload: true },
): readonly IncidentRecord[] {
  let records: readonly IncidentRecord[] = [];
  sightings.forEach((one, at) => {
    records = recordSighting(records, one, { newId: `i${at}`, ...options }).records;
  });
  return records;
}
const counts = (records: readonly IncidentRecord[]) => records.map(({ incident }) => [incident.count, incident.autoReloads]);

describe('pairing', () => {
  it('takes both families of events for one failure', () => {
    const records = recordAll([sighting(), sighting({ source: 'webNavigation', method: undefined, atMs: START + 3 })]);
    expect(counts(records)).toEqual([[1, 0]]);
  });

  it('learns the phase and address from webRequest, in whichever order they come', () => {
    const navigation = sighting({ source: 'webNavigation', method: undefined });
    const request = sighting({ ip: '192.0.2.7', hasHeaders: true, method: 'POST', startedAtMs: START - 40 });
    for (const order of [
      [navigation, request],
      [request, navigation],
    ]) {
      const [record] = recordAll(order);
      expect(record?.incident).toMatchObject({
        phase: 'response-started',
        ip: '192.0.2.7',
        method: 'POST',
        durationMs: 40,
        count: 1,
      });
    }
  });

  it("prefers Firefox's number to its sentence, and its name to the number", () => {
    const [tls] = recordAll([
      sighting({ raw: 'SSL received a record that exceeded the maximum permissible length.' }),
      sighting({ source: 'webNavigation', raw: 'Error code 2153394151' }),
    ]);
    expect(tls?.incident.error).toEqual({ raw: 'Error code 2153394151', failure: 'tls-alert-or-protocol' });
    const [certificate] = recordAll([
      sighting({ source: 'webNavigation', raw: 'Error code 2153398258' }),
      sighting({ raw: '証明書は自己署名されているため信頼されません。' }),
    ]);
    expect(certificate?.incident).toMatchObject({
      error: { raw: 'Error code 2153398258', failure: 'certificate' },
      phase: 'connecting-or-tls',
    });
    const [reset] = recordAll([
      sighting({ source: 'webNavigation', raw: 'Error code 2152398868' }),
      sighting({ raw: 'NS_ERROR_NET_RESET' }),
    ]);
    expect(reset?.incident.error).toEqual({ raw: 'NS_ERROR_NET_RESET', failure: 'reset-or-close' });
  });

  it("calls Firefox's reset in the body a reset", () => {
    const [record] = recordAll([sighting({ raw: 'NS_ERROR_NET_RESET', ip: '192.0.2.7', hasHeaders: true })]);
    expect(record?.incident.error.failure).toBe('reset');
    const [early] = recordAll([sighting({ raw: 'NS_ERROR_NET_RESET', ip: '192.0.2.7', hasHeaders: false })]);
    expect(early?.incident).toMatchObject({ error: { failure: 'reset-or-close' }, phase: 'unknown-before-headers', ip: '192.0.2.7' });
  });

  it('works with webNavigation alone, where host access is withheld', () => {
    const alone = (atMs: number) => sighting({ source: 'webNavigation', method: undefined, atMs });
    expect(counts(recordAll([alone(START), alone(START + 90_000)]))).toEqual([[2, 0]]);
  });
});

describe('durations', () => {
  const lasting = (atMs: number, durationMs: number, more: Partial<Sighting> = {}) =>
    sighting({ atMs, startedAtMs: atMs - durationMs, ...more });
  const durationsOf = (...sightings: Sighting[]) => recordAll(sightings)[0]?.incident.durationsMs;

  it('are kept of the newest five times, whichever family tells first', () => {
    expect(durationsOf(lasting(START, 6_000))).toBeUndefined();
    expect(durationsOf(lasting(START, 6_000), lasting(START + 7_020, 6_100))).toEqual([6_000, 6_100]);
    const navigation = sighting({ source: 'webNavigation', method: undefined, atMs: START + 20_000 });
    expect(durationsOf(lasting(START, 6_000), navigation, lasting(START + 20_002, 5_900))).toEqual([6_000, 5_900]);
    const many = [1, 2, 3, 4, 5, 6, 7].map((n) => lasting(START + n * 60_000, n * 1_000));
    expect(durationsOf(...many)).toEqual([3_000, 4_000, 5_000, 6_000, 7_000]);
  });
});

describe('automatic reloads', () => {
  const attempt = (atMs: number): Sighting[] => [
    sighting({ atMs, startedAtMs: atMs - 10 }),
    sighting({ source: 'webNavigation', method: undefined, atMs: atMs + 2 }),
  ];

  it("counts Chromium's own reloads after 1, 5 and 30 s apart", () => {
    const records = recordAll([START, START + 1_020, START + 6_050, START + 36_100].flatMap(attempt));
    expect(counts(records)).toEqual([[1, 3]]);
  });

  it("takes any other moment for the person's, and begins the series anew", () => {
    const records = recordAll([START, START + 1_020, START + 3_000, START + 4_030].flatMap(attempt));
    expect(counts(records)).toEqual([[2, 2]]);
  });

  it('knows none in Firefox', () => {
    expect(counts(recordAll([START, START + 1_020].flatMap(attempt), { hasAutoReload: false }))).toEqual([[2, 0]]);
  });
});

describe('what is one incident', () => {
  it('is another one for another URL, tab or kind of failure', () => {
    const records = recordAll([
      sighting(),
      sighting({ url: 'https://shop.test/other', pageUrl: 'https://shop.test/other' }),
      sighting({ tabId: 8 }),
      sighting({ raw: 'net::ERR_NAME_NOT_RESOLVED', atMs: START + 60_000 }),
      sighting({ atMs: START + 3 * 3_600_000 }),
    ]);
    expect(records).toHaveLength(5);
  });

  it('is the same one for a neighbour of the reset', () => {
    const records = recordAll([sighting(), sighting({ raw: 'net::ERR_SOCKET_NOT_CONNECTED', atMs: START + 20_000 })]);
    expect(counts(records)).toEqual([[2, 0]]);
  });

  it("counts a page's resources by host", () => {
    const image = (name: string, atMs: number) => sighting({ kind: 'sub-resource', url: `https://cdn.test/${name}`, atMs });
    const records = recordAll([image('a.png', START), image('b.png', START + 5), image('c.png', START + 9)]);
    expect(records.map(({ incident }) => [incident.url, incident.pageUrl, incident.count])).toEqual([['https://cdn.test/c.png', url, 3]]);
  });

  it('keeps no fragment, no credentials, and only web addresses', () => {
    expect(incidentUrl('https://me:secret@shop.test/cart#top')?.href).toBe(url);
    expect(['about:blank', 'chrome://settings', 'file:///etc/passwd', 'ftp://a.test/', 'not a url'].map(incidentUrl)).toEqual(
      Array(5).fill(undefined),
    );
    expect(recordSighting([], sighting({ url: 'chrome://version' }), { newId: 'i', hasAutoReload: true })).toEqual({
      records: [],
      incident: undefined,
    });
  });
});

describe('loads and tabs', () => {
  const load = (changes: Partial<Parameters<typeof recordLoad>[1]> = {}) => ({
    tabId: 7,
    url,
    redirects: [],
    startedAtMs: START + 50,
    atMs: START + 100,
    ...changes,
  });

  it('marks an incident mended when its page loads, whatever its scheme', () => {
    expect(recordLoad(recordAll([sighting()]), load({ url: 'http://shop.test/cart' }))[0]?.incident.mendedAtMs).toBe(START + 100);
    expect(recordLoad(recordAll([sighting()]), load({ url: 'https://login.test/', redirects: [url] }))[0]?.incident.mendedAtMs).toBe(
      START + 100,
    );
  });

  it('leaves it where the tab goes elsewhere', () => {
    const records = recordLoad(recordAll([sighting()]), load({ url: 'https://elsewhere.test/' }));
    expect(records[0]?.incident.mendedAtMs).toBeUndefined();
    expect(currentOfTab(records, 7)).toEqual([]);
  });

  it('does not mend a resource that failed while this very page was arriving', () => {
    const records = recordAll([sighting({ kind: 'sub-resource', url: 'https://cdn.test/a.png', atMs: START + 60 })]);
    expect(currentOfTab(recordLoad(records, load()), 7)).toHaveLength(1);
  });

  it('opens a mended incident again when it comes back', () => {
    const mended = recordLoad(recordAll([sighting()]), load());
    const { records } = recordSighting(mended, sighting({ atMs: START + 60_000 }), { newId: 'new', hasAutoReload: true });
    expect(records.map(({ incident }) => [incident.id, incident.count, incident.mendedAtMs])).toEqual([['i0', 2, undefined]]);
  });

  it('counts how often a page failed again although it had loaded in between, in this tab or another', () => {
    const failAgain = (records: readonly IncidentRecord[], atMs: number, changes: Partial<Sighting> = {}) =>
      recordSighting(records, sighting({ atMs: START + atMs, ...changes }), { newId: 'new', hasAutoReload: true }).records;
    const comeBacks = (records: readonly IncidentRecord[]) => records[0]?.incident.comeBacks;
    const mended = recordLoad(recordAll([sighting()]), load());
    const once = failAgain(mended, 60_000);
    expect(comeBacks(once)).toBe(1);
    expect(comeBacks(failAgain(once, 70_000)), 'nothing loaded since').toBe(1);
    const copied = recordLoad(recordAll([sighting()]), load({ isFromCache: true }));
    expect(comeBacks(failAgain(copied, 60_000)), 'only a copy was shown').toBeUndefined();
    expect(comeBacks(failAgain(recordLoad(once, load({ atMs: START + 70_000 })), 80_000))).toBe(2);
    expect(comeBacks(failAgain(mended, 60_000, { tabId: 8 }))).toBe(1);
    expect(comeBacks(failAgain(recordAll([sighting()]), 60_000))).toBeUndefined();
    expect(comeBacks(failAgain(mended, 60_000, { url: `${url}/other`, pageUrl: `${url}/other` }))).toBeUndefined();
    expect(comeBacks(failAgain(mended, 60_000, { raw: 'net::ERR_NAME_NOT_RESOLVED', tabId: 8 }))).toBeUndefined();
    expect(comeBacks(failAgain(mended, 11 * 60_000)), 'long ago').toBeUndefined();
    // A part fails beside a page that loads each time.
    const part = { kind: 'sub-resource', url: 'https://cdn.test/a.png' } as const;
    expect(comeBacks(failAgain(recordLoad(recordAll([sighting(part)]), load({ startedAtMs: START + 50 })), 60_000, part))).toBeUndefined();
  });

  it('changes nothing for tabs without incidents', () => {
    const records = recordAll([sighting()]);
    expect(recordLoad(records, load({ tabId: 99 }))).toBe(records);
    expect(recordTabClosed(records, 99)).toBe(records);
  });

  it('forgets the tab that is gone', () => {
    const records = recordTabClosed(recordAll([sighting()]), 7);
    expect(records[0]?.incident.tabId).toBe(-1);
    expect(currentOfTab(records, 7)).toEqual([]);
  });

  it("puts the page's own failure before its parts", () => {
    const records = recordAll([sighting(), sighting({ kind: 'fetch', url: 'https://api.test/', atMs: START + 500 })]);
    expect(currentOfTab(records, 7).map(({ kind }) => kind)).toEqual(['main-frame', 'fetch']);
  });
});

describe('bounds', () => {
  const many = (count: number, urlLength: number): IncidentRecord[] =>
    Array.from({ length: count }, (_, at) => {
      const { records } = recordSighting([], sighting({ url: `https://shop.test/${at}/${'x'.repeat(urlLength)}`, atMs: START + at }), {
        newId: `i${at}`,
        hasAutoReload: true,
      });
      return records[0] as IncidentRecord;
    });

  it('keeps the newest 500', () => {
    const kept = bound(many(INCIDENT_LIMIT + 20, 1));
    expect(kept).toHaveLength(INCIDENT_LIMIT);
    expect(kept[0]?.incident.id).toBe('i519');
  });

  it('keeps at most 1 MB', () => {
    const kept = bound(many(100, 9_000));
    expect(JSON.stringify(kept).length).toBeLessThanOrEqual(INCIDENT_BYTES_LIMIT);
    expect(kept.length).toBeGreaterThan(40);
    expect(kept[0]?.incident.id).toBe('i99');
  });

  it('bounds hosts and URLs of any length', () => {
    const host = `${'x'.repeat(2_000)}.test`;
    const { incident } = recordSighting([], sighting({ url: `https://${host}/${'y'.repeat(20_000)}`, raw: 'z '.repeat(4_000) }), {
      newId: 'i',
      hasAutoReload: true,
    });
    expect({ host: incident?.host, url: incident?.url.length, raw: incident?.error.raw.length }).toEqual({ host, url: 8_192, raw: 300 });
  });
});
