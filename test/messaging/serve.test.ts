import { describe, expect, it } from 'vitest';
import { answer, type Handlers } from '../../src/messaging/serve';

const own = { id: 'us', baseUrl: 'chrome-extension://us/' };
const page = { id: 'us', url: 'chrome-extension://us/src/popup/index.html' };

/** Handlers that write down what reached them. */
function createHandlers(): { handlers: Handlers; seen: [string, unknown][] } {
  const seen: [string, unknown][] = [];
  const note =
    <Value>(type: string, value: Value) =>
    async (request: unknown) => {
      seen.push([type, request]);
      return value;
    };
  const settings = { isControlsAllowed: true, isProbeTabAllowed: true };
  return {
    seen,
    handlers: {
      'session.open-tab': note('session.open-tab', { sessionId: 's1', incidents: [] }),
      'session.open-incident': note('session.open-incident', { sessionId: 's1' }),
      'session.open-url': note('session.open-url', { sessionId: 's1' }),
      'consent.set': note('consent.set', null),
      'question.answer': note('question.answer', null),
      'step.record': note('step.record', null),
      'step.withdraw': note('step.withdraw', null),
      'session.retest': note('session.retest', null),
      'session.rerun': async () => {
        throw new Error('no such session');
      },
      'experiment.start': note('experiment.start', null),
      'experiment.stop': note('experiment.stop', null),
      'experiment.word': note('experiment.word', null),
      'incident.list': note('incident.list', []),
      'incident.clear': note('incident.clear', null),
      'settings.get': note('settings.get', settings),
      'settings.set': note('settings.set', settings),
      'changes.list': note('changes.list', []),
      'cookies.bring-back': note('cookies.bring-back', { isTooLate: false }),
      'changes.give-back': note('changes.give-back', null),
    },
  };
}

describe('answer', () => {
  it('hands a request of our page to its handler', async () => {
    const { handlers, seen } = createHandlers();
    expect(await answer({ type: 'session.open-tab', tabId: 7 }, page, own, handlers)).toEqual({
      ok: true,
      value: { sessionId: 's1', incidents: [] },
    });
    expect(seen).toEqual([['session.open-tab', { tabId: 7 }]]);
  });

  it.each([
    ['a content script', { id: 'us', url: 'https://example.test/' }],
    ['another extension', { id: 'them', url: 'chrome-extension://them/page.html' }],
    ['a page that only looks like ours', { id: 'us', url: 'https://chrome-extension.test/chrome-extension://us/' }],
    ['nobody', undefined],
  ])('refuses %s', async (_name, sender) => {
    const { handlers, seen } = createHandlers();
    expect(await answer({ type: 'incident.list' }, sender, own, handlers)).toEqual({
      ok: false,
      error: 'refused: not a page of this extension',
    });
    expect(seen).toEqual([]);
  });

  it.each([
    ['an unknown type', { type: 'session.destroy' }],
    ['a name of Object.prototype', { type: 'constructor' }],
    ['no type', { tabId: 1 }],
    ['no object', 'session.open-tab'],
    ['null', null],
    ['a tab id that is none', { type: 'session.open-tab', tabId: '7' }],
    ['a consent that is none', { type: 'consent.set', sessionId: 's', consent: 'everything', state: 'given' }],
    ['an answer that is none', { type: 'question.answer', sessionId: 's', observation: 'vpn-active', value: 'perhaps' }],
    ['an endless URL', { type: 'session.open-url', url: `http://a.test/${'x'.repeat(9000)}` }],
  ])('refuses %s loudly', async (_name, message) => {
    const { handlers, seen } = createHandlers();
    const result = await answer(message, page, own, handlers);
    expect(result.ok).toBe(false);
    expect(seen).toEqual([]);
  });

  it('takes an answer of the vocabulary, and null to take it back', async () => {
    const { handlers, seen } = createHandlers();
    await answer({ type: 'question.answer', sessionId: 's', observation: 'vpn-active', value: 'yes' }, page, own, handlers);
    await answer({ type: 'question.answer', sessionId: 's', observation: 'vpn-active', value: null }, page, own, handlers);
    expect(seen.map(([, request]) => (request as { value: unknown }).value)).toEqual(['yes', null]);
  });

  it("turns a handler's throw into an answer", async () => {
    const { handlers } = createHandlers();
    expect(await answer({ type: 'session.rerun', sessionId: 's' }, page, own, handlers)).toEqual({ ok: false, error: 'no such session' });
  });
});
