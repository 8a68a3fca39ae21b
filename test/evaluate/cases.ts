import type { FactValues } from '../../src/diagnosis/rank';
import { CAUSE_IDS, CAUSES, type CauseId, OBSERVATION_IDS, OBSERVATIONS, type ObservationId } from '../../src/model/vocabulary';

/** One case of a reset whose cause was found, as data/cases.jsonl holds it; fields that scoring does not need are left out. */
export interface Case {
  id: string;
  cause: CauseId;
  /** What the person could state before the cause was known. */
  observations: FactValues;
  /** What asking and testing would give besides. */
  confirming: FactValues;
  /** Near-duplicates share a name; null stands alone. */
  cluster: string | null;
}

/** A line that cannot be scored; the message names the line and what is wrong with it. */
export class CaseError extends Error {}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCause = (value: string): value is CauseId => Object.hasOwn(CAUSES, value);
const isObservation = (value: string): value is ObservationId => Object.hasOwn(OBSERVATIONS, value);

/** The most alike among the known words, so that a slip is seen at once. */
const nearest = (word: string, known: readonly string[]): string => {
  const pairs = (text: string) => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2)));
  const own = pairs(word);
  const alike = (other: string) => {
    const others = pairs(other);
    const common = [...own].filter((pair) => others.has(pair)).length;
    return (2 * common) / Math.max(1, own.size + others.size);
  };
  const [best] = [...known].sort((a, b) => alike(b) - alike(a));
  return best !== undefined && alike(best) >= 0.4 ? `; did you mean "${best}"?` : '';
};

/** Hears what was passed over, with its line. */
type Note = (text: string) => void;

const factsOf = (value: unknown, field: string, where: string, note: Note): FactValues => {
  if (!isRecord(value)) throw new CaseError(`${where}: "${field}" is not an object of observations`);
  const facts: Partial<Record<ObservationId, string>> = {};
  for (const [id, fact] of Object.entries(value)) {
    if (!isObservation(id)) {
      note(`${where}: "${field}" has the unknown observation "${id}", which is ignored${nearest(id, OBSERVATION_IDS)}`);
      continue;
    }
    const values: readonly string[] = OBSERVATIONS[id].values;
    if (typeof fact !== 'string' || !values.includes(fact)) {
      throw new CaseError(`${where}: "${field}" gives "${id}" the unknown value ${JSON.stringify(fact)}; known are ${values.join(', ')}`);
    }
    facts[id] = fact;
  }
  return facts;
};

const caseOf = (line: string, where: string, note: Note): Case => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new CaseError(`${where}: this is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isRecord(value)) throw new CaseError(`${where}: a case is one JSON object`);
  const { id = where, cause, observations, confirming = {}, cluster = null } = value;
  if (typeof id !== 'string') throw new CaseError(`${where}: "id" is not a text`);
  if (typeof cause !== 'string') throw new CaseError(`${where}: "cause" is missing or not a text`);
  if (!isCause(cause)) throw new CaseError(`${where}: unknown cause "${cause}"${nearest(cause, CAUSE_IDS)}`);
  if (cluster !== null && typeof cluster !== 'string') throw new CaseError(`${where}: "cluster" is neither a text nor null`);
  return {
    id,
    cause,
    cluster,
    observations: factsOf(observations, 'observations', where, note),
    confirming: factsOf(confirming, 'confirming', where, note),
  };
};

/**
 * Reads one case a line; empty lines are passed over, observations that the vocabulary does not know are ignored and noted.
 * Throws a CaseError at the first line that cannot be scored.
 */
export const parseCases = (text: string, file: string, note: Note = () => undefined): Case[] => {
  const cases = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === '' ? [] : [caseOf(line, `${file}, line ${index + 1}`, note)]));
  if (cases.length === 0) throw new CaseError(`${file}: no cases in it; one JSON object a line is expected`);
  return cases;
};
