import type { Author } from '../entities.ts';
import { addOutgoing, requeueOutgoing, setOutgoing } from './thread-outgoing.ts';
import { createTimers } from './timers.ts';
import type { OutboxEntry, OutboxStore, Thread } from './types.ts';

export interface SenderOptions {
  get: () => Thread | null;
  set: (thread: Thread | null) => void;
  author: () => Author;
  /** Newest event on the screen, for those whose words depend on it; null: it does not matter. */
  seenSeq: () => number | null;
  write: (frame: object) => boolean;
  outbox: OutboxStore;
  uuid: () => string;
  iso: () => string;
  /** Something went out for this conversation. */
  onSent: (conversationId: string) => void;
  /** The server owes an answer for too long: is the line still there? */
  doubt: () => void;
}

/** An ack takes no longer, unless the server is in trouble or does not hear us. */
const ackPatienceMs = 5_000;

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
  /** Takes up what an earlier page left; `found` hears the newest of its conversations before anything is sent. */
  restore(found: (conversationId: string) => void): Promise<void>;
  /** Conversation of the newest message that was refused, or null. */
  refusedIn(): string | null;
  /** Puts the waiting and the refused messages of a conversation into its thread. */
  show(conversationId: string): void;
  close(): void;
}

export function createSender(options: SenderOptions): Sender {
  return new OutboxSender(options);
}

class OutboxSender implements Sender {
  readonly #options: SenderOptions;
  /** In order of sending: waiting for an ack, or for a connection. */
  readonly #pending = new Map<string, OutboxEntry>();
  readonly #failed = new Map<string, OutboxEntry>();
  readonly #onTheirWay = new Set<string>();
  readonly #timers = createTimers<'retry' | 'ack'>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  send(conversationId: string, kind: OutboxEntry['kind'], text: string): void {
    const { uuid, iso } = this.#options;
    const entry = this.#withPosition({ clientId: uuid(), conversationId, kind, text, at: iso() });
    this.#show(entry);
    this.#enqueue(entry);
  }

  retry(clientId: string): void {
    const failed = this.#failed.get(clientId);
    if (failed === undefined) return;
    const { error: _error, ...entry } = failed;
    this.#failed.delete(clientId);
    this.#note(clientId, 'queued');
    this.#enqueue(this.#withPosition(entry));
  }

  flush(): void {
    this.#timers.clear('retry');
    const conversations = new Set([...this.#pending.values()].map((entry) => entry.conversationId));
    for (const conversationId of conversations) this.#transmitNext(conversationId);
  }

  offline(): void {
    this.#timers.clearAll();
    this.#onTheirWay.clear();
    const thread = this.#options.get();
    if (thread !== null) this.#options.set(requeueOutgoing(thread));
  }

  acked(clientId: string | null): void {
    // what was refused here may have been sent from another tab
    const entry = this.#pending.get(clientId ?? '') ?? this.#failed.get(clientId ?? '');
    if (entry === undefined) return;
    this.#forget(entry);
    this.#transmitNext(entry.conversationId);
  }

  refused(nack: Nack): void {
    const entry = this.#pending.get(nack.clientId);
    if (entry === undefined) return;
    if (nack.retryAfterMs !== null) {
      this.#arrived(nack.clientId);
      this.#note(nack.clientId, 'queued');
      this.#timers.set('retry', nack.retryAfterMs, () => this.flush());
      return;
    }
    const failed = { ...entry, error: nack.message };
    this.#pending.delete(nack.clientId);
    this.#arrived(nack.clientId);
    this.#failed.set(nack.clientId, failed);
    void this.#options.outbox.put(failed);
    this.#note(nack.clientId, 'failed', nack.message);
    this.#transmitNext(entry.conversationId);
  }

  async restore(found: (conversationId: string) => void): Promise<void> {
    for (const entry of await this.#options.outbox.load()) {
      if (this.#pending.has(entry.clientId) || this.#failed.has(entry.clientId)) continue;
      (entry.error === undefined ? this.#pending : this.#failed).set(entry.clientId, entry);
      this.#show(entry);
    }
    const newest = [...this.#pending.values()].at(-1);
    if (newest !== undefined) found(newest.conversationId);
    this.flush();
  }

  refusedIn(): string | null {
    return [...this.#failed.values()].at(-1)?.conversationId ?? null;
  }

  show(conversationId: string): void {
    for (const entry of [...this.#failed.values(), ...this.#pending.values()]) {
      if (entry.conversationId === conversationId) this.#show(entry);
    }
  }

  close(): void {
    this.#timers.clearAll();
  }

  #withPosition(entry: OutboxEntry): OutboxEntry {
    const seenSeq = this.#options.seenSeq();
    return seenSeq === null ? entry : { ...entry, seenSeq };
  }

  #note(clientId: string, status: 'queued' | 'sent' | 'failed', error: string | null = null): void {
    const thread = this.#options.get();
    if (thread !== null) this.#options.set(setOutgoing(thread, clientId, status, error));
  }

  #show(entry: OutboxEntry): void {
    const thread = this.#options.get();
    if (entry.kind !== 'message' || thread?.conversationId !== entry.conversationId) return;
    this.#options.set(addOutgoing(thread, entry, this.#options.author()));
    if (entry.error !== undefined) this.#note(entry.clientId, 'failed', entry.error);
  }

  #enqueue(entry: OutboxEntry): void {
    this.#pending.set(entry.clientId, entry);
    void this.#options.outbox.put(entry);
    this.#transmitNext(entry.conversationId);
  }

  #forget({ clientId }: OutboxEntry): void {
    this.#pending.delete(clientId);
    this.#failed.delete(clientId);
    this.#arrived(clientId);
    void this.#options.outbox.remove(clientId);
  }

  /** The server has answered for it. */
  #arrived(clientId: string): void {
    this.#onTheirWay.delete(clientId);
    if (this.#onTheirWay.size === 0) this.#timers.clear('ack');
  }

  /** Asks for a sign of life for as long as an answer is owed: the ping may get through where the message did not. */
  #awaitAck(): void {
    this.#timers.set('ack', ackPatienceMs, () => {
      this.#options.doubt();
      this.#awaitAck();
    });
  }

  /**
   * Sends the oldest message of the conversation unless one is on its way: a message that has to go again must
   * not be overtaken by a later one.
   */
  #transmitNext(conversationId: string): void {
    // while a refused message waits for its second try, later ones wait behind it
    if (this.#timers.has('retry')) return;
    for (const entry of this.#pending.values()) {
      if (entry.conversationId !== conversationId) continue;
      if (!this.#onTheirWay.has(entry.clientId)) this.#transmit(entry);
      return;
    }
  }

  #transmit(entry: OutboxEntry): void {
    const { clientId, conversationId, text, seenSeq } = entry;
    const frame =
      entry.kind === 'message'
        ? {
            type: 'message-send',
            clientId,
            conversationId,
            text,
            ...(seenSeq === undefined ? {} : { seenSeq }),
          }
        : { type: 'handoff-request', clientId, conversationId };
    if (!this.#options.write(frame)) return;
    this.#onTheirWay.add(clientId);
    this.#awaitAck();
    this.#note(clientId, 'sent');
    this.#options.onSent(conversationId);
  }
}
