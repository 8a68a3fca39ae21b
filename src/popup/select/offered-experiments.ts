import { EXPERIMENT_IDS, type ExperimentId } from '../../model/experiment';
import { isRepeatable } from '../../model/incident';
import type { SessionView } from '../../model/session';
import type { Step } from '../../model/step';
import { isSearchOffered } from './extension-search';

/** Experiments to show: those that have begun, and those that fit what is suspected or the step that is open. */
export function offeredExperiments(view: SessionView, step: Pick<Step, 'id' | 'experiments'> | undefined): readonly ExperimentId[] {
  // What sends something is never repeated, so there is nothing to try it with.
  if (!isRepeatable(view.state.incident)) return [];
  return EXPERIMENT_IDS.filter((id) => {
    if (id === 'extension-search') return isSearchOffered(view, step?.id);
    return view.state.experiments?.[id] !== undefined || step?.experiments?.includes(id) === true;
  });
}
