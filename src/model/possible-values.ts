import type { Environment } from './environment';
import { OBSERVATIONS, type ObservationId } from './vocabulary';

/** Values that cannot be where the page fails in a browser of this engine. */
const IMPOSSIBLE: Readonly<Record<Environment['engine'], { readonly [Id in ObservationId]?: readonly string[] }>> = {
  chromium: { 'other-engine-only': ['only-firefox-fails'] },
  gecko: { 'other-engine-only': ['only-chromium-fails'] },
};

/** The values that an observation may have where the page fails in a browser of this engine; all of them where the engine is not known. */
export const possibleValues = (observation: ObservationId, engine: Environment['engine'] | undefined): readonly string[] => {
  const excluded = engine && IMPOSSIBLE[engine][observation];
  const values: readonly string[] = OBSERVATIONS[observation].values;
  return excluded ? values.filter((value) => !excluded.includes(value)) : values;
};
