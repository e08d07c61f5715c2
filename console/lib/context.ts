import { createContext } from 'svelte';
import type { Api } from '../api.ts';
import type { Alerts } from '../state/alerts.svelte.ts';
import type { Clock } from '../state/clock.svelte.ts';
import type { Inbox } from '../state/inbox.svelte.ts';
import type { Router } from '../state/router.svelte.ts';
import type { Session } from '../state/session.svelte.ts';
import type { Sites } from '../state/sites.svelte.ts';
import type { Toasts } from '../state/toasts.svelte.ts';

/** What every screen may use. */
export interface Console {
  api: Api;
  router: Router;
  session: Session;
  sites: Sites;
  clock: Clock;
  toasts: Toasts;
}

/** What exists while someone is signed in. */
export interface Desk {
  inbox: Inbox;
  alerts: Alerts;
  setPresence(presence: 'online' | 'away'): void;
}

export const [getConsole, setConsole] = createContext<Console>();
export const [getDesk, setDesk] = createContext<Desk>();
