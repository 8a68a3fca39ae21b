import type { Requests, RequestType } from '../messaging/protocol';
import type { Incident } from '../model/incident';
import type { SessionView } from '../model/session';

/** Permissions in the form that browsers take them. */
export interface PermissionSet {
  permissions?: string[];
  origins?: string[];
}

/** Everything the page asks of the world; `main.tsx` opens the real ones, the gallery painted ones. */
export interface PageDoors {
  /** Asks the worker; rejects when it refuses or cannot be reached. */
  send<Type extends RequestType>(type: Type, request: Requests[Type]['request']): Promise<Requests[Type]['answer']>;
  /** Listens to a session; views come at once and after every change. Returns what ends it. */
  watch(sessionId: string, onView: (view: SessionView) => void, onLost: () => void): () => void;
  /** The tab in front in the current window. */
  activeTab(): Promise<{ id: number; url?: string } | undefined>;
  /** What is known to have failed in a tab, without waiting for the worker. */
  glance?(tab: { id: number; url?: string }): Promise<Incident | undefined>;
  /** Opens one of our own pages, `src/popup/index.html?…`, in a tab. */
  openTab(path: string): Promise<void>;
  /** Shows the walk in the side panel; absent where the browser has none. Must be called inside a click. */
  openSidePanel?(path: string): Promise<void>;
  hasPermission(wanted: PermissionSet): Promise<boolean>;
  /** Asks the person; must be called inside a click. */
  askPermission(wanted: PermissionSet): Promise<boolean>;
  /** Version of this extension, for the report. */
  version: string;
  nowMs(): number;
}
