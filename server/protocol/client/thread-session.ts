import type { AgentServerFrame } from '../agent.ts';
import type { Author, ConversationEvent } from '../entities.ts';
import type { VisitorServerFrame } from '../visitor.ts';
import { createResume } from './resume.ts';
import { createSender } from './sender.ts';
import type { Viewer } from './thread.ts';
import { applyEvent, emptyThread } from './thread.ts';
import { applyDelta, applyStep } from './thread-live.ts';
import { createTypingOut, createTypingIn } from './typing.ts';
import type { OutboxStore, Thread } from './types.ts';

export interface ThreadSessionOptions {
  viewer: () => Viewer;
  /** Author of the own messages that are shown before the server has them. */
  author: () => Author;
  /** Writes a frame; false when there is no connection. */
  write: (frame: object) => boolean;
  /** Asks whether the line still carries both ways. */
  doubt: () => void;
  outbox: OutboxStore;
  now: () => number;
  uuid: () => string;
  onChange: (thread: Thread | null) => void;
}

/** One conversation over however many connections: what is known of it, what has to go out. */
export interface ThreadSession {
  thread(): Thread | null;
  /** Shows a conversation; `isKnown` when the server has it already. */
  open(conversationId: string, isKnown: boolean): void;
  leave(): void;
  /** After `welcome`: catches up and sends what waits. */
  online(): void;
  offline(): void;
  /** Takes the frames that are about conversations; others are left alone. */
  receive(frame: VisitorServerFrame | AgentServerFrame): void;
  send(text: string): void;
  requestPerson(): void;
  retry(key: string): void;
  /** Takes up what an earlier page left in the outbox; `opens`: shows its conversation when none is shown. */
  restore(opens: boolean): Promise<void>;
  /** Conversation of the newest message that was refused, or null. */
  refusedIn(): string | null;
  /** `text`: what the other side may see of it; null for nothing. */
  setTyping(isTyping: boolean, text?: string | null): void;
  markSeen(seq: number): void;
  close(): void;
}

/** The client's state of one conversation, shared by visitors and agents. */
export function createThreadSession(options: ThreadSessionOptions): ThreadSession {
  return new ThreadKeeper(options);
}

type Frame = VisitorServerFrame | AgentServerFrame;

class ThreadKeeper implements ThreadSession {
  readonly #options: ThreadSessionOptions;
  readonly #resume;
  readonly #sender;
  readonly #typingOut;
  readonly #typingIn;
  #thread: Thread | null = null;
  /** Where the own mark stood before one that the log does not have yet; null: the log has it. */
  #confirmedSeenSeq: number | null = null;

  constructor(options: ThreadSessionOptions) {
    this.#options = options;
    const { write, viewer } = options;
    const access = {
      get: () => this.#thread,
      set: (thread: Thread | null) => this.#update(thread),
      iso: () => this.#iso(),
    };
    this.#resume = createResume({ ...access, viewer, write });
    this.#sender = createSender({
      ...access,
      author: options.author,
      seenSeq: () => (viewer().role === 'agent' ? (this.#thread?.lastSeq ?? 0) : null),
      write,
      outbox: options.outbox,
      uuid: options.uuid,
      doubt: options.doubt,
      onSent: (conversationId) => {
        if (this.#thread?.conversationId === conversationId) this.#resume.ensure();
      },
    });
    this.#typingOut = createTypingOut(write);
    this.#typingIn = createTypingIn(access);
  }

  thread(): Thread | null {
    return this.#thread;
  }

  open(conversationId: string, isKnown: boolean): void {
    if (this.#thread?.conversationId === conversationId) return;
    this.#stopTyping();
    this.#confirmedSeenSeq = null;
    this.#resume.reset(isKnown);
    this.#update(emptyThread(conversationId));
    this.#sender.show(conversationId);
    if (isKnown) this.#resume.ensure();
  }

  leave(): void {
    if (this.#thread === null) return;
    this.#stopTyping();
    this.#resume.reset(false);
    this.#update(null);
  }

  online(): void {
    this.#resume.online();
    this.#sender.flush();
  }

  offline(): void {
    this.#resume.offline();
    this.#sender.offline();
    this.#typingIn.stop();
    // a mark that may be lost is no mark: the screen makes it again
    const seenSeq = this.#confirmedSeenSeq;
    this.#confirmedSeenSeq = null;
    if (seenSeq !== null) this.#change((known) => ({ ...known, seenSeq }));
  }

  receive(frame: Frame): void {
    switch (frame.type) {
      case 'ack':
        if (this.#isShown(frame)) this.#resume.known();
        return this.#sender.acked(frame.clientId);
      case 'nack':
        // what was missed has to be on the screen before it is answered
        if (frame.code === 'behind') this.#resume.again();
        return this.#sender.refused(frame);
      case 'resumed':
        return this.#resume.resumed(frame);
      case 'error':
        return this.#resume.failed(frame);
      case 'event':
        this.#sender.acked(frame.event.clientId);
        return this.#receiveEvent(frame.event);
      case 'answer-step':
        if (this.#isShown(frame)) this.#change((known) => applyStep(known, frame.turnId, frame.step));
        return;
      case 'answer-delta':
        return this.#receiveDelta(frame);
      case 'typing':
        if (this.#isShown(frame)) this.#typingIn.receive(frame);
        return;
      default:
        return;
    }
  }

  send(text: string): void {
    if (this.#thread === null) return;
    this.#typingOut.stop();
    this.#sender.send(this.#thread.conversationId, 'message', text);
  }

  requestPerson(): void {
    if (this.#thread !== null) this.#sender.send(this.#thread.conversationId, 'handoff-request', '');
  }

  retry(key: string): void {
    this.#sender.retry(key);
  }

  restore(opens: boolean): Promise<void> {
    return this.#sender.restore((conversationId) => {
      if (opens && this.#thread === null) this.open(conversationId, false);
    });
  }

  refusedIn(): string | null {
    return this.#sender.refusedIn();
  }

  setTyping(isTyping: boolean, text: string | null = null): void {
    if (this.#thread !== null) this.#typingOut.set(this.#thread.conversationId, isTyping, text);
  }

  markSeen(seq: number): void {
    const thread = this.#thread;
    if (thread === null || seq <= thread.seenSeq || seq > thread.lastSeq) return;
    const { conversationId } = thread;
    if (!this.#options.write({ type: 'seen-mark', conversationId, seq })) return;
    this.#confirmedSeenSeq ??= thread.seenSeq;
    this.#update({ ...thread, seenSeq: seq });
  }

  close(): void {
    this.#stopTyping();
    this.#sender.close();
  }

  #iso(): string {
    return new Date(this.#options.now()).toISOString();
  }

  #update(next: Thread | null): void {
    if (next === this.#thread) return;
    this.#thread = next;
    this.#options.onChange(next);
  }

  #change(step: (known: Thread) => Thread): void {
    if (this.#thread !== null) this.#update(step(this.#thread));
  }

  #isShown(frame: { conversationId: string }): boolean {
    return this.#thread?.conversationId === frame.conversationId;
  }

  #stopTyping(): void {
    this.#typingOut.stop();
    this.#typingIn.stop();
  }

  #receiveEvent(event: ConversationEvent): void {
    const { body } = event;
    if (body.type === 'message-seen' && body.by === this.#options.viewer().role)
      this.#confirmedSeenSeq = null;
    if (!this.#isShown(event) || !this.#resume.isLive() || this.#thread === null) return;
    if (event.seq > this.#thread.lastSeq + 1) this.#resume.again();
    else this.#change((known) => this.#resume.settle(applyEvent(known, event, this.#options.viewer())));
  }

  #receiveDelta(frame: Extract<Frame, { type: 'answer-delta' }>): void {
    if (!this.#isShown(frame) || !this.#resume.isLive() || this.#thread === null) return;
    const next = applyDelta(this.#thread, frame, this.#iso());
    if (next === null) this.#resume.again();
    else this.#update(next);
  }
}
