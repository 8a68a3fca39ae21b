import { EXPERIMENT_IDS, type ExperimentId } from '../../model/experiment';
import type { SessionView } from '../../model/session';
import { isSearchOffered } from './extension-search';

/** Experiments to show: those that have begun, and those that fit what is suspected or the step that is open. */
export function offeredExperiments(view: SessionView, stepId: string | undefined): readonly ExperimentId[] {
  return EXPERIMENT_IDS.filter((id) => {
    if (id === 'extension-search') return isSearchOffered(view, stepId);
    return false;
  });
}
