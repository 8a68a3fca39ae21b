/** Lets one at a time through, in order. Whoever's signal has aborted before its turn comes is turned away. */
export type Turn = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** One queue for all that changes the browser for everybody: two experiments at once would undo and measure each other. */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    const mine = last.then(() => {
      if (signal?.aborted) throw new Error('another experiment took too long');
      return work();
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}
