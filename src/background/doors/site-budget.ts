import { isPrivateHost } from '../../probes/hosts';

/** Requests to the failing site that one automatic run may send. */
export const AUTOMATIC_REQUESTS = 20;
/** What the consent `larger-burst` adds. */
export const LARGER_BURST_REQUESTS = 30;

/** Manners towards one failing site: how many requests, how many at once, and when to stop. */
export interface SiteBudget {
  /** Waits for a free place and takes one request off the budget; undefined place: refused, and why. Call `leave` when the request is over. */
  enter(signal?: AbortSignal): Promise<{ leave(): void } | { refused: 'budget' | 'asked-to-stop' | 'cancelled' }>;
  /** The site asked us to stop (429, 503, Retry-After): nothing more is sent in this run. */
  stop(): void;
  /** Requests that may still be sent. */
  left(): number;
  /** Requests sent so far. */
  spent(): number;
}

export function createSiteBudget(options: {
  host: string;
  /** Requests sent earlier in this run, before a restart of the worker. */
  alreadySpent?: number;
  /** Requests that may be sent; default: those of an automatic run. */
  limit?: number | undefined;
  hasLargerBurst(): boolean;
}): SiteBudget {
  const parallel = isPrivateHost(options.host) ? 1 : 6;
  let spent = options.alreadySpent ?? 0;
  let inFlight = 0;
  let isStopped = false;
  const waiting: (() => void)[] = [];
  const left = () => (options.limit ?? AUTOMATIC_REQUESTS) + (options.hasLargerBurst() ? LARGER_BURST_REQUESTS : 0) - spent;

  const leave = () => {
    inFlight -= 1;
    waiting.shift()?.();
  };
  return {
    async enter(signal) {
      while (inFlight >= parallel) {
        if (isStopped || left() <= 0 || signal?.aborted) break;
        await new Promise<void>((resolve) => {
          const go = () => {
            signal?.removeEventListener('abort', giveUp);
            resolve();
          };
          const giveUp = () => {
            const at = waiting.indexOf(go);
            if (at >= 0) waiting.splice(at, 1);
            resolve();
          };
          signal?.addEventListener('abort', giveUp, { once: true });
          waiting.push(go);
        });
      }
      const refused = signal?.aborted ? 'cancelled' : isStopped ? 'asked-to-stop' : left() <= 0 ? 'budget' : undefined;
      if (refused) {
        // Whoever waited behind us would be woken by our leaving, which never comes.
        waiting.shift()?.();
        return { refused };
      }
      inFlight += 1;
      spent += 1;
      let hasLeft = false;
      return {
        leave() {
          if (hasLeft) return;
          hasLeft = true;
          leave();
        },
      };
    },
    stop() {
      isStopped = true;
    },
    left: () => (isStopped ? 0 : Math.max(0, left())),
    spent: () => spent,
  };
}
