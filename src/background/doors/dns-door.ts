import type { Journal } from '../../experiments/journal';
import type { DnsAnswer } from '../../model/measurement';
import type { DnsDoor } from '../../probes/context';
import type { BrowserApi } from './browser-api';
import { readControl, whileScript } from './proxy-door';
import { addressesInError, resolvingScript } from './proxy-script';
import type { Turn } from './turns';

/** Documentation address (RFC 5737) that asks our script: nobody is there, and no name goes to a resolver. */
const TRIGGER = '192.0.2.1';
const ANSWER_MS = 5000;

export function createDnsDoor(options: {
  api: BrowserApi;
  engine: 'chromium' | 'gecko';
  journal: Journal;
  newId(): string;
  turn: Turn;
  fetch?: typeof fetch;
}): DnsDoor {
  const { api, engine, journal, newId, turn } = options;
  const doFetch = options.fetch ?? fetch;
  const answer = (addresses: readonly string[]): DnsAnswer => ({
    resolver: 'browser',
    addresses,
    status: addresses.length > 0 ? 'ok' : 'no-such-name',
  });
  const unreachable: DnsAnswer = { resolver: 'browser', addresses: [], status: 'unreachable' };

  if (engine === 'gecko') {
    const dns = api.dns;
    if (!dns) return {};
    return {
      async resolve(host) {
        try {
          return answer((await dns.resolve(host)).addresses);
        } catch (error) {
          return /UNKNOWN_HOST/.test(String(error)) ? answer([]) : unreachable;
        }
      },
    };
  }

  const source = api.proxy.onProxyError;
  if (!source) return {};
  const resolveByScript = async (host: string): Promise<DnsAnswer> => {
    const { config, heldBy } = await readControl(api);
    if (heldBy) return unreachable;
    const mark = `unreset-${newId().replace(/[^a-z0-9]/gi, '')}`;
    const outcome = await whileScript(api, journal, config, resolvingScript(host, TRIGGER, mark, config), async () => {
      const controller = new AbortController();
      let listener: ((details: { error: string; details?: string }) => void) | undefined;
      const timer = setTimeout(() => controller.abort(), ANSWER_MS);
      try {
        return await new Promise<DnsAnswer>((resolve) => {
          listener = (details) => {
            const addresses = addressesInError(details.details ?? '', mark);
            if (addresses) resolve(answer(addresses));
          };
          source.addListener(listener);
          controller.signal.addEventListener('abort', () => resolve(unreachable), { once: true });
          // The request itself is of no interest: it is dropped as soon as the script has spoken.
          doFetch(`http://${TRIGGER}/`, { method: 'HEAD', cache: 'no-store', credentials: 'omit', signal: controller.signal }).catch(
            () => undefined,
          );
        });
      } finally {
        clearTimeout(timer);
        controller.abort();
        if (listener) source.removeListener(listener);
      }
    });
    return outcome.isInEffect ? outcome.value : unreachable;
  };
  return { resolve: (host) => turn(() => resolveByScript(host)) };
}
