/** One server of Chromium's `fixed_servers` mode. */
interface ProxyServer {
  scheme?: string;
  host: string;
  port?: number;
}
interface ProxyRules {
  singleProxy?: ProxyServer;
  proxyForHttp?: ProxyServer;
  proxyForHttps?: ProxyServer;
  fallbackProxy?: ProxyServer;
  bypassList?: readonly string[];
}
/** Value of Chromium's `proxy.settings`. https://developer.chrome.com/docs/extensions/reference/api/proxy#type-ProxyConfig */
export interface ChromiumProxyConfig {
  mode: string;
  rules?: ProxyRules;
  pacScript?: { url?: string; data?: string; mandatory?: boolean };
}

const KEYWORDS: Readonly<Record<string, string>> = { http: 'PROXY', https: 'HTTPS', socks4: 'SOCKS', socks5: 'SOCKS5', quic: 'QUIC' };
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, socks4: 1080, socks5: 1080, quic: 443 };

/** `host:port` or `scheme://host:port` of a server, without credentials. */
export function serverText(server: ProxyServer): string {
  const scheme = server.scheme ?? 'http';
  return `${scheme}://${server.host}:${server.port ?? DEFAULT_PORTS[scheme] ?? 80}`;
}

function route(server: ProxyServer | undefined): string {
  if (!server) return 'DIRECT';
  const scheme = server.scheme ?? 'http';
  return `${KEYWORDS[scheme] ?? 'PROXY'} ${server.host}:${server.port ?? DEFAULT_PORTS[scheme] ?? 80}`;
}

/** The function `otherRoute(url, host)` of a proxy script that goes on as the present setting does; where that is not known, direct. */
export function otherRouteScript(config: ChromiumProxyConfig): string {
  if (config.mode === 'pac_script' && config.pacScript?.data) {
    return `var otherRoute = (function () { ${config.pacScript.data}\n; return FindProxyForURL; })();`;
  }
  const rules = config.mode === 'fixed_servers' ? config.rules : undefined;
  if (!rules) return 'function otherRoute() { return "DIRECT"; }';
  const bypass = (rules.bypassList ?? []).map((pattern) =>
    pattern === '<local>'
      ? 'isPlainHostName(host)'
      : `shExpMatch(host, ${JSON.stringify(pattern.startsWith('.') ? `*${pattern}` : pattern)})`,
  );
  const http = route(rules.singleProxy ?? rules.proxyForHttp ?? rules.fallbackProxy);
  const https = route(rules.singleProxy ?? rules.proxyForHttps ?? rules.fallbackProxy);
  return `function otherRoute(url, host) { ${bypass.length > 0 ? `if (${bypass.join(' || ')}) return "DIRECT"; ` : ''}return url.substring(0, 5) === "http:" ? ${JSON.stringify(http)} : ${JSON.stringify(https)}; }`;
}

/** A proxy script that sends one host direct and everything else as before. */
export function directScript(host: string, config: ChromiumProxyConfig): string {
  const bare = host.replace(/^\[|\]$/g, '');
  return `${otherRouteScript(config)}
function FindProxyForURL(url, host) { return host === ${JSON.stringify(host)} || host === ${JSON.stringify(bare)} ? "DIRECT" : otherRoute(url, host); }`;
}

/** A proxy script that sends one host's plain http to that very host over TLS, as to a proxy, and everything else as before. */
export function relayScript({ host, port }: { host: string; port: number }, config: ChromiumProxyConfig): string {
  return `${otherRouteScript(config)}
function FindProxyForURL(url, host) { return url.substring(0, 5) === "http:" && (host === ${JSON.stringify(host)} || host === ${JSON.stringify(host.replace(/^\[|\]$/g, ''))}) ? ${JSON.stringify(`HTTPS ${host}:${port}`)} : otherRoute(url, host); }`;
}

/** A proxy script that, asked for `trigger`, throws the browser's own addresses of `host` as its error, between two marks. */
export function resolvingScript(host: string, trigger: string, mark: string, config: ChromiumProxyConfig): string {
  return `${otherRouteScript(config)}
function FindProxyForURL(url, host) {
  if (host !== ${JSON.stringify(trigger)}) return otherRoute(url, host);
  var all = dnsResolveEx(${JSON.stringify(host)}) || dnsResolve(${JSON.stringify(host)}) || "";
  throw ${JSON.stringify(`${mark}<`)} + all + ">";
}`;
}

/** Addresses that the error of `resolvingScript` carries; undefined when it is another error. */
export function addressesInError(details: string, mark: string): readonly string[] | undefined {
  const found = new RegExp(`${mark}<([0-9a-fA-F:.;,% ]*)>`).exec(details);
  if (!found) return undefined;
  return [...new Set((found[1] ?? '').split(/[;, ]+/).filter((text) => text !== ''))];
}
