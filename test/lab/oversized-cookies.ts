import { byPath, cookieSettingApp, headerBytesOf } from './cookies';
import type { Internet } from './internet';
import type { Configured } from './scenario';
import { addSite, pageApp, resetApp, type Site, type SiteOptions } from './site';

/**
 * A site whose cookies, set by an earlier visit, make the headers larger than its server takes: it resets every
 * request with as much.
 */
export async function addOversizedCookieSite(
  internet: Internet,
  options: Pick<SiteOptions, 'host' | 'v4' | 'v6' | 'http' | 'aliases' | 'front' | 'isHttp2'>,
): Promise<{ site: Site; configured: Pick<Configured, 'url' | 'visitBefore'> }> {
  const { draw } = internet;
  const limit = draw.int(6_000, 12_000);
  const start = draw.path();
  const setter = cookieSettingApp(internet, limit + draw.int(1_000, 4_000));
  const page = resetApp(pageApp(internet), 'headers too large', (request) => headerBytesOf(request) > limit);
  const site = await addSite(internet, { ...options, https: byPath({ [start]: setter }, page) });
  return { site, configured: { url: site.httpsUrl(draw.path()), visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }] } };
}
