import type { ProxyFacts } from '../model/measurement';
import type { Probe } from './context';

/** Mode and holder of the proxy setting; in Firefox also the proxy that our own request really took. */
export const proxySettings: Probe<'proxy-settings'> = {
  id: 'proxy-settings',
  after: ['own-request'],
  consents: () => [],
  deadlineMs: 2000,
  async run(context) {
    const facts: ProxyFacts = await context.proxy.read();
    if (context.environment.engine !== 'gecko') return facts;
    // Another extension's `proxy.onRequest` shows in no setting, only in what requests do.
    const sent = context.measurements['own-request']?.exchanges.filter((exchange) => exchange.outcome !== 'refused-by-us') ?? [];
    const taken = sent.find((exchange) => exchange.proxy)?.proxy;
    if (taken) return { ...facts, observed: taken };
    const hasAnswer = sent.some((exchange) => exchange.outcome === 'response' || exchange.outcome === 'failure');
    return hasAnswer ? { ...facts, observed: 'none' } : facts;
  },
};
