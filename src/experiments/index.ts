import type { ExperimentId } from '../model/experiment';
import { cookieSearch } from './cookie-search';
import type { Experiment } from './experiment';
import { extensionSearch } from './extension-search';
import { privateWindow } from './private-window';
import { siteData } from './site-data';

/** An experiment whatever its detail, as the runner takes it. */
export type AnyExperiment = { [Id in ExperimentId]: Experiment<Id> }[ExperimentId];

/** All experiments. */
export const EXPERIMENTS: readonly AnyExperiment[] = [extensionSearch, cookieSearch, siteData, privateWindow];
