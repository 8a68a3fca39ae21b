import { describe, expect, it } from 'vitest';
import { abilitiesOf, patternCovers } from '../../src/background/doors/extensions-door';
import { createHeaderLanes } from '../../src/background/doors/header-lanes';
import { proxyFactsOf } from '../../src/background/doors/proxy-door';
import { addressesInError, directScript, otherRouteScript, relayScript, resolvingScript } from '../../src/background/doors/proxy-script';
import { createSiteBudget } from '../../src/background/doors/site-budget';
import { createTurn } from '../../src/background/doors/turns';

/** Runs a proxy script as a browser would. */
function routeOf(script: string, url: string, dns: Record<string, string> = {}): string {
  const glob = (text: string, pattern: string) =>
    new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
  const make = new Function('shExpMatch', 'isPlainHostName', 'dnsResolve', 'dnsResolveEx', `${script}\nreturn FindProxyForURL;`);
  const find = make(
    glob,
    (host: string) => !host.includes('.'),
    (host: string) => dns[host] ?? null,
    (host: string) => dns[host] ?? '',
  ) as (url: string, host: string) => string;
  return find(url, new URL(url).hostname);
}

describe('proxy scripts', () => {
  const fixed = {
    mode: 'fixed_servers',
    rules: { singleProxy: { scheme: 'http', host: 'proxy.example', port: 3128 }, bypassList: ['<local>', '*.inside.example'] },
  };
  it('send one host direct and the others as before', () => {
    const script = directScript('shop.example', fixed);
    expect(routeOf(script, 'https://shop.example/')).toBe('DIRECT');
    expect(routeOf(script, 'https://other.example/')).toBe('PROXY proxy.example:3128');
    expect(routeOf(script, 'http://printer/')).toBe('DIRECT');
    expect(routeOf(script, 'http://a.inside.example/')).toBe('DIRECT');
  });
  it('send one host’s plain http to itself over TLS and all else as before', () => {
    const script = relayScript({ host: 'shop.example', port: 8443 }, fixed);
    expect(routeOf(script, 'http://shop.example/')).toBe('HTTPS shop.example:8443');
    expect(routeOf(script, 'https://shop.example/')).toBe('PROXY proxy.example:3128');
    expect(routeOf(script, 'http://other.example/')).toBe('PROXY proxy.example:3128');
  });
  it('keep a script given as text, and go direct where the route is not known', () => {
    const pac = { mode: 'pac_script', pacScript: { data: 'function FindProxyForURL(url, host) { return "SOCKS5 s.example:1"; }' } };
    expect(routeOf(directScript('shop.example', pac), 'http://other.example/')).toBe('SOCKS5 s.example:1');
    expect(routeOf(directScript('shop.example', { mode: 'system' }), 'http://other.example/')).toBe('DIRECT');
    expect(otherRouteScript({ mode: 'auto_detect' })).toContain('DIRECT');
  });
  it('throw the addresses for the trigger only', () => {
    const script = resolvingScript('shop.example', '192.0.2.1', 'mark', fixed);
    expect(() => routeOf(script, 'http://192.0.2.1/', { 'shop.example': '2001:db8::1;198.51.100.7' })).toThrow(
      'mark<2001:db8::1;198.51.100.7>',
    );
    expect(routeOf(script, 'http://other.example/')).toBe('PROXY proxy.example:3128');
  });
  it('are read back from the browser’s error text', () => {
    expect(addressesInError('line: 4: Uncaught mark<2001:db8::1;198.51.100.7>', 'mark')).toEqual(['2001:db8::1', '198.51.100.7']);
    expect(addressesInError('line: 4: Uncaught mark<>', 'mark')).toEqual([]);
    expect(addressesInError('line: 1: Uncaught SyntaxError', 'mark')).toBeUndefined();
  });
});

describe('proxy settings', () => {
  it('are read in both browsers without credentials', () => {
    expect(
      proxyFactsOf(
        {
          levelOfControl: 'controlled_by_other_extensions',
          value: { mode: 'fixed_servers', rules: { singleProxy: { host: 'p', port: 1, scheme: 'socks5' } } },
        },
        'chromium',
      ),
    ).toEqual({
      mode: 'manual',
      heldBy: 'other-extension',
      servers: ['socks5://p:1'],
    });
    expect(
      proxyFactsOf(
        { levelOfControl: 'not_controllable', value: { mode: 'pac_script', pacScript: { url: 'http://me:secret@pac.example/p.pac?k=1' } } },
        'chromium',
      ),
    ).toEqual({
      mode: 'pac',
      heldBy: 'policy',
      servers: ['http://pac.example/p.pac'],
    });
    expect(
      proxyFactsOf(
        { levelOfControl: 'controllable_by_this_extension', value: { proxyType: 'manual', http: 'p:8080', ssl: 'p:8080', socks: '' } },
        'gecko',
      ),
    ).toEqual({
      mode: 'manual',
      heldBy: 'person',
      servers: ['p:8080'],
    });
    const exceptions = (...bypassList: readonly string[]) =>
      proxyFactsOf(
        { levelOfControl: '?', value: { mode: 'fixed_servers', rules: { singleProxy: { host: 'p', port: 1 }, bypassList } } },
        'chromium',
      ).hasExceptions;
    expect([exceptions('<local>'), exceptions('<local>', '*.example')]).toEqual([undefined, true]);
    expect(proxyFactsOf({ levelOfControl: '?', value: null }, 'gecko')).toEqual({ mode: 'unknown', heldBy: 'unknown', servers: [] });
  });
});

describe('extensions', () => {
  it('cover hosts by their patterns', () => {
    const covered = ['<all_urls>', '*://*/*', 'https://*.shop.example/*', 'http://shop.example:8080/*'];
    expect(covered.every((pattern) => patternCovers(pattern, 'shop.example'))).toBe(true);
    expect(
      ['https://*.other.example/*', 'https://myshop.example/*', 'file:///*', 'nonsense'].some((pattern) =>
        patternCovers(pattern, 'shop.example'),
      ),
    ).toBe(false);
  });
  it('are able by their permissions', () => {
    const base = { id: 'a', name: 'Fast VPN', version: '1', type: 'extension', enabled: true, mayDisable: true };
    expect(abilitiesOf({ ...base, permissions: ['proxy', 'declarativeNetRequest'] })).toEqual(['proxy', 'vpn', 'headers']);
    expect(abilitiesOf({ ...base, name: 'Notes', hostPermissions: ['<all_urls>'] })).toEqual(['content']);
    expect(abilitiesOf({ ...base, name: 'Notes', permissions: ['storage'] })).toEqual([]);
  });
});

describe('the budget of a site', () => {
  const fill = async (host: string, wanted: number, hasLargerBurst = false) => {
    const budget = createSiteBudget({ host, hasLargerBurst: () => hasLargerBurst });
    const inside: (() => void)[] = [];
    const results: string[] = [];
    let most = 0;
    let now = 0;
    const work = Array.from({ length: wanted }, async () => {
      const place = await budget.enter();
      if ('refused' in place) {
        results.push(place.refused);
        return;
      }
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => inside.push(resolve));
      now -= 1;
      results.push('sent');
      place.leave();
    });
    const all = Promise.all(work);
    let isOver = false;
    all.then(() => {
      isOver = true;
    });
    while (!isOver) {
      inside.shift()?.();
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      most,
      sent: results.filter((result) => result === 'sent').length,
      refused: results.filter((result) => result === 'budget').length,
    };
  };
  it('lets 20 through, 6 at once, one at a time to private hosts', async () => {
    expect(await fill('shop.example', 25)).toEqual({ most: 6, sent: 20, refused: 5 });
    expect(await fill('192.168.0.1', 25)).toEqual({ most: 1, sent: 20, refused: 5 });
    expect(await fill('shop.example', 55, true)).toEqual({ most: 6, sent: 50, refused: 5 });
  });
  it('stops when the site asks for it, and when the caller gives up', async () => {
    const budget = createSiteBudget({ host: 'printer', hasLargerBurst: () => false });
    const first = await budget.enter();
    const gaveUp = new AbortController();
    const waiting = budget.enter(gaveUp.signal);
    gaveUp.abort();
    expect(await waiting).toEqual({ refused: 'cancelled' });
    const next = budget.enter();
    budget.stop();
    if (!('refused' in first)) first.leave();
    expect(await next).toEqual({ refused: 'asked-to-stop' });
    expect(budget.left()).toBe(0);
  });
});

describe('header lanes', () => {
  it('keep different wishes to one origin apart and let equal ones go together', async () => {
    const log: string[] = [];
    const lanes = createHeaderLanes({
      set: async (_origin, wish) => {
        log.push(`set ${Object.keys(wish)}`);
      },
      clear: async () => {
        log.push('clear');
      },
    });
    const close = { connection: 'close' };
    const first = await lanes.enter('http://a', close);
    const second = await lanes.enter('http://a', close);
    const plain = lanes.enter('http://a', undefined).then((lane) => {
      log.push('plain');
      return lane;
    });
    const strip = lanes.enter('http://a', { cookie: null });
    const elsewhere = await lanes.enter('http://b', undefined);
    elsewhere.leave();
    first.leave();
    first.leave();
    expect(log).toEqual(['set connection']);
    second.leave();
    (await plain).leave();
    (await strip).leave();
    (await lanes.enter('http://a', undefined)).leave();
    expect(log).toEqual(['set connection', 'clear', 'plain', 'set cookie', 'clear']);
  });
  it('pass on a refusal of the rules and go on', async () => {
    let isRefused = true;
    const lanes = createHeaderLanes({
      set: async () => {
        if (isRefused) throw new Error('no permission');
      },
      clear: async () => undefined,
    });
    await expect(lanes.enter('http://a', { cookie: null })).rejects.toThrow('no permission');
    isRefused = false;
    (await lanes.enter('http://a', { cookie: null })).leave();
    (await lanes.enter('http://a', undefined)).leave();
  });
});

describe('turns', () => {
  it('let one experiment through at a time, in order, and turn away who waited too long', async () => {
    const turn = createTurn();
    const log: string[] = [];
    let end: () => void = () => undefined;
    const first = turn(async () => {
      log.push('first begins');
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      log.push('first ends');
      throw new Error('first failed');
    });
    const late = new AbortController();
    const second = turn(async () => log.push('second'), late.signal);
    const third = turn(async () => log.push('third'));
    await expect.poll(() => log).toEqual(['first begins']);
    late.abort();
    end();
    await expect(first).rejects.toThrow('first failed');
    await expect(second).rejects.toThrow('took too long');
    await third;
    expect(log).toEqual(['first begins', 'first ends', 'third']);
  });
});
