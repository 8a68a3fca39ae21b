import type { Environment } from '../../model/environment';
import type { Instructions, Step } from '../../model/step';

/** The instructions for this system and browser: first match wins. */
export function instructionsFor(
  step: Pick<Step, 'instructions'>,
  environment: Pick<Environment, 'os' | 'browser'>,
): Instructions | undefined {
  return step.instructions.find(
    ({ os, browser }) =>
      (os === undefined || os.includes(environment.os)) && (browser === undefined || browser.includes(environment.browser)),
  );
}
