import type { Browser, Environment, OperatingSystem } from '../model/environment';
import type { BrowserApi } from './api';

/** User-agent client hints, as far as they are read; absent in Firefox. https://wicg.github.io/ua-client-hints/ */
export interface UserAgentData {
  brands: readonly { brand: string; version: string }[];
  platform: string;
}

/** What tells the system and browser. */
export interface EnvironmentSources {
  /** `runtime.getPlatformInfo().os`. */
  platformOs?: string;
  userAgent: string;
  userAgentData?: UserAgentData;
  /** Firefox: `runtime.getBrowserInfo().version`. */
  geckoVersion?: string;
  language: string;
}

const SYSTEM_BY_PLATFORM_OS: Readonly<Record<string, OperatingSystem>> = {
  win: 'windows',
  mac: 'macos',
  linux: 'linux',
  cros: 'chromeos',
};
const SYSTEM_BY_HINT: Readonly<Record<string, OperatingSystem>> = {
  Windows: 'windows',
  macOS: 'macos',
  Linux: 'linux',
  'Chrome OS': 'chromeos',
  'Chromium OS': 'chromeos',
};

function systemOf({ platformOs, userAgent, userAgentData }: EnvironmentSources): OperatingSystem {
  const told = SYSTEM_BY_PLATFORM_OS[platformOs ?? ''] ?? SYSTEM_BY_HINT[userAgentData?.platform ?? ''];
  if (told) return told;
  if (platformOs !== undefined) return 'other';
  if (/Android/.test(userAgent)) return 'other';
  if (/Windows/.test(userAgent)) return 'windows';
  if (/Mac OS X/.test(userAgent)) return 'macos';
  if (/CrOS/.test(userAgent)) return 'chromeos';
  return /Linux/.test(userAgent) ? 'linux' : 'other';
}

function chromiumBrowserOf({ userAgent, userAgentData }: EnvironmentSources): Browser {
  const brands = userAgentData?.brands.map(({ brand }) => brand) ?? [];
  if (brands.includes('Microsoft Edge') || /\bEdg\//.test(userAgent)) return 'edge';
  if (brands.includes('Google Chrome')) return 'chrome';
  return 'chromium';
}

/** Tells system, browser and version from what the browser says of itself. Unknown version: 0. */
export function environmentFrom(sources: EnvironmentSources): Environment {
  const { userAgent, language, geckoVersion } = sources;
  const isGecko = geckoVersion !== undefined || /\bGecko\/\d/.test(userAgent);
  const version = isGecko
    ? (geckoVersion ?? /Firefox\/(\d+)/.exec(userAgent)?.[1])
    : (sources.userAgentData?.brands.find(({ brand }) => brand === 'Chromium')?.version ?? /Chrome\/(\d+)/.exec(userAgent)?.[1]);
  const update = isGecko ? Number.parseInt(/^\d+\.(\d+)/.exec(version ?? '')?.[1] ?? '', 10) || 0 : 0;
  return {
    os: systemOf(sources),
    browser: isGecko ? 'firefox' : chromiumBrowserOf(sources),
    engine: isGecko ? 'gecko' : 'chromium',
    browserVersion: Number.parseInt(version ?? '', 10) || 0,
    ...(update > 0 ? { browserUpdate: update } : {}),
    language,
  };
}

/** Asks the browser for its environment; never throws. */
export async function readEnvironment(api: Pick<BrowserApi, 'runtime' | 'i18n'>, navigator: Navigator): Promise<Environment> {
  const { getBrowserInfo } = api.runtime as { getBrowserInfo?: () => Promise<{ version: string }> };
  const [platform, browserInfo] = await Promise.all([
    api.runtime.getPlatformInfo().catch(() => undefined),
    getBrowserInfo ? getBrowserInfo.call(api.runtime).catch(() => undefined) : undefined,
  ]);
  return environmentFrom({
    platformOs: platform?.os,
    userAgent: navigator.userAgent,
    userAgentData: (navigator as Navigator & { userAgentData?: UserAgentData }).userAgentData,
    geckoVersion: browserInfo?.version,
    language: api.i18n.getUILanguage(),
  });
}
