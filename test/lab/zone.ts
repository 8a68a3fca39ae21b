/** Address records of one name. */
export interface Records {
  a: readonly string[];
  aaaa: readonly string[];
  /** Seconds. */
  ttl: number;
}

/** Who asks: this device's own resolver, or resolvers elsewhere (which tell the truth). */
export type View = 'system' | 'independent';

/** All names of the lab, as this device's resolver and as independent ones answer. */
export class Zone {
  readonly #views: Record<View, Map<string, Records>> = { system: new Map(), independent: new Map() };
  /** Names that this device's resolver gives no answer for, as one under too much load. */
  readonly silent = new Set<string>();

  /** The truth, in both views. */
  set(name: string, records: Records): void {
    this.setIn('system', name, records);
    this.setIn('independent', name, records);
  }

  setIn(view: View, name: string, records: Records): void {
    this.#views[view].set(name.toLowerCase(), records);
  }

  /** Undefined: no such name. */
  find(view: View, name: string): Records | undefined {
    return this.#views[view].get(name.toLowerCase());
  }

  names(view: View): readonly string[] {
    return [...this.#views[view].keys()];
  }
}
