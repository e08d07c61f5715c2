import type { VisitorSnapshot } from '../../server/protocol/client/types.ts';

/** What the bar above the composer says; null: all is well. */
export type Trouble = 'offline' | 'reconnecting' | 'unavailable' | 'outdated' | 'missing' | null;

/** What a visitor should know of the way to the server. */
export function findTrouble(chat: {
  session: object | null;
  isRefused: boolean;
  isOnline: boolean;
  failures: number;
  snapshot: Pick<VisitorSnapshot, 'connection'>;
}): Trouble {
  if (chat.isRefused) return chat.session === null ? 'missing' : 'outdated';
  if (!chat.isOnline) return 'offline';
  if (chat.session === null) return chat.failures > 0 ? 'unavailable' : null;
  return chat.snapshot.connection.status === 'waiting' ? 'reconnecting' : null;
}
