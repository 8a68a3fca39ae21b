import type { ExperimentId } from '../../model/experiment';
import type { SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { CookieCard } from './cookie-card';
import { ExtensionSearch } from './extension-search';
import { PrivateWindowCard } from './private-window-card';
import { SiteDataCard } from './site-data-card';

/** The experiments that are offered, that run or that have run. */
export function Experiments({
  offered,
  view,
  walk,
  version,
  nowMs,
}: {
  offered: readonly ExperimentId[];
  view: SessionView;
  walk: Walk;
  version: string;
  nowMs: number;
}) {
  return (
    <>
      {offered.includes('extension-search') && <ExtensionSearch view={view} walk={walk} version={version} />}
      {offered.includes('cookie-search') && <CookieCard view={view} walk={walk} nowMs={nowMs} />}
      {offered.includes('site-data') && <SiteDataCard view={view} walk={walk} />}
      {offered.includes('private-window') && <PrivateWindowCard view={view} walk={walk} />}
    </>
  );
}
