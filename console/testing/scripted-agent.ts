import type { AgentClient, AgentSnapshot } from '../../server/protocol/client/types.ts';

export interface ScriptedAgent extends AgentClient {
  /** Changes the snapshot as the server would, and tells the listeners. */
  change(given: Partial<AgentSnapshot>): void;
  /** Every method called by the code under test, with its arguments. */
  readonly calls: readonly string[];
}

/** An `AgentClient` without a socket, for tests of what stands on top of it. */
export const createScriptedAgent = (): ScriptedAgent => {
  let snapshot: AgentSnapshot = {
    connection: { status: 'idle' },
    agentId: null,
    inbox: [],
    isInboxLoaded: false,
    thread: null,
    problem: null,
  };
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const log =
    (name: string) =>
    (...given: unknown[]): void => {
      calls.push([name, ...given.map(String)].join(' '));
    };
  return {
    calls,
    change: (given) => {
      snapshot = { ...snapshot, ...given };
      for (const listener of listeners) listener();
    },
    getSnapshot: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: log('connect'),
    close: log('close'),
    open: log('open'),
    leave: log('leave'),
    send: log('send'),
    retry: log('retry'),
    take: log('take'),
    handBack: log('handBack'),
    resolve: log('resolve'),
    setTyping: log('setTyping'),
    markSeen: log('markSeen'),
    setPresence: log('setPresence'),
    dismissProblem: log('dismissProblem'),
  };
};
