import { errorMessage } from '../errors.ts';
import { claimOrphanedTurns, renewTurnLeases } from '../store/turn.ts';
import type { OrphanedTurn } from '../store/turn.ts';
import { findConversation } from '../store/conversation.ts';
import { failTurn, runTurn } from './turn-runner.ts';
import type { Turn, TurnRunnerDeps } from './turn-runner.ts';

/** An answer is made this often at most; then a person is called. */
const maxAttempts = 2;

export interface Turns {
  /** Looks for orphaned turns from now on. */
  start(): void;
  /** Stops every answer that is being made here; their leases run out and others make them again. */
  close(): Promise<void>;
  /** Makes the answer in the background. */
  begin(turn: Turn): void;
  /** Takes up turns whose writer is gone; called by the timer, and by tests. */
  sweep(): Promise<void>;
}

/** The AI answers under way on this instance. */
export function createTurns(deps: TurnRunnerDeps): Turns {
  const running = new Map<string, { turn: Turn; controller: AbortController; done: Promise<void> }>();
  let timer: NodeJS.Timeout | null = null;
  let renewal: NodeJS.Timeout | null = null;
  let isClosed = false;

  // a takeover, a stop or a newer question ends the turn, wherever it was decided
  const unwatch = deps.hub.watchAll((_conversationId, _lastSeq, events) => {
    for (const { body } of events)
      if (body.type === 'turn-ended') running.get(body.turnId)?.controller.abort();
  });

  function begin(turn: Turn): void {
    if (isClosed) return;
    const controller = new AbortController();
    const done = runTurn(deps, turn, controller.signal).finally(() => running.delete(turn.turnId));
    running.set(turn.turnId, { turn, controller, done });
  }

  async function sweep(): Promise<void> {
    const nowMs = deps.clock.now();
    const leaseAt = new Date(nowMs + deps.timings.turnLeaseMs);
    for (const orphan of await claimOrphanedTurns(deps.db, new Date(nowMs), leaseAt)) {
      const next = running.has(orphan.turnId) ? null : await takeUp(deps, orphan);
      if (next !== null) begin(next);
    }
  }

  /** One statement for all that is written here; a turn that is no longer current ends. */
  async function renew(): Promise<void> {
    const own = [...running.values()];
    if (own.length === 0) return;
    try {
      const leaseAt = new Date(deps.clock.now() + deps.timings.turnLeaseMs);
      const turns = own.map(({ turn }) => turn);
      const current = new Set(await renewTurnLeases(deps.db, turns, leaseAt));
      for (const { turn, controller } of own) if (!current.has(turn.turnId)) controller.abort();
    } catch (error) {
      // a missed renewal costs a second attempt at worst: the commit checks who is current
      deps.logger.warn('turn-renewal-failed', { cause: errorMessage(error) });
    }
  }

  return {
    start() {
      // three chances to renew before a lease is over
      renewal ??= setInterval(() => void renew(), deps.timings.turnLeaseMs / 3);
      timer ??= setInterval(() => {
        sweep().catch((error: unknown) =>
          deps.logger.warn('turn-sweep-failed', { cause: errorMessage(error) }),
        );
      }, deps.timings.turnSweepMs);
    },
    async close() {
      isClosed = true;
      if (timer !== null) clearInterval(timer);
      if (renewal !== null) clearInterval(renewal);
      unwatch();
      for (const { controller } of running.values()) controller.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
    begin,
    sweep,
  };
}

/**
 * The turn of a crashed writer begins anew under a new id, so that nothing late of the old one counts; null when
 * there is nothing to do any more, or a person was called because it has failed too often.
 */
async function takeUp(
  deps: TurnRunnerDeps,
  { conversationId, turnId, attempt }: OrphanedTurn,
): Promise<Turn | null> {
  const record = await findConversation(deps.db, conversationId);
  if (record === null) return null;
  const { siteId } = record;
  if (attempt >= maxAttempts) {
    await failTurn(deps, { conversationId, siteId, turnId, startSeq: record.status.lastSeq });
    return null;
  }
  const nextTurnId = deps.ids.uuid();
  const command = { type: 'restart-turn', turnId, nextTurnId } as const;
  const appended = await deps.log.append({ conversationId, clientId: null, owner: null, command });
  if (appended.kind !== 'appended') return null;
  return { conversationId, siteId, turnId: nextTurnId, startSeq: appended.seq };
}
