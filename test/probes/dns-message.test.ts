import packet from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { base64Url, encodeQuery, parseReply, TYPE_A, TYPE_AAAA } from '../../src/probes/dns-message';
import { answerOf } from '../../src/probes/independent-dns';

const reply = (answers: packet.Answer[], flags = 0) =>
  new Uint8Array(packet.encode({ type: 'response', id: 0, flags, questions: [{ type: 'A', name: 'shop.example' }], answers }));

describe('DNS messages', () => {
  it('asks as another implementation reads it', () => {
    const read = packet.decode(Buffer.from(encodeQuery('shop.example', TYPE_AAAA)));
    expect(read).toMatchObject({ id: 0, type: 'query', questions: [{ type: 'AAAA', name: 'shop.example', class: 'IN' }] });
    expect(base64Url(encodeQuery('a.example', TYPE_A))).not.toMatch(/[+/=]/);
  });
  it('refuses names that do not fit', () => {
    expect(() => encodeQuery(`${'a'.repeat(64)}.example`, TYPE_A)).toThrow();
    expect(() => encodeQuery('a..example', TYPE_A)).toThrow();
    expect(() => encodeQuery(`${'a.'.repeat(130)}example`, TYPE_A)).toThrow();
  });
  it('reads addresses behind aliases', () => {
    const message = reply([
      { type: 'CNAME', name: 'shop.example', data: 'cdn.example' },
      { type: 'A', name: 'cdn.example', data: '192.0.2.7' },
      { type: 'AAAA', name: 'cdn.example', data: '2001:db8:0:0:1:0:0:1' },
    ]);
    expect(parseReply(message)).toEqual({ code: 0, addresses: ['192.0.2.7', '2001:db8::1:0:0:1'] });
  });
  it('takes no cut or looping message for an answer', () => {
    const whole = reply([{ type: 'A', name: 'shop.example', data: '192.0.2.7' }]);
    for (let length = 0; length < whole.length; length++) expect(parseReply(whole.slice(0, length))).toBeUndefined();
    expect(parseReply(encodeQuery('shop.example', TYPE_A))).toBeUndefined();
    const manyAnswers = whole.slice();
    manyAnswers[6] = 0xff;
    expect(parseReply(manyAnswers)).toBeUndefined();
  });
  it('tells no name, no address and no answer apart', () => {
    expect(answerOf('R', [{ code: 3, addresses: [] }, undefined]).status).toBe('no-such-name');
    expect(
      answerOf('R', [
        { code: 0, addresses: [] },
        { code: 0, addresses: [] },
      ]).status,
    ).toBe('empty');
    expect(answerOf('R', [undefined, undefined]).status).toBe('unreachable');
    expect(answerOf('R', [{ code: 2, addresses: [] }, undefined]).status).toBe('unreachable');
    expect(answerOf('R', [{ code: 0, addresses: ['192.0.2.1'] }, undefined])).toMatchObject({ status: 'ok', addresses: ['192.0.2.1'] });
  });
});
