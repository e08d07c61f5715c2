import type { VisitorClient, VisitorSnapshot } from '../../server/protocol/client/types.ts';

export interface FakeClient extends VisitorClient {
  /** What the chat has asked for, oldest first: `send Hello`, `requestPerson`, ... */
  readonly calls: readonly string[];
  /** Shows a snapshot, as if the server had spoken. */
  show(snapshot: VisitorSnapshot): void;
}

/** A client without a server: shows what it is told to and writes down what it is asked for. */
export function createFakeClient(initial: VisitorSnapshot): FakeClient {
  let snapshot = initial;
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  return {
    calls,
    show(next) {
      snapshot = next;
      for (const listener of [...listeners]) listener();
    },
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: () => calls.push('connect'),
    close: () => calls.push('close'),
    send: (text) => calls.push(`send ${text}`),
    retry: (key) => calls.push(`retry ${key}`),
    requestPerson: () => calls.push('requestPerson'),
    stopAnswer: () => calls.push('stopAnswer'),
    setTyping: (text) => calls.push(`typing ${text}`),
    markSeen: (seq) => calls.push(`seen ${seq}`),
    judgeAnswer: (answerId, isRight) => calls.push(`judge ${answerId} ${isRight}`),
    startOver: () => calls.push('startOver'),
  };
}
