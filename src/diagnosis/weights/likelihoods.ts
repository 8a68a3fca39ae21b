import type { CauseId, ObservationId } from '../../model/vocabulary';
import { CAUSE_IDS, CAUSES, OBSERVATIONS } from '../../model/vocabulary';
import { NOISE, RARER_NOISE } from './evidence';
import type { Chances, Table, Tables } from './table';
import { ADDRESS_TABLES } from './tables/address';
import { BROWSER_TABLES } from './tables/browser';
import { DEVICE_TABLES } from './tables/device';
import { FAILURE_TABLES } from './tables/failure';
import { NETWORK_TABLES } from './tables/network';
import { SERVER_TABLES } from './tables/server';
import { TIMING_TABLES } from './tables/timing';

/** P(value | cause), by observation. */
const TABLES: Tables = {
  ...FAILURE_TABLES,
  ...TIMING_TABLES,
  ...BROWSER_TABLES,
  ...DEVICE_TABLES,
  ...NETWORK_TABLES,
  ...ADDRESS_TABLES,
  ...SERVER_TABLES,
};

const asChances = (row: number | Chances, valueCount: number): Chances =>
  typeof row === 'number' ? (valueCount === 2 ? [row, 1 - row] : [row]) : row;

const build = () => {
  const all = new Map<ObservationId, Map<CauseId, Chances>>();
  for (const [id, table] of Object.entries(TABLES) as [ObservationId, Table][]) {
    const values: readonly string[] = OBSERVATIONS[id].values;
    const noise = RARER_NOISE[id] ?? NOISE;
    const rows = new Map<CauseId, Chances>();
    for (const cause of CAUSE_IDS) {
      const isSite = CAUSES[cause].owner === 'site';
      const row = table.but?.[cause] ?? (isSite ? table.site : undefined) ?? table.usual;
      rows.set(
        cause,
        asChances(row, values.length).map((chance) => (1 - noise) * chance + noise / values.length),
      );
    }
    all.set(id, rows);
  }
  return all;
};

const LIKELIHOODS = build();

/** Observations that judgement weighs. `host-kind` and `visitor-role` work through the priors. */
export const WEIGHED = [...LIKELIHOODS.keys()];

/** P(value | cause), or undefined for an observation or value that carries no weight. */
export const chanceOf = (observation: ObservationId, value: string, cause: CauseId): number | undefined => {
  const index = (OBSERVATIONS[observation].values as readonly string[]).indexOf(value);
  return index < 0 ? undefined : LIKELIHOODS.get(observation)?.get(cause)?.[index];
};
