import type { SessionView } from '../model/session';
import { api } from '../platform/api';
import { send } from './send';
import { openSessionPort } from './session-port';

let judging: Promise<typeof import('../session/derive')> | undefined;

/** Loads what judges: the larger half of a page, to be called behind its first picture. Otherwise the first session does. */
export function prepareJudging(): Promise<typeof import('../session/derive')> {
  judging ??= import('../session/derive');
  return judging;
}

/** Listens to a session by this browser's ports; see `openSessionPort`. Returns what ends it. */
export function connectSession(sessionId: string, onView: (view: SessionView) => void, onLost: () => void = () => undefined): () => void {
  let isOver = false;
  let end: (() => void) | undefined;
  prepareJudging().then(
    ({ deriveView }) => {
      if (isOver) return;
      end = openSessionPort(
        {
          connect: (name) => api.runtime.connect({ name }),
          later(run, afterMs) {
            const timer = setTimeout(run, afterMs);
            return () => clearTimeout(timer);
          },
          derive: deriveView,
          repair: (id) => send('session.rerun', { sessionId: id }),
        },
        sessionId,
        onView,
        onLost,
      );
    },
    () => {
      if (!isOver) onLost();
    },
  );
  return () => {
    isOver = true;
    end?.();
  };
}
