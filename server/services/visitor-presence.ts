import { errorMessage } from '../errors.ts';
import type { Database, Logger } from '../ports.ts';
import {
  deleteDeadInstances,
  deleteInstance,
  deleteVisitorPresence,
  insertVisitorPresence,
  listOnlineVisitors,
  renewInstance,
} from '../store/visitor-presence.ts';
import type { LiveHub } from './live-hub.ts';
import type { LiveTimings } from './live-limits.ts';

/** An instance that is not renewed for this long is gone, and its visitors with it. */
const lifeMs = 40_000;
/** Comings and goings are gathered this long before they are written. */
const gatherMs = 150;
/** Visitors that one look at everybody reads, at most. */
const maxOnline = 10_000;

export type VisitorListener = (visitorId: string, isOnline: boolean) => void;

/** Which visitors have a page open, over all instances. */
export interface VisitorPresence {
  start(): void;
  close(): Promise<void>;
  /** A connection of the visitor opens; call what it gives when it is gone. */
  enter(visitorId: string): () => void;
  /** Calls `listener` for everybody who comes or goes, on whatever instance. */
  subscribe(listener: VisitorListener): () => void;
}

export interface VisitorPresenceDeps {
  db: Database;
  hub: LiveHub;
  logger: Logger;
  timings: LiveTimings;
}

/**
 * A visitor counts as gone only after a moment without any connection, so that a reload is no coming and going.
 * What instances tell each other may be lost: every renewal looks at everybody again.
 */
export function createVisitorPresence(deps: VisitorPresenceDeps): VisitorPresence {
  return new VisitorBoard(deps);
}

class VisitorBoard implements VisitorPresence {
  readonly #deps: VisitorPresenceDeps;
  /** Open connections per visitor on this instance. */
  readonly #open = new Map<string, number>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();
  /** Visitors whose row may be wrong. */
  readonly #changed = new Set<string>();
  readonly #listeners = new Set<VisitorListener>();
  /** Who is online as the listeners were last told. */
  #told = new Set<string>();
  #gathering: NodeJS.Timeout | null = null;
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();
  readonly #unsubscribe: () => void;

  constructor(deps: VisitorPresenceDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.hub.onVisitorsChanged((ids) => this.#queue(() => this.#look(ids)));
  }

  start(): void {
    this.#queue(() => this.#renew());
    this.#timer ??= setInterval(() => this.#queue(() => this.#renew()), this.#deps.timings.presenceRenewMs);
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    const { db, hub } = this.#deps;
    const ids = [...this.#open.keys(), ...this.#leaving.keys()];
    this.#queue(async () => {
      await deleteInstance(db, hub.instanceId);
      hub.visitorsChanged(ids);
    });
    await this.#work;
  }

  enter(visitorId: string): () => void {
    clearTimeout(this.#leaving.get(visitorId));
    const wasLeaving = this.#leaving.delete(visitorId);
    const count = this.#open.get(visitorId) ?? 0;
    this.#open.set(visitorId, count + 1);
    if (count === 0 && !wasLeaving) this.#note(visitorId);
    return () => this.#leave(visitorId);
  }

  subscribe(listener: VisitorListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#told.clear();
    };
  }

  #leave(visitorId: string): void {
    const count = this.#open.get(visitorId) ?? 0;
    if (count > 1) return void this.#open.set(visitorId, count - 1);
    this.#open.delete(visitorId);
    const timer = setTimeout(() => {
      this.#leaving.delete(visitorId);
      this.#note(visitorId);
    }, this.#deps.timings.visitorGraceMs);
    this.#leaving.set(visitorId, timer);
  }

  #note(visitorId: string): void {
    this.#changed.add(visitorId);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#queue(() => this.#write());
    }, gatherMs);
  }

  /** One step after the other, so that the newest state is what stays. */
  #queue(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#deps.logger.warn('visitor-presence-failed', { cause: errorMessage(error) });
    });
  }

  async #write(): Promise<void> {
    const { db, hub } = this.#deps;
    const ids = [...this.#changed];
    if (ids.length === 0) return;
    const isHere = (id: string) => this.#open.has(id) || this.#leaving.has(id);
    await insertVisitorPresence(db, hub.instanceId, ids.filter(isHere));
    await deleteVisitorPresence(
      db,
      hub.instanceId,
      ids.filter((id) => !isHere(id)),
    );
    // after a failure they stay, and the next renewal writes them
    for (const id of ids) this.#changed.delete(id);
    hub.visitorsChanged(ids);
  }

  async #renew(): Promise<void> {
    const { db, hub } = this.#deps;
    const isNew = await renewInstance(db, hub.instanceId, lifeMs);
    if (isNew) for (const id of this.#open.keys()) this.#changed.add(id);
    await this.#write();
    await deleteDeadInstances(db);
    await this.#look(null);
  }

  /** Tells what has changed since the listeners were last told; of everybody when `ids` is null. */
  async #look(ids: readonly string[] | null): Promise<void> {
    if (this.#listeners.size === 0) return;
    const online = await listOnlineVisitors(this.#deps.db, ids, maxOnline);
    for (const id of ids ?? new Set([...this.#told, ...online])) {
      const isOnline = online.has(id);
      // whoever was named is told again: a listener that came later may know them otherwise
      if (ids === null && isOnline === this.#told.has(id)) continue;
      if (isOnline) this.#told.add(id);
      else this.#told.delete(id);
      for (const listener of [...this.#listeners]) listener(id, isOnline);
    }
  }
}
