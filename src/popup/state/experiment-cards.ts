import { signal } from '@preact/signals';
import type { Experiments } from '../components/experiments';

const loaded = signal<typeof Experiments | undefined>(undefined);
let isAsked = false;

/** The cards of experiments: a chunk of its own, loaded when the first of them is offered. */
export const experimentCards = {
  /** Undefined until it is there; a rendering component is told when it is. */
  get(): typeof Experiments | undefined {
    if (!isAsked) {
      isAsked = true;
      import('../components/experiments').then(
        ({ Experiments: found }) => {
          loaded.value = found;
        },
        () => {
          isAsked = false;
        },
      );
    }
    return loaded.value;
  },
};
