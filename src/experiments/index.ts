import type { ExperimentId } from '../model/experiment';
import type { Experiment } from './experiment';

/** An experiment whatever its detail, as the runner takes it. */
export type AnyExperiment = { [Id in ExperimentId]: Experiment<Id> }[ExperimentId];

/** All experiments. */
export const EXPERIMENTS: readonly AnyExperiment[] = [];
