import type { Step } from '../../../model/step';
import { BROWSER_STEPS } from './browser';
import { DEVICE_STEPS } from './device';
import { NETWORK_STEPS } from './network';
import { SITE_STEPS } from './site';

/** What a person is asked to do outside the reach of the browser, or better does with their own hands; from the browser outwards. */
export const GUIDED_STEPS: readonly Step[] = [...BROWSER_STEPS, ...DEVICE_STEPS, ...NETWORK_STEPS, ...SITE_STEPS];
