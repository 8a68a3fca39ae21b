import { signal } from '@preact/signals';
import type { Step } from '../../model/step';

/** Finds a step of the catalogue. */
export type FindStep = (id: string) => Step | undefined;

const catalogue = signal<ReadonlyMap<string, Step>>(new Map());

/** The catalogue of steps: words enough to be a chunk of its own, loaded after the first paint. */
export const steps = {
  /** Undefined for an unknown id, and until the catalogue is there; rendering components are told when it is. */
  find: (id: string): Step | undefined => catalogue.value.get(id),
  async load(): Promise<void> {
    const { STEPS } = await import('../../diagnosis/steps');
    catalogue.value = new Map(STEPS.map((step) => [step.id, step]));
  },
};
