import type { ProxyFacts, TabAttempt } from '../model/measurement';
import type { Probe } from './context';
import { isAble } from './installed-extensions';
import { replayOf, targetOf, works } from './target';

/** Time of one load, ms, and of a page for the sake of one part. */
const TRY_MS = 2000;
const PAGE_MS = 3600;

/** The tab's navigation with the able extensions off, then on again, twice each. */
export const extensionsOff: Probe<'extensions-off'> = {
  id: 'extensions-off',
  after: ['tab-replay', 'own-request', 'start-address', 'proxy-settings', 'installed-extensions', 'repetition', 'direct-connection'],
  consents: () => ['see-extensions', 'switch-extensions-off'],
  isExclusive: true,
  deadlineMs: 8000,
  skip(context) {
    const { environment, measurements, extensions, incident, settings } = context;
    if (environment.engine === 'gecko' || !extensions.whileOff) return 'cannot-in-this-browser';
    const isReplayable = settings.isProbeTabAllowed && incident.method === 'GET' && !targetOf(context).isStandIn;
    const tabFails = measurements['tab-replay']?.plain?.outcome === 'failed';
    const ownWorks = [...(measurements['own-request']?.exchanges ?? []), measurements['start-address']?.own].some(works);
    const able = measurements['installed-extensions']?.extensions.filter((one) => one.isEnabled && one.mayDisable && isAble(one));
    const proxy = measurements['proxy-settings'];
    // Installed last we take precedence, and Chromium then calls a proxy that another extension set "controllable by us",
    // as it does the command line's [seen]: only its going with the extension tells.
    const isProxyTheirs =
      proxy?.heldBy === 'other-extension' ||
      ((proxy?.mode === 'manual' || proxy?.mode === 'pac') &&
        proxy.heldBy === 'person' &&
        able?.some(({ abilities }) => abilities.includes('proxy')) === true);
    return isReplayable && able?.length !== 0 && tabFails && (ownWorks || isProxyTheirs) ? undefined : 'not-applicable';
  },
  async run(context) {
    const { extensions, incident } = context;
    if (!extensions.whileOff) throw new Error('extensions cannot be switched off in this browser');
    const before = (await extensions.list(incident.host)) ?? [];
    const able = before.filter((one) => one.isEnabled && one.mayDisable && isAble(one)).map((one) => one.id);
    const where = replayOf(context);
    // A whole page takes longer, and is loaded once each.
    const timeoutMs = where.part ? PAGE_MS : TRY_MS;
    const replay = () => context.tab.replay({ ...where, isPastCache: false, timeoutMs });
    const twice = async (): Promise<TabAttempt[]> => {
      const attempts = [await replay()];
      if (!where.part && !context.signal.aborted && attempts[0]?.outcome !== 'timed-out') attempts.push(await replay());
      return attempts;
    };
    let switchedOff: string[] = [];
    let proxyWhileOff: ProxyFacts | undefined;
    const off = await extensions.whileOff(able, async () => {
      // Those with open pages stay on; what really went off is read, not assumed.
      const now = (await extensions.list(incident.host)) ?? [];
      switchedOff = now.filter((one) => able.includes(one.id) && !one.isEnabled).map((one) => one.id);
      if (switchedOff.length === 0) return [];
      proxyWhileOff = await context.proxy.read();
      return twice();
    });
    const on = switchedOff.length > 0 && !context.signal.aborted ? await twice() : [];
    return { switchedOff, off, on, ...(proxyWhileOff && { proxyWhileOff }) };
  },
};
