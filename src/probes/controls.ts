import type { Exchange } from '../model/exchange';
import type { ControlResult } from '../model/measurement';
import type { Probe } from './context';

/** A vendor's published connectivity addresses and what they answer. */
interface Control {
  vendor: string;
  http: string;
  https: string;
  /** Status that the http address answers, and text that its body contains. */
  status: number;
  text: string;
  /** Known to speak h2 or h3 on the https address. */
  isHttp2Expected: boolean;
}

export const CONTROLS: readonly Control[] = [
  {
    vendor: 'Google',
    http: 'http://connectivitycheck.gstatic.com/generate_204',
    https: 'https://www.gstatic.com/generate_204',
    status: 204,
    text: '',
    isHttp2Expected: true,
  },
  {
    vendor: 'Cloudflare',
    http: 'http://cp.cloudflare.com/generate_204',
    https: 'https://cp.cloudflare.com/generate_204',
    status: 204,
    text: '',
    isHttp2Expected: true,
  },
  {
    vendor: 'Apple',
    http: 'http://captive.apple.com/hotspot-detect.html',
    https: 'https://www.apple.com/library/test/success.html',
    status: 200,
    text: 'Success',
    isHttp2Expected: true,
  },
  {
    vendor: 'Mozilla',
    http: 'http://detectportal.firefox.com/success.txt',
    https: 'https://detectportal.firefox.com/success.txt',
    status: 200,
    text: 'success',
    isHttp2Expected: true,
  },
];

/** Whether the browser itself turned an http request into https (HSTS, https-first): nobody was asked. */
export function isBrowserUpgrade(exchange: Exchange): boolean {
  if (exchange.outcome !== 'response' || exchange.status !== 307 || exchange.ip !== undefined || !exchange.location) return false;
  const [from, to] = [new URL(exchange.url), new URL(exchange.location)];
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
}

/** Compares an answer with the published one. Errors of the vendor or a proxy are no portal. */
export function judgeControl(control: Pick<Control, 'status' | 'text'>, http: Exchange, https: Exchange): ControlResult['httpVerdict'] {
  const isPublished = (exchange: Exchange) =>
    exchange.outcome === 'response' && exchange.status === control.status && (exchange.text ?? '').includes(control.text);
  if (isPublished(http)) return 'expected';
  if (http.outcome !== 'response') return 'failed';
  if (isBrowserUpgrade(http)) return isPublished(https) ? 'expected' : 'failed';
  return http.status < 400 || http.status === 511 ? 'portal' : 'failed';
}

/** Well-known hosts of several vendors, none of which learns the failing site. */
export const controls: Probe<'controls'> = {
  id: 'controls',
  after: [],
  consents: () => [],
  deadlineMs: 7000,
  skip: (context) => (context.settings.isControlsAllowed ? undefined : 'not-applicable'),
  async run(context) {
    const ask = (url: string) => context.request({ url, party: 'control', timeoutMs: 5000, keepText: 512, maxBytes: 4096 });
    const results = await Promise.all(
      CONTROLS.map(async (control): Promise<ControlResult> => {
        const [http, https] = await Promise.all([ask(control.http), ask(control.https)]);
        return {
          vendor: control.vendor,
          http,
          https,
          httpVerdict: judgeControl(control, http, https),
          isHttp2Expected: control.isHttp2Expected,
        };
      }),
    );
    return { results };
  },
};
