import type { Exchange } from '../../model/exchange';
import type { NetError } from '../../model/incident';
import { protocolOf } from '../event-tap';
import type { BrowserApi, RequestDetails, RequestListener } from './browser-api';
import type { ListenerLedger } from './listener-ledger';
import type { SiteBudget } from './site-budget';

export interface SocketDoorOptions {
  api: BrowserApi;
  ledger: ListenerLedger;
  budget: SiteBudget;
  /** Turns the browser's words into a failure (`net-errors`). */
  classify(raw: string, hasHeaders: boolean, url: string): NetError;
  signal: AbortSignal;
  onSpent?(spent: number): void;
  /** Begins a handshake; for tests. */
  open?(address: string): Pick<WebSocket, 'close' | 'addEventListener'>;
}

/**
 * Makes the door that asks for a page by the handshake of a WebSocket (Firefox: blocking `webRequest` shows its answer, whatever that
 * is, and lets its headers be set). No cookie goes with it and none of its answer is kept; its origin is the site's own. What opens is
 * closed at once.
 */
export function createSocketDoor(options: SocketDoorOptions) {
  const { api, ledger, budget, signal } = options;
  const open = options.open ?? ((address: string) => new WebSocket(address));
  const ownOrigin = api.runtime.getURL('');
  /** Requests of handshakes that are over: the browser tells their end later, when the next is under way [seen]. */
  const over = new Set<string>();

  return async ({ url, timeoutMs }: { url: string; timeoutMs: number }): Promise<Exchange> => {
    const page = new URL(url);
    page.hash = '';
    const address = page.href.replace(/^https:/, 'wss:');
    const place = await budget.enter(signal);
    if ('refused' in place) {
      return place.refused === 'cancelled'
        ? { url, durationMs: 0, wasFresh: false, outcome: 'cancelled' }
        : { url, durationMs: 0, wasFresh: false, outcome: 'refused-by-us', reason: place.refused };
    }
    options.onSpent?.(budget.spent());

    let end: (exchange: Exchange) => void = () => undefined;
    const ended = new Promise<Exchange>((resolve) => {
      end = resolve;
    });
    const startedAt = performance.now();
    const facts = (ip?: string | null) => ({
      url,
      durationMs: Math.round(performance.now() - startedAt),
      wasFresh: true,
      ...(ip && { ip }),
    });
    let requestId: string | undefined;
    const isOurs = (details: RequestDetails) => {
      const isOne =
        details.url === address && details.tabId === -1 && (details.originUrl ?? '').startsWith(ownOrigin) && !over.has(details.requestId);
      if (isOne) requestId = details.requestId;
      return isOne;
    };
    const setHeaders: RequestListener = (details) => {
      if (!isOurs(details)) return undefined;
      const kept = (details.requestHeaders ?? []).filter(({ name }) => !['cookie', 'origin'].includes(name.toLowerCase()));
      return { requestHeaders: [...kept, { name: 'Origin', value: page.origin }] };
    };
    const onAnswer: RequestListener = (details) => {
      if (!isOurs(details)) return undefined;
      const { statusCode = 0, statusLine = '', responseHeaders = [], proxyInfo, ip } = details;
      const hasHeader = (wanted: string) => responseHeaders.some(({ name }) => name.toLowerCase() === wanted);
      if (statusCode === 429 || statusCode === 503 || hasHeader('retry-after')) budget.stop();
      const isProxied = proxyInfo !== undefined && proxyInfo !== null && proxyInfo.type !== 'direct';
      end({
        ...facts(ip),
        ...(isProxied && { proxy: { type: proxyInfo.type, host: proxyInfo.host ?? '', port: Number(proxyInfo.port ?? 0) } }),
        outcome: 'response',
        status: statusCode,
        // HTTP/2 where the server takes WebSockets by it (RFC 8441), else HTTP/1.1 [seen].
        protocol: protocolOf(statusLine),
        bytes: 0,
        isComplete: false,
      });
      // Firefox keeps the cookies of any answer [seen]: those to a newcomer would replace the person's session.
      return { responseHeaders: responseHeaders.filter(({ name }) => name.toLowerCase() !== 'set-cookie') };
    };
    const onError: RequestListener = (details) => {
      if (!isOurs(details)) return;
      const error = options.classify(details.error ?? '', false, url);
      end({ ...facts(details.ip), outcome: 'failure', error, hadHeaders: false, bytes: 0 });
    };
    const giveUp = (outcome: 'timed-out' | 'cancelled') => end({ ...facts(), wasFresh: false, outcome });
    const onAbort = () => giveUp('cancelled');

    const filter = { urls: [`wss://${page.hostname}/*`], types: ['websocket'] };
    const removers: (() => void)[] = [];
    const timer = setTimeout(() => giveUp('timed-out'), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    let socket: ReturnType<typeof open> | undefined;
    try {
      removers.push(ledger.hear('onBeforeSendHeaders', setHeaders, filter, ['requestHeaders', 'blocking']));
      removers.push(ledger.hear('onHeadersReceived', onAnswer, filter, ['responseHeaders', 'blocking']));
      removers.push(ledger.hear('onErrorOccurred', onError, filter));
      await ledger.settled();
      socket = open(address);
      socket.addEventListener('open', () => socket?.close());
      return await ended;
    } catch {
      // A listener that may block is refused where the permission was taken back meanwhile: nothing was sent.
      return { ...facts(), wasFresh: false, outcome: 'cancelled' };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket?.close();
      for (const remove of removers) remove();
      if (requestId !== undefined) over.add(requestId);
      place.leave();
    }
  };
}
