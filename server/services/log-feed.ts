import { AppError, errorMessage } from '../errors.ts';
import type { Logger } from '../ports.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import type { ConversationRecord } from '../store/conversation.ts';
import type { EphemeralFrame } from './live-bus.ts';
import type { LiveHub } from './live-hub.ts';
import type { LogReader } from './log-reader.ts';

/** Events read from the log at a time. */
const pageSize = 200;

/** What a feed writes to. */
export interface FeedSink {
  send(frame: object): void;
  /** True while so much waits to be sent that older text had better not be repeated into it. */
  isBusy(): boolean;
  /** Resolves when it may take more, also when it is closed. */
  ready(): Promise<void>;
}

export interface FeedDeps {
  readLog: LogReader;
  hub: LiveHub;
  logger: Logger;
  /** The conversation as committed at the time of the call or later, or null. */
  findConversation: (id: string) => Promise<ConversationRecord | null>;
}

export interface FeedRequest {
  conversationId: string;
  /** Of the client's last `resumed`, null at first load. */
  epoch: string | null;
  after: number;
  /** The visitor that must own the conversation; null for agents. */
  visitorId: string | null;
  /** What of an event this client may see. */
  view: (event: ConversationEvent) => ConversationEvent;
}

/** One client following one conversation. */
export interface LogFeed {
  /**
   * Answers the resume and follows the log from there.
   * @throws AppError `not-found` for what is not there or not theirs, `unavailable`.
   */
  start(): Promise<void>;
  stop(): void;
}

/**
 * Sends a conversation's log to one client, without gap or repeat: it watches first, then reads, then sends what
 * came in between. News that continue what was sent go out as they come; everything else is read from the log.
 */
export function createLogFeed(deps: FeedDeps, request: FeedRequest, sink: FeedSink): LogFeed {
  return new Feed(deps, request, sink);
}

class Feed implements LogFeed {
  readonly #deps: FeedDeps;
  readonly #request: FeedRequest;
  readonly #sink: FeedSink;
  #unwatch: (() => void) | null = null;
  /** Last number sent; null until the resume is answered. */
  #position: number | null = null;
  /** Highest number known to exist. */
  #target = 0;
  #isPumping = false;
  /** The answer being written as this client knows it. */
  #turn: { turnId: string; sentLength: number } | null = null;

  constructor(deps: FeedDeps, request: FeedRequest, sink: FeedSink) {
    this.#deps = deps;
    this.#request = request;
    this.#sink = sink;
  }

  async start(): Promise<void> {
    const { conversationId } = this.#request;
    this.#unwatch = this.#deps.hub.watch(conversationId, {
      advanced: (lastSeq, events) => this.#advanced(lastSeq, events),
      ephemeral: (frame) => this.#ephemeral(frame),
    });
    try {
      const record = await this.#deps.findConversation(conversationId);
      this.#authorize(record);
      await this.#answer(record);
    } catch (error) {
      this.stop();
      throw error;
    }
    this.#pump();
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = null;
  }

  #authorize(record: ConversationRecord | null): asserts record is ConversationRecord {
    const { visitorId } = this.#request;
    if (record === null || (visitorId !== null && record.visitorId !== visitorId)) {
      throw new AppError('not-found', 'There is no such conversation.');
    }
  }

  async #answer(record: ConversationRecord): Promise<void> {
    const { conversationId, epoch, after, view } = this.#request;
    const upTo = record.status.lastSeq;
    const isReplay = epoch === record.epoch && after <= upTo;
    const start = isReplay ? after : 0;
    const range = { conversationId, after: start, upTo, limit: pageSize };
    // after a restart most clients have everything already
    const events = start < upTo ? await this.#deps.readLog(range) : [];
    const position = events.at(-1)?.seq ?? start;
    // the turn belongs to the end of the log; a client that gets a first part hears of it later
    const turnId = position === upTo ? record.status.turnId : null;
    const live = turnId === null ? null : this.#deps.hub.liveTurn(conversationId, turnId);
    if (this.#unwatch === null) return;
    this.#sink.send({
      type: 'resumed',
      conversationId,
      epoch: record.epoch,
      mode: isReplay ? 'replay' : 'snapshot',
      upTo,
      state: record.status.state,
      events: events.map(view),
      turn: live === null ? null : { turnId: live.turnId, text: live.text },
    });
    this.#turn = turnId === null ? null : { turnId, sentLength: live?.text.length ?? 0 };
    this.#position = position;
    this.#target = Math.max(this.#target, upTo);
  }

  #advanced(lastSeq: number, events: readonly ConversationEvent[]): void {
    this.#target = Math.max(this.#target, lastSeq);
    if (this.#position === null || this.#isPumping) return;
    const news = events.filter((event) => event.seq > (this.#position ?? 0));
    if (news[0]?.seq === this.#position + 1 && !this.#sink.isBusy())
      for (const event of news) this.#send(event);
    this.#pump();
  }

  #ephemeral(frame: EphemeralFrame): void {
    if (this.#position === null) return;
    if (frame.type === 'answer-delta') this.#sendPiece(frame);
    else if (frame.type !== 'typing' || frame.role !== this.#ownRole()) this.#sink.send(frame);
  }

  /** Nobody is told of their own typing. */
  #ownRole(): 'visitor' | 'agent' {
    return this.#request.visitorId === null ? 'agent' : 'visitor';
  }

  #send(event: ConversationEvent): void {
    this.#sink.send({ type: 'event', event: this.#request.view(event) });
    this.#position = event.seq;
    const { body } = event;
    if (body.type === 'turn-started') this.#turn = { turnId: body.turnId, sentLength: 0 };
    else if (body.type === 'turn-ended' && this.#turn?.turnId === body.turnId) this.#turn = null;
  }

  /** The piece as it is where it continues what was sent, which is nearly always. */
  #sendPiece(frame: Extract<EphemeralFrame, { type: 'answer-delta' }>): void {
    const turn = this.#turn;
    const isNext = turn?.turnId === frame.turnId && turn.sentLength === frame.offset;
    if (!isNext || this.#sink.isBusy()) return this.#sendLive();
    this.#sink.send(frame);
    turn.sentLength += frame.text.length;
  }

  /** Sends what was written since; a busy client gets it in one piece later. */
  #sendLive(): void {
    const turn = this.#turn;
    if (turn === null || this.#sink.isBusy()) return;
    const { conversationId } = this.#request;
    const live = this.#deps.hub.liveTurn(conversationId, turn.turnId);
    if (live === null || live.text.length <= turn.sentLength) return;
    const text = live.text.slice(turn.sentLength);
    this.#sink.send({
      type: 'answer-delta',
      conversationId,
      turnId: turn.turnId,
      offset: turn.sentLength,
      text,
    });
    turn.sentLength = live.text.length;
  }

  /** Reads and sends until the client has everything; one at a time. */
  #pump(): void {
    if (this.#isPumping || this.#position === null || this.#position >= this.#target) return;
    this.#isPumping = true;
    this.#readOn()
      .catch((error: unknown) => {
        // the next news or position check tries again
        this.#deps.logger.warn('feed-read-failed', { cause: errorMessage(error) });
      })
      .finally(() => {
        this.#isPumping = false;
      });
  }

  async #readOn(): Promise<void> {
    const { conversationId } = this.#request;
    while (this.#unwatch !== null && this.#position !== null && this.#position < this.#target) {
      await this.#sink.ready();
      const range = { conversationId, after: this.#position, upTo: this.#target, limit: pageSize };
      const events = await this.#deps.readLog(range);
      if (events.length === 0) return;
      for (const event of events) if (this.#unwatch !== null) this.#send(event);
    }
    this.#sendLive();
  }
}
