import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draw } from './draw';
import type { Place } from './internet';

/** An extension of somebody else that is installed beside Unreset. */
export type InterferingExtension =
  /** Sends all requests to a proxy, like a VPN extension. */
  | { does: 'set-proxy'; proxy: Place }
  /** Adds a header (or sets a Cookie) of so many bytes to every request of pages. */
  | { does: 'add-header'; header: string; bytes: number }
  /** Turns http into https for every page, or leads the pages of one host to another. */
  | { does: 'upgrade' }
  | { does: 'redirect'; from: string; to: string }
  /** Fetches the scripts of one host from another, like those that keep common libraries elsewhere. */
  | { does: 'replace-scripts'; from: string; to: string }
  /** Able to do all of it, does nothing; without a worker it is installed sooner. */
  | { does: 'nothing'; hasWorker?: false };

type Engine = 'chromium' | 'firefox';
type Files = Readonly<Record<string, string>>;

const ALL_RESOURCES = [
  'main_frame',
  'sub_frame',
  'stylesheet',
  'script',
  'image',
  'font',
  'object',
  'xmlhttprequest',
  'ping',
  'media',
  'websocket',
  'other',
];

function proxyScript(engine: Engine, proxy: { host: string; port: number }): string {
  if (engine === 'firefox') {
    return `browser.proxy.onRequest.addListener(() => ({ type: 'http', host: ${JSON.stringify(proxy.host)}, port: ${proxy.port} }), { urls: ['<all_urls>'] });\n`;
  }
  const value = { mode: 'fixed_servers', rules: { singleProxy: { scheme: 'http', ...proxy } } };
  return `chrome.proxy.settings.set({ value: ${JSON.stringify(value)}, scope: 'regular' });\n`;
}

function rules(header: string, bytes: number, filler: string): string {
  const value =
    header.toLowerCase() === 'cookie'
      ? `${filler.slice(0, 6)}=${filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes - 7)}`
      : filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes);
  return JSON.stringify([
    {
      id: 1,
      priority: 1,
      action: { type: 'modifyHeaders', requestHeaders: [{ header, operation: 'set', value }] },
      condition: { urlFilter: '*', resourceTypes: ALL_RESOURCES },
    },
  ]);
}

function redirectRules(extension: Extract<InterferingExtension, { does: 'upgrade' | 'redirect' | 'replace-scripts' }>): string {
  const rule =
    extension.does === 'upgrade'
      ? { action: { type: 'upgradeScheme' }, condition: { urlFilter: '|http://', resourceTypes: ALL_RESOURCES } }
      : {
          action: { type: 'redirect', redirect: { transform: { host: extension.to } } },
          condition: { requestDomains: [extension.from], resourceTypes: [extension.does === 'redirect' ? 'main_frame' : 'script'] },
        };
  return JSON.stringify([{ id: 1, priority: 1, ...rule }]);
}

/** The rules of an extension that has some. */
function rulesOf(extension: InterferingExtension, draw: Draw): string | undefined {
  if (extension.does === 'add-header') return rules(extension.header, extension.bytes, draw.word());
  const { does } = extension;
  return does === 'upgrade' || does === 'redirect' || does === 'replace-scripts' ? redirectRules(extension) : undefined;
}

function filesOf(
  extension: InterferingExtension,
  engine: Engine,
  draw: Draw,
  names: { name: string; id: string },
  reach: (place: Place) => { host: string; port: number },
): Files {
  const isFirefox = engine === 'firefox';
  const ruled = rulesOf(extension, draw);
  const permissions =
    extension.does === 'set-proxy'
      ? ['proxy', 'storage']
      : ruled
        ? ['declarativeNetRequestWithHostAccess']
        : ['webRequest', 'declarativeNetRequest', 'storage'];
  const script =
    extension.does === 'set-proxy'
      ? proxyScript(engine, reach(extension.proxy))
      : `${isFirefox ? 'browser' : 'chrome'}.runtime.onInstalled.addListener(() => undefined);\n`;
  const manifest = {
    manifest_version: 3,
    name: names.name,
    version: `${draw.int(1, 9)}.${draw.int(0, 20)}.${draw.int(0, 9)}`,
    icons: { 48: 'icon.png' },
    permissions,
    host_permissions: ['<all_urls>'],
    ...(extension.does === 'nothing' && extension.hasWorker === false
      ? {}
      : { background: isFirefox ? { scripts: ['background.js'] } : { service_worker: 'background.js' } }),
    ...(isFirefox ? { browser_specific_settings: { gecko: { id: names.id, data_collection_permissions: { required: ['none'] } } } } : {}),
    ...(ruled ? { declarative_net_request: { rule_resources: [{ id: 'rules', enabled: true, path: 'rules.json' }] } } : {}),
  };
  return {
    'manifest.json': JSON.stringify(manifest, null, 2),
    'background.js': script,
    ...(ruled ? { 'rules.json': ruled } : {}),
  };
}

/** Folders of the unpacked extensions, one per engine, and how to remove them again. */
export async function writeExtensions(
  extensions: readonly InterferingExtension[],
  draw: Draw,
  reach: (place: Place) => { host: string; port: number },
): Promise<{ chromium: string[]; firefox: string[]; remove(): Promise<void> }> {
  const root = extensions.length > 0 ? await mkdtemp(join(tmpdir(), 'extensions-')) : undefined;
  const written: Record<Engine, string[]> = { chromium: [], firefox: [] };
  for (const extension of extensions) {
    const names = {
      name: `${draw.name()} ${draw.pick(['Helper', 'Tools', 'Shield', 'Plus', 'Assistant'])}`,
      id: `${draw.word()}@${draw.domain()}`,
    };
    const folder = draw.word();
    for (const engine of ['chromium', 'firefox'] as const) {
      const directory = join(root ?? '', engine, folder);
      await mkdir(directory, { recursive: true });
      await copyFile(join(import.meta.dirname, '../../public/icons/48.png'), join(directory, 'icon.png'));
      for (const [file, text] of Object.entries(filesOf(extension, engine, draw, names, reach)))
        await writeFile(join(directory, file), text);
      written[engine].push(directory);
    }
  }
  return {
    ...written,
    remove: async () => {
      if (root !== undefined) await rm(root, { recursive: true, force: true });
    },
  };
}
