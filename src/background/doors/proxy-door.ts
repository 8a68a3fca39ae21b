import type { Journal } from '../../experiments/journal';
import type { ProxyFacts } from '../../model/measurement';
import type { ProxyDoor } from '../../probes/context';
import type { BrowserApi, RequestDetails, SettingDetails } from './browser-api';
import { type ChromiumProxyConfig, directScript, relayScript, serverText } from './proxy-script';
import type { Turn } from './turns';

/** How long a probe may hold the proxy setting, ms. */
const HOLD_MS = 12_000;

const HOLDERS: Readonly<Record<string, ProxyFacts['heldBy']>> = {
  controllable_by_this_extension: 'person',
  controlled_by_this_extension: 'this-extension',
  controlled_by_other_extensions: 'other-extension',
  not_controllable: 'policy',
};
const CHROMIUM_MODES: Readonly<Record<string, ProxyFacts['mode']>> = {
  direct: 'direct',
  system: 'system',
  fixed_servers: 'manual',
  auto_detect: 'auto-detect',
  pac_script: 'pac',
};
const FIREFOX_MODES: Readonly<Record<string, ProxyFacts['mode']>> = {
  none: 'direct',
  system: 'system',
  manual: 'manual',
  autoDetect: 'auto-detect',
  autoConfig: 'pac',
};

/** Entries of Chromium's bypass list that name no host: single words, and what would otherwise go past every proxy. */
const NO_EXCEPTIONS: ReadonlySet<string> = new Set(['<local>', '<-loopback>']);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
/** An address without user, password and query: a PAC address may carry secrets. */
function withoutCredentials(text: string): string {
  const cut = text.replace(/\/\/[^/@]*@/, '//').split(/[?#]/)[0] ?? '';
  return cut.slice(0, 200);
}

/** Reads a setting of either browser; unknown shapes give mode `unknown`. */
export function proxyFactsOf(setting: SettingDetails, engine: 'chromium' | 'gecko'): ProxyFacts {
  const value = isRecord(setting.value) ? setting.value : {};
  const heldBy = HOLDERS[setting.levelOfControl] ?? 'unknown';
  const servers: string[] = [];
  if (engine === 'gecko') {
    for (const key of ['http', 'ssl', 'socks', 'autoConfigUrl']) {
      const server = value[key];
      if (typeof server === 'string' && server !== '') servers.push(withoutCredentials(server));
    }
    const mode = FIREFOX_MODES[String(value.proxyType)] ?? 'unknown';
    const isUsed = mode === 'manual' || mode === 'pac';
    return { mode, heldBy, servers: isUsed ? [...new Set(servers)].slice(0, 5) : [] };
  }
  const config = value as unknown as ChromiumProxyConfig;
  const rules = isRecord(value.rules) ? config.rules : undefined;
  for (const server of [rules?.singleProxy, rules?.proxyForHttp, rules?.proxyForHttps, rules?.fallbackProxy]) {
    if (server && typeof server.host === 'string') servers.push(serverText(server));
  }
  if (config.pacScript?.url) servers.push(withoutCredentials(config.pacScript.url));
  const hasExceptions = rules?.bypassList?.some((pattern) => !NO_EXCEPTIONS.has(pattern)) === true;
  return {
    mode: CHROMIUM_MODES[String(value.mode)] ?? 'unknown',
    heldBy,
    servers: [...new Set(servers)].slice(0, 5),
    ...(hasExceptions && { hasExceptions }),
  };
}

/** Whether Chromium lets us set the proxy now; else who holds it. */
export async function readControl(api: BrowserApi): Promise<{ config: ChromiumProxyConfig; heldBy?: string }> {
  const setting = await api.proxy.settings.get({});
  const config = (isRecord(setting.value) ? setting.value : { mode: 'system' }) as unknown as ChromiumProxyConfig;
  const isFree = setting.levelOfControl === 'controllable_by_this_extension' || setting.levelOfControl === 'controlled_by_this_extension';
  return isFree ? { config } : { config, heldBy: HOLDERS[setting.levelOfControl] ?? 'unknown' };
}

/** Puts a proxy script into force, runs `use`, gives the setting back. `heldBy`: another holder kept it without effect. */
export async function whileScript<T>(
  api: BrowserApi,
  journal: Journal,
  config: ChromiumProxyConfig,
  script: string,
  use: () => Promise<T>,
): Promise<{ isInEffect: true; value: T } | { isInEffect: false; heldBy: string }> {
  return journal.during(
    { what: 'proxy-setting', before: { mode: config.mode } },
    '',
    HOLD_MS,
    async () => {
      await api.proxy.settings.set({ value: { mode: 'pac_script', pacScript: { data: script, mandatory: false } } });
    },
    async () => {
      // `set` resolves without effect when a later-installed extension or a policy holds the setting.
      const now = await api.proxy.settings.get({});
      if (now.levelOfControl !== 'controlled_by_this_extension')
        return { isInEffect: false as const, heldBy: HOLDERS[now.levelOfControl] ?? 'unknown' };
      return { isInEffect: true as const, value: await use() };
    },
  );
}

export function createProxyDoor(options: { api: BrowserApi; engine: 'chromium' | 'gecko'; journal: Journal; turn: Turn }): ProxyDoor {
  const { api, engine, journal, turn } = options;
  return {
    async read() {
      try {
        return proxyFactsOf(await api.proxy.settings.get({}), engine);
      } catch {
        return { mode: 'unknown', heldBy: 'unknown', servers: [] };
      }
    },
    async whileDirect(host, use) {
      if (engine === 'gecko') {
        const source = api.proxy.onRequest;
        if (!source) return { isInEffect: false, heldBy: 'unknown' };
        const ownOrigin = api.runtime.getURL('');
        // `null` means direct and overrides other extensions; `{ type: 'direct' }` would fall back to the configured proxy.
        const listener = (details: RequestDetails) =>
          details.tabId === -1 && (details.originUrl ?? '').startsWith(ownOrigin) && new URL(details.url).hostname === host
            ? null
            : undefined;
        source.addListener(listener, { urls: ['<all_urls>'] });
        try {
          await api.runtime.getPlatformInfo();
          return { isInEffect: true, value: await use() };
        } finally {
          source.removeListener(listener);
        }
      }
      return turn(async () => {
        const { config, heldBy } = await readControl(api);
        if (heldBy) return { isInEffect: false, heldBy };
        return whileScript(api, journal, config, directScript(host, config), use);
      });
    },
    // Firefox says the same of a proxy whose TLS breaks and of one that resets afterwards [seen].
    ...(engine === 'chromium' && {
      whileRelayed<T>(target: { host: string; port: number }, use: () => Promise<T>) {
        return turn(async () => {
          const { config, heldBy } = await readControl(api);
          if (heldBy) return { isInEffect: false as const, heldBy };
          return whileScript(api, journal, config, relayScript(target, config), use);
        });
      },
    }),
  };
}
