/** `setTimeout`; returns what cancels it. */
export type Later = (run: () => void, afterMs: number) => () => void;

/** How long a probe may take over giving back what it holds once its signal has aborted, ms. */
export const GRACE_MS = 300;

/**
 * Runs `work` with a signal that aborts after `limitMs`, and stops waiting for it soon after, even if
 * it ignores the signal. Rejects with what `work` rejects with, or with `out of time`.
 */
export async function withDeadline<Value>(
  work: (signal: AbortSignal) => Promise<Value>,
  options: { limitMs: number; later: Later; stop?: AbortSignal },
): Promise<Value> {
  const controller = new AbortController();
  let giveUp: (reason: Error) => void = () => undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  let cancelGrace: () => void = () => undefined;
  const end = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    cancelGrace = options.later(() => giveUp(new Error('out of time')), GRACE_MS);
  };
  const cancelLimit = options.later(end, options.limitMs);
  if (options.stop?.aborted) end();
  options.stop?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work(controller.signal), overdue]);
  } finally {
    cancelLimit();
    cancelGrace();
    options.stop?.removeEventListener('abort', end);
  }
}
