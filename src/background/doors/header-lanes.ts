/**
 * Header rules hold for a whole origin, so requests that want different ones must not set out at
 * the same time: equal wishes to one origin share a lane, another wish waits until the lane is empty.
 */
export interface HeaderLanes {
  /** Resolves when the rules of this wish are in force; `leave` when the request's headers have left. */
  enter(origin: string, wish: HeaderWish | undefined): Promise<{ leave(): void }>;
}

/** Request headers to set (value) or to remove (null), names lower case. */
export type HeaderWish = Readonly<Record<string, string | null>>;

/** Whether cookies are left out: then the answer must set none either, or a site that greets a newcomer would replace the person's session. */
export const isWithoutCookies = (wish: HeaderWish | undefined): boolean => wish?.cookie === null;

interface Lane {
  key: string;
  inside: number;
  ready: Promise<void>;
  waiting: { key: string; wish: HeaderWish | undefined; go(lane: Lane): void }[];
}

export function createHeaderLanes(rules: {
  /** Puts rules into force; resolves when they are, throws when they cannot be. */
  set(origin: string, wish: HeaderWish): Promise<void>;
  clear(origin: string): Promise<void>;
}): HeaderLanes {
  const lanes = new Map<string, Lane>();

  const open = (origin: string, key: string, wish: HeaderWish | undefined, before: Promise<void>, waiting: Lane['waiting']): Lane => {
    const lane: Lane = { key, inside: 0, waiting, ready: wish ? before.then(() => rules.set(origin, wish)) : before };
    lanes.set(origin, lane);
    return lane;
  };

  const leave = (origin: string, lane: Lane) => {
    lane.inside -= 1;
    if (lane.inside > 0) return;
    const cleared = lane.key === '' ? Promise.resolve() : rules.clear(origin);
    const next = lane.waiting[0];
    if (!next) {
      // Kept until the rules are gone, so that a newcomer waits for that.
      const empty = open(origin, '', undefined, cleared, []);
      cleared.then(() => {
        if (lanes.get(origin) === empty && empty.inside === 0) lanes.delete(origin);
      });
      return;
    }
    const group = lane.waiting.filter((waiter) => waiter.key === next.key);
    const opened = open(
      origin,
      next.key,
      next.wish,
      cleared,
      lane.waiting.filter((waiter) => waiter.key !== next.key),
    );
    // Counted at once, so that nobody takes the lane for empty before they wake.
    opened.inside = group.length;
    for (const waiter of group) waiter.go(opened);
  };

  return {
    async enter(origin, wish) {
      const key = wish && Object.keys(wish).length > 0 ? JSON.stringify(Object.entries(wish).sort()) : '';
      const wanted = key === '' ? undefined : wish;
      let mine = lanes.get(origin) ?? open(origin, key, wanted, Promise.resolve(), []);
      if (mine.inside === 0 && mine.key !== key && mine.waiting.length === 0) mine = open(origin, key, wanted, mine.ready, []);
      if (mine.key === key && mine.waiting.length === 0) {
        mine.inside += 1;
      } else {
        const current = mine;
        mine = await new Promise<Lane>((resolve) => current.waiting.push({ key, wish: wanted, go: resolve }));
      }
      let hasLeft = false;
      const out = () => {
        if (hasLeft) return;
        hasLeft = true;
        leave(origin, lane);
      };
      const lane = mine;
      try {
        await lane.ready;
      } catch (error) {
        out();
        throw error;
      }
      return { leave: out };
    },
  };
}
