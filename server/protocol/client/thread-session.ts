import type { AgentServerFrame } from '../agent.ts';
import type { Author } from '../entities.ts';
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
  /** Takes up what an earlier page left in the outbox. */
  restore(): Promise<void>;
  setTyping(isTyping: boolean): void;
  markSeen(seq: number): void;
  close(): void;
}

/** The client's state of one conversation, shared by visitors and agents. */
export function createThreadSession(options: ThreadSessionOptions): ThreadSession {
  let thread: Thread | null = null;
  const iso = () => new Date(options.now()).toISOString();

  function update(next: Thread | null): void {
    if (next === thread) return;
    thread = next;
    options.onChange(next);
  }

  const access = { get: () => thread, set: update };
  const resume = createResume({ ...access, viewer: options.viewer, write: options.write, iso });
  const sender = createSender({
    ...access,
    author: options.author,
    write: options.write,
    outbox: options.outbox,
    uuid: options.uuid,
    iso,
    onSent: (conversationId) => {
      if (thread?.conversationId === conversationId) resume.ensure();
    },
  });
  const typingOut = createTypingOut(options.write);
  const typingIn = createTypingIn(access);

  function open(conversationId: string, isKnown: boolean): void {
    if (thread?.conversationId === conversationId) return;
    typingOut.stop();
    typingIn.stop();
    resume.reset(isKnown);
    update(emptyThread(conversationId));
    sender.show(conversationId);
    if (isKnown) resume.ensure();
  }

  function receive(frame: VisitorServerFrame | AgentServerFrame): void {
    switch (frame.type) {
      case 'ack':
        sender.acked(frame.clientId);
        return;
      case 'nack':
        sender.refused(frame);
        return;
      case 'resumed':
        resume.resumed(frame);
        return;
      case 'error':
        resume.failed(frame);
        return;
      case 'event':
        sender.acked(frame.event.clientId);
        if (thread?.conversationId === frame.event.conversationId) receiveEvent(frame.event);
        return;
      case 'answer-step':
        if (thread?.conversationId === frame.conversationId)
          update(applyStep(thread, frame.turnId, frame.step));
        return;
      case 'answer-delta':
        if (thread?.conversationId === frame.conversationId) receiveDelta(thread, frame);
        return;
      case 'typing':
        if (thread?.conversationId === frame.conversationId) typingIn.receive(frame);
        return;
      default:
        return;
    }
  }

  function receiveEvent(event: Extract<VisitorServerFrame, { type: 'event' }>['event']): void {
    if (thread === null || !resume.isLive()) return;
    if (event.seq > thread.lastSeq + 1) resume.again();
    else update(resume.settle(applyEvent(thread, event, options.viewer())));
  }

  function receiveDelta(known: Thread, frame: Extract<VisitorServerFrame, { type: 'answer-delta' }>): void {
    if (!resume.isLive()) return;
    const next = applyDelta(known, frame, iso());
    if (next === null) resume.again();
    else update(next);
  }

  return {
    thread: () => thread,
    open,
    leave() {
      if (thread === null) return;
      typingOut.stop();
      typingIn.stop();
      resume.reset(false);
      update(null);
    },
    online() {
      resume.online();
      sender.flush();
    },
    offline() {
      resume.offline();
      sender.offline();
      typingIn.stop();
    },
    receive,
    send(text) {
      if (thread === null) return;
      typingOut.stop();
      sender.send(thread.conversationId, 'message', text);
    },
    requestPerson() {
      if (thread !== null) sender.send(thread.conversationId, 'handoff-request', '');
    },
    retry: sender.retry,
    restore: sender.restore,
    setTyping(isTyping) {
      if (thread !== null) typingOut.set(thread.conversationId, isTyping);
    },
    markSeen(seq) {
      if (thread === null || seq <= thread.seenSeq || seq > thread.lastSeq) return;
      const isWritten = options.write({ type: 'seen-mark', conversationId: thread.conversationId, seq });
      if (isWritten) update({ ...thread, seenSeq: seq });
    },
    close() {
      typingOut.stop();
      typingIn.stop();
      sender.close();
    },
  };
}
