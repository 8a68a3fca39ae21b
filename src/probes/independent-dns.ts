import type { DnsAnswer } from '../model/measurement';
import type { Probe, ProbeContext } from './context';
import { base64Url, type DnsReply, encodeQuery, parseReply, TYPE_A, TYPE_AAAA } from './dns-message';
import { isPrivateHost } from './hosts';
import { hasName } from './target';

/** Independent resolvers over HTTPS (RFC 8484), by GET. */
export const RESOLVERS: readonly { name: string; url: string }[] = [
  { name: 'Cloudflare', url: 'https://cloudflare-dns.com/dns-query' },
  { name: 'Google', url: 'https://dns.google/dns-query' },
  { name: 'Quad9', url: 'https://dns.quad9.net/dns-query' },
];

async function askResolver(context: Pick<ProbeContext, 'request'>, url: string, host: string, type: number): Promise<DnsReply | undefined> {
  const exchange = await context.request({
    url: `${url}?dns=${base64Url(encodeQuery(host, type))}`,
    party: 'resolver',
    accept: 'application/dns-message',
    timeoutMs: 4000,
    maxBytes: 16_384,
    keepBytes: true,
  });
  if (exchange.outcome !== 'response' || exchange.status !== 200 || !exchange.body) return undefined;
  return parseReply(exchange.body);
}

/** One resolver's answer of its replies for both families; either may be missing. */
export function answerOf(resolver: string, replies: readonly (DnsReply | undefined)[]): DnsAnswer {
  const told = replies.filter((reply) => reply !== undefined);
  const addresses = [...new Set(told.flatMap((reply) => reply.addresses))];
  if (addresses.length > 0) return { resolver, addresses, status: 'ok' };
  if (told.some((reply) => reply.code === 3)) return { resolver, addresses, status: 'no-such-name' };
  // SERVFAIL and REFUSED are no answer to the question.
  return { resolver, addresses, status: told.some((reply) => reply.code === 0) ? 'empty' : 'unreachable' };
}

/** What independent resolvers say of the name. Tells them the name, so it waits for the person's word, and never a private one. */
export const independentDns: Probe<'independent-dns'> = {
  id: 'independent-dns',
  after: [],
  consents: () => ['ask-resolvers'],
  deadlineMs: 5000,
  skip: ({ incident }) => (hasName(incident) && !isPrivateHost(incident.host) ? undefined : 'not-applicable'),
  async run(context) {
    const answers = await Promise.all(
      RESOLVERS.map(async ({ name, url }) =>
        answerOf(name, await Promise.all([TYPE_A, TYPE_AAAA].map((type) => askResolver(context, url, context.incident.host, type)))),
      ),
    );
    return { answers };
  },
};
