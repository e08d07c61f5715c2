import type { Author } from '../entities.ts';
import { addOutgoing, requeueOutgoing, setOutgoing } from './thread-outgoing.ts';
import { createTimers } from './timers.ts';
import type { OutboxEntry, OutboxStore, Thread } from './types.ts';

export interface SenderOptions {
  get: () => Thread | null;
  set: (thread: Thread | null) => void;
  author: () => Author;
  write: (frame: object) => boolean;
  outbox: OutboxStore;
  uuid: () => string;
  iso: () => string;
  /** Something went out for this conversation. */
  onSent: (conversationId: string) => void;
}

interface Nack {
  clientId: string;
  message: string;
  retryAfterMs: number | null;
}

/** Brings own messages to the server: at least once, in order, until each is acknowledged or refused. */
export interface Sender {
  send(conversationId: string, kind: OutboxEntry['kind'], text: string): void;
  retry(clientId: string): void;
  /** Sends everything that has not been acknowledged, oldest first. */
  flush(): void;
  offline(): void;
  acked(clientId: string | null): void;
  refused(nack: Nack): void;
  restore(): Promise<void>;
  /** Puts the waiting messages of a conversation into its thread. */
  show(conversationId: string): void;
  close(): void;
}

export function createSender(options: SenderOptions): Sender {
  /** In order of sending: waiting for an ack, or for a connection. */
  const pending = new Map<string, OutboxEntry>();
  const failed = new Map<string, OutboxEntry>();
  const onTheirWay = new Set<string>();
  const timers = createTimers<'retry'>();

  function note(clientId: string, status: 'queued' | 'sent' | 'failed', error: string | null = null): void {
    const thread = options.get();
    if (thread !== null) options.set(setOutgoing(thread, clientId, status, error));
  }

  function show(entry: OutboxEntry): void {
    const thread = options.get();
    if (entry.kind !== 'message' || thread?.conversationId !== entry.conversationId) return;
    options.set(addOutgoing(thread, entry, options.author()));
  }

  function transmit(entry: OutboxEntry): void {
    const { clientId, conversationId, text } = entry;
    const frame =
      entry.kind === 'message'
        ? { type: 'message-send', clientId, conversationId, text }
        : { type: 'handoff-request', clientId, conversationId };
    if (!options.write(frame)) return;
    onTheirWay.add(clientId);
    note(clientId, 'sent');
    options.onSent(conversationId);
  }

  function enqueue(entry: OutboxEntry): void {
    pending.set(entry.clientId, entry);
    void options.outbox.put(entry);
    // while a refused message waits for its second try, later ones wait behind it
    if (!timers.has('retry')) transmit(entry);
  }

  function flush(): void {
    timers.clear('retry');
    for (const entry of pending.values()) if (!onTheirWay.has(entry.clientId)) transmit(entry);
  }

  return {
    send(conversationId, kind, text) {
      const entry = { clientId: options.uuid(), conversationId, kind, text, at: options.iso() };
      show(entry);
      enqueue(entry);
    },
    retry(clientId) {
      const entry = failed.get(clientId);
      if (entry === undefined) return;
      failed.delete(clientId);
      note(clientId, 'queued');
      enqueue(entry);
    },
    flush,
    offline() {
      timers.clear('retry');
      onTheirWay.clear();
      const thread = options.get();
      if (thread !== null) options.set(requeueOutgoing(thread));
    },
    acked(clientId) {
      if (clientId === null || !pending.delete(clientId)) return;
      onTheirWay.delete(clientId);
      void options.outbox.remove(clientId);
    },
    refused(nack) {
      const entry = pending.get(nack.clientId);
      if (entry === undefined) return;
      onTheirWay.delete(nack.clientId);
      if (nack.retryAfterMs !== null) {
        note(nack.clientId, 'queued');
        timers.set('retry', nack.retryAfterMs, flush);
        return;
      }
      pending.delete(nack.clientId);
      failed.set(nack.clientId, entry);
      note(nack.clientId, 'failed', nack.message);
      void options.outbox.remove(nack.clientId);
    },
    async restore() {
      for (const entry of await options.outbox.load()) {
        if (pending.has(entry.clientId) || failed.has(entry.clientId)) continue;
        pending.set(entry.clientId, entry);
        show(entry);
      }
      flush();
    },
    show(conversationId) {
      for (const entry of pending.values()) if (entry.conversationId === conversationId) show(entry);
    },
    close: () => timers.clearAll(),
  };
}
