import { closeReasons } from '../../protocol/version.ts';
import type { CloseReason, Peer } from './peer.ts';
import type { Caller } from './upgrade.ts';

/** Clients of a server that goes away come back spread over this time per 1,000 connections. */
const drainSpreadMsPerThousand = 1_000;
const minDrainSpreadMs = 1_000;
/** Connections that have not agreed to the end of the service by then are cut. */
const drainTimeoutMs = 8_000;

/** One open connection, whatever carries it. */
export interface OpenConnection {
  peer: Peer;
  caller: Caller;
  /** Ends it without a word. */
  cut(): void;
}

/** All open connections of this instance. */
export interface Connections {
  add(connection: OpenConnection): void;
  remove(connection: OpenConnection): void;
  readonly size: number;
  count(): { visitors: number; agents: number };
  /** Closes those of an agent; of one session where `sessionHash` is given. */
  closeAgent(agentId: string, sessionHash: string | null): void;
  /** Closes those whose session is not among `living`. */
  closeOthers(living: ReadonlySet<string>): void;
  /** Hashes of the sessions that agents are connected with. */
  sessionHashes(): string[];
  /** Tells everybody when to come back, closes, and resolves when all are gone. */
  drain(random: () => number): Promise<void>;
  cutAll(): void;
}

export function createConnections(): Connections {
  const open = new Set<OpenConnection>();
  let emptied: (() => void) | null = null;

  function closeAgents(isMeant: (caller: Extract<Caller, { kind: 'agent' }>) => boolean): void {
    for (const { peer, caller } of [...open]) {
      if (caller.kind === 'agent' && isMeant(caller)) peer.close(closeReasons.sessionRevoked);
    }
  }

  function cutAll(): void {
    for (const connection of [...open]) connection.cut();
  }

  return {
    add: (connection) => open.add(connection),
    get size() {
      return open.size;
    },
    remove(connection) {
      open.delete(connection);
      if (open.size === 0) emptied?.();
    },
    count() {
      const agents = [...open].filter(({ caller }) => caller.kind === 'agent').length;
      return { agents, visitors: open.size - agents };
    },
    closeAgent(agentId, sessionHash) {
      closeAgents(
        (caller) =>
          caller.account.id === agentId && (sessionHash === null || sessionHash === caller.sessionHash),
      );
    },
    closeOthers: (living) => closeAgents((caller) => !living.has(caller.sessionHash)),
    sessionHashes() {
      return [...open].flatMap(({ caller }) => (caller.kind === 'agent' ? [caller.sessionHash] : []));
    },
    async drain(random) {
      if (open.size === 0) return;
      const spreadMs = Math.max(minDrainSpreadMs, (open.size / 1000) * drainSpreadMsPerThousand);
      const done = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      for (const { peer } of [...open]) goAway(peer, Math.floor(random() * spreadMs), closeReasons.draining);
      const timer = setTimeout(cutAll, drainTimeoutMs);
      await done;
      clearTimeout(timer);
    },
    cutAll,
  };
}

function goAway(peer: Peer, reconnectAfterMs: number, reason: CloseReason): void {
  peer.send({ type: 'draining', reconnectAfterMs });
  peer.close(reason);
}
