import { errorMessage } from '../../errors.ts';
import type { Bus, Logger } from '../../ports.ts';
import { sessionRevokedChannel, sessionRevokedSchema } from '../../services/access-revoked.ts';
import type { Connections } from './connections.ts';

/** How often the sessions of connected agents are looked up, in case the bus lost the news. */
export const defaultSessionCheckMs = 1_500;

export interface SessionWatchDeps {
  bus: Bus;
  logger: Logger;
  connections: Connections;
  /** Which of these session hashes still stand for somebody. */
  livingSessions: (hashes: readonly string[]) => Promise<string[]>;
  sessionCheckMs?: number;
}

/** Closes agents' connections soon after their session has ended, on whichever instance that happened. */
export function createSessionWatch(deps: SessionWatchDeps) {
  const { bus, logger, connections } = deps;
  let timer: NodeJS.Timeout | null = null;
  let unsubscribe: (() => Promise<void>) | null = null;
  let isChecking = false;

  function revoked(message: unknown): void {
    const parsed = sessionRevokedSchema.safeParse(message);
    if (parsed.success) connections.closeAgent(parsed.data.agentId, parsed.data.sessionHash);
  }

  async function check(): Promise<void> {
    const hashes = connections.sessionHashes();
    if (isChecking || hashes.length === 0) return;
    isChecking = true;
    try {
      const living = new Set(await deps.livingSessions(hashes));
      // who connected while we looked is looked at next time
      const asked = new Set(hashes);
      for (const hash of connections.sessionHashes()) if (!asked.has(hash)) living.add(hash);
      connections.closeOthers(living);
    } catch (error) {
      // without the database nobody can be let in either; those who are in stay
      logger.warn('session-check-failed', { cause: errorMessage(error) });
    } finally {
      isChecking = false;
    }
  }

  return {
    async start(): Promise<void> {
      unsubscribe = await bus.subscribe(sessionRevokedChannel, revoked);
      timer = setInterval(() => void check(), deps.sessionCheckMs ?? defaultSessionCheckMs);
    },
    async close(): Promise<void> {
      if (timer !== null) clearInterval(timer);
      await unsubscribe?.();
    },
  };
}
