import type { Change, SessionState, SessionView } from '../model/session';
import { SESSION_PORT_PREFIX, type SessionPortMessage } from './protocol';

/** What comes over the port of a session: its state, or that there is no such session. */
export type PortMessage = SessionPortMessage | { isUnknown: true };

/** A port as far as it is used, on either side. */
export interface PortLike {
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/** What a page's side of the port needs of the world. */
export interface PortDoors {
  connect(name: string): PortLike;
  /** `setTimeout`; returns what cancels it. */
  later(run: () => void, afterMs: number): () => void;
  /** Judges a session; pure. */
  derive(state: SessionState, changes: readonly Change[]): SessionView;
  /** Asks the worker to measure anew, because what is stored cannot be judged. */
  repair(sessionId: string): Promise<unknown>;
}

/** First pause before connecting again, ms; doubled up to the longest. Connecting wakes the worker. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 3_000;

/**
 * Listens to a session and connects again whenever the worker has died. Views come at once and after
 * every change. `onLost` is called once, when there is no such session or it cannot be judged even after
 * measuring anew; then nothing more comes.
 * Returns what ends it.
 */
export function openSessionPort(
  doors: PortDoors,
  sessionId: string,
  onView: (view: SessionView) => void,
  onLost: () => void = () => undefined,
): () => void {
  let isOver = false;
  let pauseMs = FIRST_PAUSE_MS;
  let cancelPause: (() => void) | undefined;
  let port: PortLike | undefined;

  let isRepaired = false;

  const judge = (message: SessionPortMessage): SessionView | undefined => {
    try {
      return doors.derive(message.state, message.changes);
    } catch {
      // An older version may have stored what this one cannot read.
      return undefined;
    }
  };
  const end = () => {
    isOver = true;
    cancelPause?.();
    port?.disconnect();
    port = undefined;
  };
  const lose = () => {
    if (isOver) return;
    end();
    onLost();
  };
  const again = () => {
    if (isOver) return;
    cancelPause = doors.later(open, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  function open(): void {
    if (isOver) return;
    try {
      const opened = doors.connect(SESSION_PORT_PREFIX + sessionId);
      port = opened;
      opened.onMessage.addListener((message) => {
        if (isOver) return;
        const received = message as PortMessage;
        pauseMs = FIRST_PAUSE_MS;
        const view = 'isUnknown' in received ? undefined : judge(received);
        if (view) onView(view);
        else if ('isUnknown' in received || isRepaired) lose();
        else {
          isRepaired = true;
          doors.repair(sessionId).catch(lose);
        }
      });
      opened.onDisconnect.addListener(() => {
        if (port === opened) port = undefined;
        again();
      });
    } catch {
      // The extension is being reloaded or updated: connect throws until it is back.
      again();
    }
  }
  open();
  return end;
}
