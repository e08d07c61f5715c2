import { EventEmitter } from 'node:events';
import { z } from 'zod';
import type { PgliteDatabase, PgliteSession } from '../db/pglite.ts';

interface PoolResult<Row> {
  rows: Row[];
  rowCount: number;
}

/** Parameters as `pg` would send them: objects as JSON, arrays (nested too) as array literals. */
function toPgText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return toArrayText(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toArrayText(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return toArrayText(value);
    const text = toPgText(value);
    return text === null ? 'NULL' : `"${text.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
}

const leadingComments = /^(?:\s*--[^\n]*\n)*\s*/;
const listenPattern = /^listen\s+"?(\w+)"?\s*;?\s*$/i;
const firstWord = (sql: string): string => /^\w+/.exec(sql)?.[0].toLowerCase() ?? '';

async function runOn<Row>(session: PgliteSession, sql: string, parameters: readonly unknown[]) {
  const { rows, rowCount } =
    parameters.length === 0 ? await session.script(sql) : await session.query(sql, parameters.map(toPgText));
  // BullMQ says what its own statements give; there is nothing to check it against.
  return { rows: z.custom<Row[]>().parse(rows), rowCount } satisfies PoolResult<Row>;
}

/**
 * A checked-out "connection": holds the one PGlite session only from BEGIN to COMMIT or ROLLBACK, so that a
 * client that is kept for LISTEN keeps nobody out. Emits `notification` for what it listens to.
 */
class PoolClient extends EventEmitter {
  readonly #database: PgliteDatabase;
  readonly #schema: string;
  #session: PgliteSession | null = null;
  #stops: (() => Promise<void>)[] = [];

  constructor(database: PgliteDatabase, schema: string) {
    super();
    this.#database = database;
    this.#schema = schema;
  }

  async query<Row>(text: string, parameters: readonly unknown[] = []): Promise<PoolResult<Row>> {
    const sql = text.replace(leadingComments, '');
    const channel = listenPattern.exec(sql)?.[1];
    if (channel !== undefined) {
      await this.#listen(channel.toLowerCase());
      return { rows: [], rowCount: 0 };
    }
    const word = firstWord(sql);
    if (word === 'begin') this.#session ??= await this.#database.acquireSession(this.#schema);
    if (this.#session === null) return this.#runAlone<Row>(sql, parameters);
    try {
      return await runOn<Row>(this.#session, sql, parameters);
    } finally {
      if (word === 'commit' || word === 'rollback') this.#releaseSession();
    }
  }

  release(): void {
    if (this.#session !== null) {
      const session = this.#session;
      this.#session = null;
      void session.script('rollback').finally(session.release);
    }
    for (const stop of this.#stops) void stop().catch(() => {});
    this.#stops = [];
  }

  #releaseSession(): void {
    this.#session?.release();
    this.#session = null;
  }

  async #runAlone<Row>(sql: string, parameters: readonly unknown[]): Promise<PoolResult<Row>> {
    const session = await this.#database.acquireSession(this.#schema);
    try {
      return await runOn<Row>(session, sql, parameters);
    } finally {
      session.release();
    }
  }

  async #listen(channel: string): Promise<void> {
    const stop = await this.#database.listen(channel, (payload) => {
      this.emit('notification', { channel, payload });
    });
    this.#stops.push(stop);
  }
}

/**
 * What BullMQ's PostgreSQL backend needs of a `pg.Pool`, over the embedded database. `schema` is where BullMQ
 * keeps its tables.
 */
export function createPglitePool(database: PgliteDatabase, schema: string) {
  const shared = new PoolClient(database, schema);
  const emitter = new EventEmitter();
  // Every queue and worker adds listeners of its own.
  emitter.setMaxListeners(100);
  return Object.assign(emitter, {
    query: <Row>(sql: string, parameters: readonly unknown[] = []) => shared.query<Row>(sql, parameters),
    connect: async () => new PoolClient(database, schema),
    end: async () => {},
  });
}
