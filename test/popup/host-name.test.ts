import { describe, expect, it } from 'vitest';
import { decodePunycode, nameHost, shortenMiddle } from '../../src/popup/select/host-name';

describe('nameHost', () => {
  it('leaves a plain host as it is', () => {
    expect(nameHost('news.example.org')).toEqual({
      full: 'news.example.org',
      short: 'news.example.org',
      isShortened: false,
      isMixed: false,
    });
  });

  it('bounds a host of 2,000 characters and keeps both ends', () => {
    const host = `${'label.'.repeat(333)}ex`;
    const name = nameHost(host);
    expect(name.isShortened).toBe(true);
    expect(Array.from(name.short).length).toBe(48);
    expect(name.short.startsWith('label.')).toBe(true);
    expect(name.short.endsWith('.ex')).toBe(true);
    expect(name.full).toBe(host);
  });

  it('tells what an internationalised name reads like, beside its true form', () => {
    const name = nameHost('xn--e1afmkfd.xn--p1ai');
    expect(name.short).toBe('xn--e1afmkfd.xn--p1ai');
    expect(name.reads).toBe('пример.рф');
    expect(name.isMixed).toBe(false);
  });

  it('warns of writing systems mixed in one label', () => {
    // "pаypal" with a Cyrillic а.
    const name = nameHost('xn--pypal-4ve.com');
    expect(name.reads).toBe('pаypal.com');
    expect(name.isMixed).toBe(true);
  });

  it('shows no reading that has invisible or direction-changing characters', () => {
    const host = new URL('https://a\u00ADb.example/').hostname;
    expect(nameHost(host).reads).toBeUndefined();
    expect(nameHost('xn--a-0hb.example').reads ?? '').not.toMatch(/[\u200e\u200f\u202a-\u202e]/);
  });

  it('shows no reading of broken punycode', () => {
    expect(nameHost('xn--99999999999.example').reads).toBeUndefined();
  });

  it('takes an address in brackets', () => {
    expect(nameHost('[2001:db8::1]').short).toBe('[2001:db8::1]');
  });
});

describe('decodePunycode', () => {
  it.each([
    ['mnchen-3ya', 'münchen'],
    ['wgv71a119e', '日本語'],
    ['4gbrim', 'عمار'],
  ])('decodes %s as the URL parser encodes it', (encoded) => {
    const decoded = decodePunycode(encoded) ?? '';
    expect(new URL(`https://${decoded}.example/`).hostname).toBe(`xn--${encoded}.example`);
  });

  it('refuses what is no digit', () => {
    expect(decodePunycode('a-_!')).toBeUndefined();
  });
});

describe('shortenMiddle', () => {
  it('keeps short texts', () => expect(shortenMiddle('abc', 3)).toBe('abc'));
  it('cuts in the middle, never inside a character', () => {
    expect(shortenMiddle('😀😀😀😀😀', 3)).toBe('😀…😀');
  });
});
