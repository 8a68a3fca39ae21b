import { randomInt } from 'node:crypto';
import { Authority } from './authority';
import { Draw } from './draw';
import { writeExtensions } from './extensions';
import { Internet } from './internet';
import { isInNamespace } from './namespace';
import type { Configured, Scenario, VisitStep } from './scenario';
import { trustAuthorities } from './trust';
import { addControls, addResolvers, VENDOR_NAMES } from './vendors';

export type { Configured, Expectation, Scenario, VisitStep } from './scenario';

/** How the lab's names and addresses reach the browser. */
export type LabMode = 'namespace' | 'loopback';

export interface LabOptions {
  /** Draws every name, address, port, size and delay. Absent: a random one, to be printed. */
  seed?: number;
  /** `namespace`: this process must be inside `runInNamespace`. `loopback`: names are mapped to 127.0.0.1 by the browser's own switches. */
  mode: LabMode;
  scenario: Scenario;
}

/** How a browser is to be started and led. */
export interface LabBrowser {
  chromiumArgs: string[];
  firefoxPrefs: Record<string, string | number | boolean>;
  /** Folders of unpacked extensions of others, to install before Unreset. */
  extensions: { chromium: string[]; firefox: string[] };
  /** Open these in one tab, then call `lab.trigger()`, then open `lab.url` in that tab. */
  visitBefore: readonly VisitStep[];
  /** Run this in the last of those pages in place of opening `lab.url`. */
  act?: string;
}

/** One internet on this machine, with one thing wrong. */
export interface Lab {
  seed: number;
  scenario: Scenario;
  /** The failing page's URL. */
  url: string;
  browser: LabBrowser;
  /** All trusted authorities of the lab, PEM, one after the other. */
  caPem: string;
  /** Makes a browser trust the lab's authorities: `$HOME/.pki/nssdb` for Chromium, the profile's folder for Firefox. Creates the database. */
  trustIn(databaseDir: string): Promise<void>;
  /** Switches the fault on; call after `visitBefore`. Safe where there is nothing to switch. */
  trigger(): Promise<void>;
  /** The internet itself, for tests of the lab. */
  internet: Internet;
  /** What the lab's servers and boxes saw and did, one line each, newest last; for a failed test's message. */
  log(): readonly string[];
  close(): Promise<void>;
}

/** Preferences that keep Firefox's own background requests out of the lab's logs, and its resolver the system's. */
const QUIET_FIREFOX = {
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.trr.mode': 5,
} as const;

async function reachBrowser(configured: Configured, internet: Internet): Promise<Pick<LabBrowser, 'chromiumArgs' | 'firefoxPrefs'>> {
  const chromiumArgs: string[] = [...(configured.chromiumArgs ?? [])];
  const firefoxPrefs: Record<string, string | number | boolean> = { ...QUIET_FIREFOX, ...configured.firefoxPrefs };
  if (!internet.isNamespace) {
    chromiumArgs.push(`--host-resolver-rules=${internet.chromiumRules().join(', ')}`);
    firefoxPrefs['network.dns.forceResolve'] = '127.0.0.1';
    const ports = await internet.openDemultiplexers();
    firefoxPrefs['network.socket.forcePort'] = [...ports].map(([port, actual]) => `${port}=${actual}`).join(';');
  }
  const { proxy } = configured;
  if (proxy && 'fixed' in proxy) {
    const { host, port } = internet.reach(proxy.fixed);
    chromiumArgs.push(`--proxy-server=http://${host}:${port}`);
    Object.assign(firefoxPrefs, {
      'network.proxy.type': 1,
      'network.proxy.http': host,
      'network.proxy.http_port': port,
      'network.proxy.ssl': host,
      'network.proxy.ssl_port': port,
    });
  } else if (proxy) {
    const { host, port } = internet.reach(proxy.pac.place);
    const url = `http://${host}:${port}${proxy.pac.path}`;
    chromiumArgs.push(`--proxy-pac-url=${url}`);
    Object.assign(firefoxPrefs, { 'network.proxy.type': 2, 'network.proxy.autoconfig_url': url });
  }
  return { chromiumArgs, firefoxPrefs };
}

/** Starts the lab for one scenario. One lab at a time in a namespace. */
export async function startLab({ seed = randomInt(2 ** 31), mode, scenario }: LabOptions): Promise<Lab> {
  if (mode === 'namespace' && !isInNamespace())
    throw new Error('This process is not in a namespace of the lab: start it by runInNamespace.');
  if (mode === 'loopback' && scenario.needs === 'namespace') throw new Error(`The scenario ${scenario.name} needs a namespace.`);
  const draw = new Draw(seed);
  const roots = new Map<string, Authority>();
  for (const vendor of VENDOR_NAMES) roots.set(vendor, await Authority.create(`${draw.name()} Trust Services R${draw.int(1, 9)}`));
  const siteAuthority = await Authority.create(`${draw.name()} Server Certification X${draw.int(1, 9)}`);
  const internet = new Internet(draw, siteAuthority, mode === 'namespace');
  const configured = await scenario.configure(draw, internet);
  await addControls(internet, roots);
  await addResolvers(internet, roots);
  await internet.open();
  const trusted = [...roots.values(), siteAuthority, ...internet.furtherTrusted];
  const extensions = await writeExtensions(configured.extensions ?? [], draw, (place) => internet.reach(place));
  internet.onClose(() => extensions.remove());
  return {
    seed,
    scenario,
    url: configured.url,
    browser: {
      ...(await reachBrowser(configured, internet)),
      extensions: { chromium: extensions.chromium, firefox: extensions.firefox },
      visitBefore: configured.visitBefore ?? [],
      ...(configured.act === undefined ? {} : { act: configured.act }),
    },
    caPem: trusted.map(({ pem }) => pem.trim()).join('\n'),
    trustIn: (databaseDir) => trustAuthorities(databaseDir, trusted),
    trigger: async () => configured.trigger?.(),
    internet,
    log: () => internet.log(),
    close: () => internet.close(),
  };
}
