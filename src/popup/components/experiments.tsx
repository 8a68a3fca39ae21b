import type { ExperimentId } from '../../model/experiment';
import type { SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { ExtensionSearch } from './extension-search';

/** The experiments that are offered, that run or that have run. */
export function Experiments({
  offered,
  view,
  walk,
  version,
}: {
  offered: readonly ExperimentId[];
  view: SessionView;
  walk: Walk;
  version: string;
}) {
  return <>{offered.includes('extension-search') && <ExtensionSearch view={view} walk={walk} version={version} />}</>;
}
