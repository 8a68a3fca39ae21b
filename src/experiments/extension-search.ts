import type { ExtensionSearchDetail, Judgement, SearchedExtension } from '../model/experiment';
import type { Measurements } from '../model/measurement';
import { isResetLike } from '../net-errors';
import { type Next, nextOf, type Search, type Try, without } from './culprit-search';
import type { Experiment, ExperimentContext } from './experiment';
import type { Held } from './journal';

/** An installed extension, as the search needs to know it. */
export interface InstalledExtension {
  id: string;
  name: string;
  version: string;
  abilities: SearchedExtension['abilities'];
  icon?: string;
  homepage?: string;
  isEnabled: boolean;
  /** Whether the person, and not a policy, decides whether it is on. */
  mayDisable: boolean;
  /** Whether it could do anything to requests to the host. */
  isAble: boolean;
  /** Pages of its own are open: switching it off would close them, with what was typed there. */
  hasOpenPages: boolean;
}

/** Other extensions, seen and switched. */
export interface ExtensionSwitches {
  /** Undefined without the permission. Never Unreset itself, themes or apps. */
  list(host: string): Promise<readonly InstalledExtension[] | undefined>;
  /** Switches one and resolves when that is in force; absent where only the person may. */
  set?(id: string, isEnabled: boolean): Promise<void>;
  /** Resolves when one was switched, installed or removed by anybody, or the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/** How long extensions may stay off at most, ms; each is given back as soon as it is cleared. */
const HOLD_MS = 15 * 60_000;
/** Tries of one load that says neither, before the search gives up. */
const UNCLEAR_TRIES = 3;

type Context = ExperimentContext<'extension-search'>;

/** The permission was not given or was taken back. */
export class NotAllowed extends Error {
  constructor() {
    super('the permission to see extensions is missing');
  }
}

/** How often the walk saw the page fail and load with everything on. */
export function seenBefore(measurements: Partial<Measurements>): { fails: number; works: number } {
  const replay = measurements['tab-replay'];
  const tab = [replay?.plain, replay?.pastCache, ...(measurements['extensions-off']?.on ?? [])].flatMap((attempt) => {
    if (attempt?.outcome === 'loaded') return ['works'];
    return attempt?.outcome === 'failed' && attempt.error && isResetLike(attempt.error.failure) ? ['fails'] : [];
  });
  const row = (measurements.repetition?.inARow ?? []).flatMap((exchange) => {
    if (exchange.outcome === 'response') return ['works'];
    return exchange.outcome === 'failure' && isResetLike(exchange.error.failure) ? ['fails'] : [];
  });
  // No extension touches our own requests: they tell how often it fails only where they fail in turns, too.
  const all = row.includes('works') && row.includes('fails') ? [...tab, ...row] : tab;
  return { fails: all.filter((one) => one === 'fails').length, works: all.filter((one) => one === 'works').length };
}

/** One run of the search, with all that it holds. */
class Run {
  private extensions: SearchedExtension[] = [];
  private search: Search = { candidates: [], tries: [], before: { fails: 0, works: 0 } };
  private part: ExtensionSearchDetail['part'] = 'measure';
  private result: ExtensionSearchDetail['result'];
  private ask: ExtensionSearchDetail['ask'];
  private afterKeepingOff: Judgement | undefined;
  private rounds = 0;
  private left = 0;
  /** Those that are off by us, or were and are not cleared yet. */
  private readonly held = new Map<string, Held>();
  /** How each stands by our hand. */
  private readonly commanded = new Map<string, boolean>();

  constructor(private readonly context: Context) {}

  private get switches(): ExtensionSwitches {
    const { extensions } = this.context.doors;
    if (!extensions) throw new NotAllowed();
    return extensions;
  }
  private async list(): Promise<ReadonlyMap<string, InstalledExtension>> {
    const all = await this.switches.list(this.context.incident.host);
    if (!all) throw new NotAllowed();
    return new Map(all.map((one) => [one.id, one]));
  }
  private get isGuided(): boolean {
    return this.switches.set === undefined;
  }

  detail(): ExtensionSearchDetail {
    return {
      mode: this.isGuided ? 'guided' : 'switching',
      part: this.part,
      extensions: this.extensions,
      tries: this.search.tries.map(({ on, result, isMeasure }) => ({
        on: this.extensions.map(({ id }) => (on.includes(id) ? '1' : '0')).join(''),
        result,
        ...(isMeasure ? { isMeasure } : {}),
      })),
      before: this.search.before,
      rounds: this.rounds,
      ...(this.ask ? { ask: this.ask } : {}),
      ...(this.result ? { result: this.result } : {}),
      ...(this.afterKeepingOff ? { afterKeepingOff: this.afterKeepingOff } : {}),
    };
  }
  private tell(): Promise<void> {
    return this.context.tell({ done: this.rounds, left: this.left }, this.detail());
  }
  private set(id: string, change: Partial<SearchedExtension>): void {
    this.extensions = this.extensions.map((one) => (one.id === id ? { ...one, ...change } : one));
  }

  /** Takes up what an earlier run told. */
  resume(before: ExtensionSearchDetail): void {
    this.extensions = [...before.extensions];
    this.rounds = before.rounds;
    this.result = before.result;
    this.part = before.part;
    const suspects = this.extensions.filter(({ state }) => state !== 'left-alone').map(({ id }) => id);
    const tries = before.tries.map(
      ({ on, result, isMeasure }): Try => ({
        on: suspects.filter((id) => on[this.extensions.findIndex((one) => one.id === id)] === '1'),
        result,
        ...(isMeasure ? { isMeasure } : {}),
      }),
    );
    this.search = { candidates: suspects, tries, before: before.before };
  }

  private async begin(pinned: readonly string[], before: ExtensionSearchDetail | undefined): Promise<void> {
    const all = await this.list();
    if (before) this.resume(before);
    else {
      this.extensions = [...all.values()]
        .filter((one) => one.isEnabled && one.isAble)
        .map(({ id, name, version, abilities, icon, homepage, mayDisable, hasOpenPages }) => {
          const why = !mayDisable ? 'fixed' : pinned.includes(id) ? 'pinned' : hasOpenPages && !this.isGuided ? 'open-pages' : undefined;
          return {
            id,
            name,
            version,
            abilities,
            ...(icon ? { icon } : {}),
            ...(homepage ? { homepage } : {}),
            ...(why ? { state: 'left-alone' as const, why } : { state: 'suspect' as const }),
          };
        });
      const candidates = this.extensions.filter(({ state }) => state === 'suspect').map(({ id }) => id);
      this.search = { candidates, tries: [], before: seenBefore(this.context.state().measurements) };
    }
    if (this.result) return;
    for (const id of this.search.candidates) {
      const now = all.get(id);
      // What changed while nobody looked is the person's doing.
      if (!now) this.leave(id, 'off', 'removed');
      else if (!now.isEnabled && !this.isGuided) this.leave(id, 'off', 'switched-off');
      else if (now.hasOpenPages && !this.isGuided) this.leave(id, 'on', 'open-pages');
      else this.commanded.set(id, now.isEnabled);
    }
  }

  /** Takes one out of the search; it stays as it is. */
  private leave(id: string, stays: 'on' | 'off', why: NonNullable<SearchedExtension['why']>): void {
    this.search = without(this.search, id, stays);
    this.commanded.delete(id);
    this.set(id, { state: 'left-alone', why });
  }

  /** Whether each still stands as we left it. One that does not has the person's hand on it: it is theirs from now on. */
  private async isUndisturbed(): Promise<boolean> {
    const all = await this.list();
    let isSame = true;
    for (const [id, isOn] of [...this.commanded]) {
      const now = all.get(id);
      if (now?.isEnabled === isOn) continue;
      isSame = false;
      const held = this.held.get(id);
      this.held.delete(id);
      if (!now) this.leave(id, 'off', 'removed');
      else this.leave(id, now.isEnabled ? 'on' : 'off', now.isEnabled ? 'switched-on' : 'switched-off');
      if (now && !now.isEnabled) await held?.keep();
      else await held?.release();
    }
    if (!isSame) await this.tell();
    return isSame;
  }

  private async release(ids: readonly string[]): Promise<void> {
    const held = ids.flatMap((id) => this.held.get(id) ?? []);
    if (held.length === 0) return;
    for (const id of ids) {
      if (this.held.delete(id)) this.commanded.set(id, true);
    }
    const wereHeld = await this.context.journal.releaseAll(held);
    if (wereHeld.includes(false)) throw new Error('given back before it was over');
  }

  /** Puts the candidates as the next try wants them; what is cleared is given back for good. */
  private async apply(on: ReadonlySet<string>, cleared: readonly string[]): Promise<void> {
    const { journal, signal } = this.context;
    const { set } = this.switches;
    if (!set) return;
    const fresh = this.search.candidates.filter((id) => !on.has(id) && !this.held.has(id));
    if (fresh.length > 0) {
      const made = await journal.beginAll(
        fresh.map((id) => ({
          undo: { what: 'extension-switch', extensionId: id, wasEnabled: true },
          target: this.extensions.find((one) => one.id === id)?.name ?? '',
        })),
        HOLD_MS,
      );
      for (const [index, held] of made.entries()) this.held.set(fresh[index] as string, held);
    }
    signal.throwIfAborted();
    await this.release(cleared.filter((id) => on.has(id)));
    const failed: string[] = [];
    const wanted = this.search.candidates.filter((id) => this.commanded.get(id) !== on.has(id));
    const switched = await Promise.allSettled(
      wanted.map(async (id) => {
        this.commanded.set(id, on.has(id));
        await this.held.get(id)?.change(() => set(id, on.has(id)));
      }),
    );
    for (const [index, one] of switched.entries()) if (one.status === 'rejected') failed.push(wanted[index] as string);
    signal.throwIfAborted();
    if (failed.length === 0) return;
    const all = await this.list();
    for (const id of failed) {
      // Gone, or switched meanwhile: that shows by itself.
      const now = all.get(id);
      if (now?.isEnabled !== true || on.has(id)) continue;
      const held = this.held.get(id);
      this.held.delete(id);
      this.leave(id, 'on', 'cannot-switch');
      await held?.release();
    }
  }

  /** One load of the page that says something, or `unclear` after several that did not. */
  private async judge(): Promise<Judgement> {
    for (let tries = 0; tries < UNCLEAR_TRIES; tries += 1) {
      const said = await this.context.judge();
      if (said !== 'unclear') return said;
    }
    return 'unclear';
  }

  private note(next: Next): void {
    this.rounds = Math.max(this.rounds, next.rounds);
    const cleared = new Set(next.cleared);
    for (const id of this.search.candidates) this.set(id, { state: cleared.has(id) ? 'cleared' : 'suspect' });
    if (next.kind !== 'try') {
      const culprits = next.kind === 'found' ? next.culprits : [];
      for (const id of culprits.flat()) this.set(id, { state: 'culprit' });
      this.left = 0;
      this.part = 'restore';
      this.result = { kind: this.search.candidates.length === 0 ? 'nobody' : next.kind, culprits };
      return;
    }
    this.part = next.part;
    this.left = next.left;
  }

  async run(pinned: readonly string[], before: ExtensionSearchDetail | undefined): Promise<void> {
    const { signal } = this.context;
    await this.begin(pinned, before);
    try {
      while (this.result === undefined) {
        signal.throwIfAborted();
        const next = nextOf(this.search);
        this.note(next);
        if (next.kind !== 'try') break;
        await this.tell();
        const on = new Set(next.on);
        if (this.isGuided) {
          if (!(await this.isAsAsked(on))) continue;
        } else {
          await this.apply(on, next.cleared);
          if (next.on.some((id) => !this.search.candidates.includes(id)) || !(await this.isUndisturbed())) continue;
        }
        const said = await this.judge();
        // Somebody switched something while the page loaded: nobody knows what it says.
        const isValid = this.isGuided ? (await this.toSwitch(on)).length === 0 : await this.isUndisturbed();
        if (!isValid) continue;
        if (said === 'unclear') {
          this.part = 'restore';
          this.result = { kind: 'unclear', culprits: [] };
          break;
        }
        const made: Try = { on: next.on, result: said, ...(next.isMeasure ? { isMeasure: true } : {}) };
        this.search = { ...this.search, tries: [...this.search.tries, made] };
      }
    } finally {
      await this.release([...this.held.keys()]);
    }
    this.part = 'restore';
    this.left = 0;
    await this.tell();
    if (this.isGuided) await this.areAllOn();
    this.part = 'over';
    this.ask = undefined;
    await this.tell();
  }

  /** What the person still has to switch, as they were told. */
  private async toSwitch(on: ReadonlySet<string>): Promise<readonly string[]> {
    const all = await this.list();
    for (const id of this.search.candidates) if (!all.has(id)) this.leave(id, 'off', 'removed');
    const wrong = this.search.candidates.filter((id) => all.get(id)?.isEnabled !== on.has(id));
    this.ask = { off: wrong.filter((id) => !on.has(id)), on: wrong.filter((id) => on.has(id)) };
    return wrong;
  }

  /** Waits for the person to switch them so. False: the search has changed meanwhile. */
  private async isAsAsked(on: ReadonlySet<string>): Promise<boolean> {
    const size = this.search.candidates.length;
    return this.untilSwitched(
      () => this.toSwitch(on),
      () => this.search.candidates.length === size,
    );
  }

  /** Reminds of what is still off, until it is on again or the person says that it is to stay off. */
  private async areAllOn(): Promise<void> {
    await this.untilSwitched(
      async () => {
        const all = await this.list();
        const off = this.extensions.filter(
          ({ id, state, isKeptOff }) => state !== 'left-alone' && isKeptOff !== true && all.get(id)?.isEnabled === false,
        );
        this.ask = { off: [], on: off.map(({ id }) => id) };
        return this.ask.on;
      },
      () => true,
    );
  }

  private async untilSwitched(wrong: () => Promise<readonly string[]>, isStill: () => boolean): Promise<boolean> {
    const { signal } = this.context;
    // Nobody listens any more once this is over; else each round would leave its listeners behind.
    const over = new AbortController();
    const stop = () => over.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    let asked = '';
    let word: Promise<void> | undefined;
    try {
      for (;;) {
        const left = await wrong();
        if (!isStill()) return false;
        if (left.length === 0) return true;
        signal.throwIfAborted();
        const now = JSON.stringify(this.ask);
        if (now !== asked) await this.tell();
        asked = now;
        word ??= this.context.word(over.signal).then(({ word: said, target }) => {
          word = undefined;
          if (target === undefined) return;
          if (said === 'leave') this.leave(target, 'on', 'pinned');
          if (said === 'keep-off') this.set(target, { isKeptOff: true });
        });
        await Promise.race([this.switches.changed(over.signal), word]);
        signal.throwIfAborted();
      }
    } finally {
      word?.catch(() => undefined);
      signal.removeEventListener('abort', stop);
      over.abort();
    }
  }

  /** The person's word on what was found. */
  async act(detail: ExtensionSearchDetail, word: string, target: string): Promise<void> {
    this.resume(detail);
    const now = (await this.list()).get(target);
    const { set } = this.switches;
    if (!now || !set || !this.extensions.some(({ id }) => id === target)) throw new Error('this extension cannot be switched');
    if (word === 'keep-off') {
      if (now.isEnabled) {
        const held = await this.context.journal.begin(
          { what: 'extension-switch', extensionId: target, wasEnabled: true },
          now.name,
          HOLD_MS,
        );
        try {
          await held.change(() => set(target, false));
          const said = await this.judge().catch(() => 'unclear' as const);
          // A stop, or what was given back meanwhile, is a later word than this one.
          this.context.signal.throwIfAborted();
          if (!(await held.keep())) throw new Error('given back before it was over');
          this.afterKeepingOff = said;
        } finally {
          await held.release();
        }
      }
      this.set(target, { isKeptOff: true });
    } else if (word === 'restore') {
      if (!now.isEnabled) await set(target, true);
      await this.context.journal.takeBack({ what: 'extension-switch', extensionId: target, wasEnabled: true });
      this.extensions = this.extensions.map((one) => {
        const { isKeptOff, ...rest } = one;
        return one.id === target ? rest : one;
      });
    } else throw new Error('unknown word');
    this.part = 'over';
    await this.tell();
  }
}

/** Finds the extension that breaks the page by switching those that could off and on again; where only the person may switch, by guiding them. */
export const extensionSearch: Experiment<'extension-search'> = {
  id: 'extension-search',
  run: (context, { pinned }, before) => new Run(context).run(pinned, before),
  async act(context, detail, { word, target }) {
    if (target === undefined) throw new Error('of which extension?');
    await new Run(context).act(detail, word, target);
  },
};
