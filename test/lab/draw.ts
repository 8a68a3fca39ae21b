/** Public-looking first octets: allocated to ordinary networks, none of them private, reserved or documentation space. */
const PUBLIC_FIRST_OCTETS = [
  23, 31, 37, 45, 51, 62, 77, 80, 81, 91, 104, 109, 130, 141, 151, 176, 178, 185, 188, 193, 194, 195, 212, 213, 217,
];
const PUBLIC_V6_PREFIXES = ['2a00', '2a01', '2a02', '2a03', '2a04', '2606', '2607', '2a0b', '2a0c'];
const TOP_LEVELS = ['com', 'org', 'net', 'de', 'co.uk', 'fr', 'io', 'eu', 'nl', 'com.au'];
const SUBDOMAINS = ['www', 'shop', 'portal', 'app', 'my', 'news', 'secure', 'forum', 'account'];
const STARTS = ['b', 'br', 'd', 'dr', 'f', 'g', 'gl', 'h', 'k', 'kl', 'l', 'm', 'n', 'p', 'pl', 'r', 's', 'st', 't', 'tr', 'v', 'w', 'z'];
const MIDDLES = ['a', 'e', 'i', 'o', 'u', 'ea', 'io', 'au'];
const ENDS = ['', 'n', 'r', 'l', 's', 'm', 'x', 'nd', 'rk'];

/** Every random choice of one lab run, from one seed: the same seed draws the same internet. */
export class Draw {
  readonly seed: number;
  #state: number;
  readonly #taken = new Set<string>();

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.#state = this.seed;
  }

  /** Uniform in [0, 1); mulberry32. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  isTrue(chance = 0.5): boolean {
    return this.unit() < chance;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.int(0, values.length - 1)];
    if (value === undefined) throw new Error('Nothing to pick from');
    return value;
  }

  /** Pronounceable, lower case, never the same twice in a run. */
  word(): string {
    return this.#unique(() => {
      let word = '';
      for (let syllable = this.int(2, 3); syllable > 0; syllable--) word += this.pick(STARTS) + this.pick(MIDDLES) + this.pick(ENDS);
      return word;
    });
  }

  /** A capitalised word, for names of vendors and products. */
  name(): string {
    const word = this.word();
    return word.charAt(0).toUpperCase() + word.slice(1);
  }

  /** A registrable domain under a common top level. */
  domain(): string {
    return `${this.word()}.${this.pick(TOP_LEVELS)}`;
  }

  subdomain(): string {
    return this.pick(SUBDOMAINS);
  }

  /** A path of one or two words with a leading slash. */
  path(): string {
    return this.isTrue() ? `/${this.word()}` : `/${this.word()}/${this.word()}.html`;
  }

  publicV4(): string {
    return this.#unique(() => [this.pick(PUBLIC_FIRST_OCTETS), this.int(0, 255), this.int(0, 255), this.int(1, 254)].join('.'));
  }

  publicV6(): string {
    return this.#unique(() => {
      const group = () => this.int(0x1000, 0xffff).toString(16);
      return [this.pick(PUBLIC_V6_PREFIXES), group(), group(), group(), group(), group(), group(), group()].join(':');
    });
  }

  /** An address of a home or office network. */
  privateV4(): string {
    return this.#unique(() => `10.${this.int(0, 255)}.${this.int(0, 255)}.${this.int(2, 250)}`);
  }

  /** A port that a server might be given by hand; none that browsers refuse to open. */
  port(): number {
    return Number(this.#unique(() => String(this.int(7000, 9999))));
  }

  #unique(make: () => string): string {
    for (;;) {
      const value = make();
      if (this.#taken.has(value)) continue;
      this.#taken.add(value);
      return value;
    }
  }
}
