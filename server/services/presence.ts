import { errorMessage } from '../errors.ts';
import type { Clock, Database, Logger } from '../ports.ts';
import { deletePresence, findTeamPresence, upsertPresence } from '../store/presence.ts';
import type { Presence } from '../store/presence.ts';
import type { LiveHub } from './live-hub.ts';
import type { LiveTimings } from './live-limits.ts';

export type TeamPresence = Presence | 'offline';

/** A presence that is not renewed for this long is over. */
const lifeMs = 40_000;

/** Which agents are there, over all instances. */
export interface AgentPresence {
  start(): void;
  close(): Promise<void>;
  /** A socket of an agent opens or changes its mind. `socket` is any object that stands for it. */
  set(socket: object, agentId: string, presence: Presence): void;
  /** The socket is gone. */
  leave(socket: object): void;
  /** Best presence of anybody, as last read. */
  team(): TeamPresence;
  /** Calls `listener` when `team()` changes. */
  subscribe(listener: (team: TeamPresence) => void): () => void;
}

export interface AgentPresenceDeps {
  db: Database;
  hub: LiveHub;
  clock: Clock;
  logger: Logger;
  timings: LiveTimings;
}

export function createAgentPresence(deps: AgentPresenceDeps): AgentPresence {
  return new PresenceBoard(deps);
}

class PresenceBoard implements AgentPresence {
  readonly #deps: AgentPresenceDeps;
  readonly #sockets = new Map<object, { agentId: string; presence: Presence }>();
  readonly #listeners = new Set<(team: TeamPresence) => void>();
  readonly #unsubscribe: () => void;
  #team: TeamPresence = 'offline';
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();
  /** Agents whose presence is to be written; however often it changes, it is written once. */
  readonly #changedAgents = new Set<string>();

  constructor(deps: AgentPresenceDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.hub.onAgentsChanged(() => this.#queue(() => this.#read()));
  }

  start(): void {
    this.#queue(() => this.#read());
    const { presenceRenewMs } = this.#deps.timings;
    this.#timer ??= setInterval(() => this.#queue(() => this.#renewAll()), presenceRenewMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#unsubscribe();
    for (const agentId of new Set([...this.#sockets.values()].map((entry) => entry.agentId))) {
      this.#queue(() => deletePresence(this.#deps.db, agentId, this.#deps.hub.instanceId));
    }
    this.#sockets.clear();
    await this.#work;
  }

  set(socket: object, agentId: string, presence: Presence): void {
    this.#sockets.set(socket, { agentId, presence });
    this.#changed(agentId);
  }

  leave(socket: object): void {
    const entry = this.#sockets.get(socket);
    if (entry === undefined) return;
    this.#sockets.delete(socket);
    this.#changed(entry.agentId);
  }

  team(): TeamPresence {
    return this.#team;
  }

  subscribe(listener: (team: TeamPresence) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One write after the other, so that the newest state is what stays. */
  #queue(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#deps.logger.warn('presence-failed', { cause: errorMessage(error) });
    });
  }

  #changed(agentId: string): void {
    if (this.#changedAgents.has(agentId)) return;
    this.#changedAgents.add(agentId);
    this.#queue(async () => {
      this.#changedAgents.delete(agentId);
      await this.#write(agentId);
      this.#deps.hub.agentsChanged();
    });
  }

  async #write(agentId: string): Promise<void> {
    const { db, hub, clock } = this.#deps;
    const own = [...this.#sockets.values()].filter((entry) => entry.agentId === agentId);
    if (own.length === 0) return deletePresence(db, agentId, hub.instanceId);
    const presence = own.some((entry) => entry.presence === 'online') ? 'online' : 'away';
    const expiresAt = new Date(clock.now() + lifeMs);
    await upsertPresence(db, { agentId, instanceId: hub.instanceId, presence, expiresAt });
  }

  async #renewAll(): Promise<void> {
    const agentIds = new Set([...this.#sockets.values()].map((entry) => entry.agentId));
    for (const agentId of agentIds) await this.#write(agentId);
    await this.#read();
  }

  async #read(): Promise<void> {
    const team = await findTeamPresence(this.#deps.db, new Date(this.#deps.clock.now()));
    if (team === this.#team) return;
    this.#team = team;
    for (const listener of [...this.#listeners]) listener(team);
  }
}
