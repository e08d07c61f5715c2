import { errorMessage } from '../errors.ts';
import type { Bus, Clock, Database, Ids, Logger } from '../ports.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import { eventsMessage, liveChannel, liveMessageSchema, senderOf } from './live-bus.ts';
import type { EphemeralFrame, LiveMessage } from './live-bus.ts';
import { createBusDeltas } from './live-deltas.ts';
import { maxBusVisitors } from './live-limits.ts';
import type { LiveTimings } from './live-limits.ts';
import { checkPositions } from './live-positions.ts';
import { createLiveTurns } from './live-turns.ts';
import type { LiveTurn } from './live-turns.ts';

/** Somebody who follows one conversation. */
export interface Watcher {
  /** The log has grown to at least `lastSeq`; `events` are the newest of it, or none. */
  advanced(lastSeq: number, events: readonly ConversationEvent[]): void;
  ephemeral(frame: EphemeralFrame): void;
}

/** Somebody who wants to hear about every conversation. */
export type GlobalWatcher = (
  conversationId: string,
  lastSeq: number,
  events: readonly ConversationEvent[],
) => void;

export interface LiveHub {
  /** Names this instance to the others. */
  readonly instanceId: string;
  start(): Promise<void>;
  close(): Promise<void>;
  /** Events that were committed just now. */
  published(conversationId: string, events: readonly ConversationEvent[]): void;
  /** Something to show and forget. */
  show(frame: EphemeralFrame): void;
  /** The answer being written there, as far as this instance knows. Asks the others when it knows nothing. */
  liveTurn(conversationId: string, turnId: string): LiveTurn | null;
  watch(conversationId: string, watcher: Watcher): () => void;
  watchAll(watcher: GlobalWatcher): () => void;
  /** Tells every instance, this one included, that the agents' presence has changed. */
  agentsChanged(): void;
  onAgentsChanged(listener: () => void): () => void;
  /** Tells every instance, this one included, that these visitors came or went. */
  visitorsChanged(visitorIds: readonly string[]): void;
  onVisitorsChanged(listener: (visitorIds: readonly string[]) => void): () => void;
}

export interface LiveHubDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  timings: LiveTimings;
}

/**
 * Brings news to whoever watches on this instance: from this process at once, from others over the bus. The bus
 * may lose any message, so every few seconds the positions of all watched conversations are compared with the
 * database; a watcher hears `advanced` again and reads what it lacks.
 */
export function createLiveHub(deps: LiveHubDeps): LiveHub {
  return new Hub(deps);
}

class Hub implements LiveHub {
  readonly instanceId: string;
  readonly #deps: LiveHubDeps;
  readonly #turns;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #globalWatchers = new Set<GlobalWatcher>();
  readonly #agentListeners = new Set<() => void>();
  readonly #visitorListeners = new Set<(visitorIds: readonly string[]) => void>();
  readonly #deltas;
  #unsubscribe: (() => Promise<void>) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #checkedAtMs: number;
  #checking: Promise<void> | null = null;

  constructor(deps: LiveHubDeps) {
    this.#deps = deps;
    this.instanceId = deps.ids.uuid();
    this.#turns = createLiveTurns(deps.clock);
    this.#checkedAtMs = deps.clock.now();
    this.#deltas = createBusDeltas((pieces) =>
      this.#tell({ type: 'deltas', from: this.instanceId, pieces: [...pieces] }),
    );
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#deps.bus.subscribe(liveChannel, (message) => this.#receive(message));
    this.#timer = setInterval(() => this.#check(), this.#deps.timings.positionCheckMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#deltas.close();
    await this.#checking;
    await this.#unsubscribe?.();
  }

  published(conversationId: string, events: readonly ConversationEvent[]): void {
    this.#deltas.flush();
    this.#tell(eventsMessage(this.instanceId, conversationId, events));
    this.#advance(conversationId, events.at(-1)?.seq ?? 0, events);
  }

  show(frame: EphemeralFrame): void {
    if (frame.type === 'answer-delta') {
      this.#turns.add(frame.conversationId, frame, true);
      this.#deltas.add(frame);
    } else this.#tell({ type: 'ephemeral', from: this.instanceId, frame });
    this.#present(frame);
  }

  liveTurn(conversationId: string, turnId: string): LiveTurn | null {
    const turn = this.#turns.get(conversationId);
    if (turn?.turnId === turnId) return turn;
    this.#tell({ type: 'turn-wanted', from: this.instanceId, conversationId });
    return null;
  }

  watch(conversationId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(conversationId) ?? new Set();
    this.#watchers.set(conversationId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(conversationId) === watchers) {
        this.#watchers.delete(conversationId);
      }
    };
  }

  watchAll(watcher: GlobalWatcher): () => void {
    this.#globalWatchers.add(watcher);
    return () => this.#globalWatchers.delete(watcher);
  }

  agentsChanged(): void {
    this.#tell({ type: 'agents-changed', from: this.instanceId });
    this.#tellAgentListeners();
  }

  onAgentsChanged(listener: () => void): () => void {
    this.#agentListeners.add(listener);
    return () => this.#agentListeners.delete(listener);
  }

  visitorsChanged(visitorIds: readonly string[]): void {
    for (let start = 0; start < visitorIds.length; start += maxBusVisitors) {
      const part = visitorIds.slice(start, start + maxBusVisitors);
      this.#tell({ type: 'visitors-changed', from: this.instanceId, visitorIds: part });
    }
    this.#tellVisitorListeners(visitorIds);
  }

  onVisitorsChanged(listener: (visitorIds: readonly string[]) => void): () => void {
    this.#visitorListeners.add(listener);
    return () => this.#visitorListeners.delete(listener);
  }

  #tell(message: LiveMessage): void {
    this.#deps.bus.publish(liveChannel, message).catch((error: unknown) => {
      this.#deps.logger.warn('live-publish-failed', { type: message.type, cause: errorMessage(error) });
    });
  }

  #receive(raw: unknown): void {
    if (senderOf(raw) === this.instanceId) return;
    const parsed = liveMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.#deps.logger.warn('live-message-invalid');
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'events':
        this.#advance(message.conversationId, message.lastSeq, message.events);
        return;
      case 'ephemeral':
        this.#receiveEphemeral(message.frame);
        return;
      case 'deltas':
        for (const piece of message.pieces) this.#receiveEphemeral({ type: 'answer-delta', ...piece });
        return;
      case 'turn-wanted':
        this.#answerTurnWanted(message.conversationId);
        return;
      case 'agents-changed':
        this.#tellAgentListeners();
        return;
      case 'visitors-changed':
        this.#tellVisitorListeners(message.visitorIds);
    }
  }

  #receiveEphemeral(frame: EphemeralFrame): void {
    if (frame.type === 'answer-delta' && !this.#turns.add(frame.conversationId, frame, false)) {
      const isWatched = this.#watchers.has(frame.conversationId);
      if (isWatched) {
        this.#tell({ type: 'turn-wanted', from: this.instanceId, conversationId: frame.conversationId });
      }
      return;
    }
    this.#present(frame);
  }

  #answerTurnWanted(conversationId: string): void {
    const turn = this.#turns.get(conversationId);
    if (!turn?.isLocal || turn.text === '') return;
    this.#deltas.flush();
    this.#deltas.send([{ conversationId, turnId: turn.turnId, offset: 0, text: turn.text }]);
  }

  #advance(conversationId: string, lastSeq: number, events: readonly ConversationEvent[]): void {
    for (const watcher of [...(this.#watchers.get(conversationId) ?? [])]) watcher.advanced(lastSeq, events);
    for (const watcher of this.#globalWatchers) watcher(conversationId, lastSeq, events);
    for (const { body } of events)
      if (body.type === 'turn-ended') this.#turns.end(conversationId, body.turnId);
  }

  #present(frame: EphemeralFrame): void {
    const watchers = this.#watchers.get(frame.conversationId);
    // a watcher that leaves or comes meanwhile does not disturb a set's iteration
    if (watchers !== undefined) for (const watcher of watchers) watcher.ephemeral(frame);
  }

  #tellAgentListeners(): void {
    for (const listener of [...this.#agentListeners]) listener();
  }

  #tellVisitorListeners(visitorIds: readonly string[]): void {
    for (const listener of [...this.#visitorListeners]) listener(visitorIds);
  }

  #check(): void {
    if (this.#checking !== null) return;
    const { db, clock, logger } = this.#deps;
    const startedAtMs = clock.now();
    this.#turns.sweep();
    const request = { watched: [...this.#watchers.keys()], sinceMs: this.#checkedAtMs };
    this.#checking = checkPositions(db, request, (id, lastSeq) => this.#advance(id, lastSeq, []))
      .then(() => {
        this.#checkedAtMs = startedAtMs;
      })
      .catch((error: unknown) => logger.warn('position-check-failed', { cause: errorMessage(error) }))
      .finally(() => {
        this.#checking = null;
      });
  }
}
