import type { Instructions } from '../../../model/step';
import { textId } from '../../text';

/** Lines of one variant of a step's instructions: `step_<id>_<variant>_1`… */
export const lines = (id: string, variant: string, count: number): Instructions['lines'] =>
  Array.from({ length: count }, (_, index) => textId('step', id, variant, String(index + 1)));
