import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bus, Database, Reranker } from '../ports.ts';
import { createHttpReranker } from '../adapters/reranker/http.ts';
import { createIds } from '../system.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock } from '../testing/deps.ts';
import { startRerankServer } from '../testing/rerank-server.ts';
import { createDiagnostics } from './diagnostics.ts';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A bus within this process; `isMute` takes messages and delivers none, as a half-open connection does. */
function loopbackBus(isMute = false): Bus & { channels: Map<string, (message: unknown) => void> } {
  const channels = new Map<string, (message: unknown) => void>();
  return {
    channels,
    async publish(channel, message) {
      if (!isMute) channels.get(channel)?.(message);
    },
    async subscribe(channel, handler) {
      channels.set(channel, handler);
      return async () => void channels.delete(channel);
    },
    close: async () => {},
  };
}

function diagnose(bus: Bus, database: Database = db, reranker: Reranker | null = null) {
  const clock = fakeClock();
  return createDiagnostics({ db: database, bus, ids: createIds(clock), clock, reranker }).run();
}

describe('diagnostics', () => {
  it('find all well, and leave nothing behind', async () => {
    const bus = loopbackBus();
    const found = await diagnose(bus);
    expect(found.map(({ name, ok, fix }) => [name, ok, fix])).toEqual([
      ['database', true, null],
      ['pgvector', true, null],
      ['messages', true, null],
      ['index', true, null],
    ]);
    expect(bus.channels.size).toBe(0);
  });

  it('find out a bus that is connected but mute', async () => {
    const bus = loopbackBus(true);
    const [, , messages] = await diagnose(bus);
    expect(messages).toMatchObject({ ok: false, detail: expect.stringContaining('no answer') });
    expect(messages?.fix).toContain('REDIS_URL');
    expect(bus.channels.size).toBe(0);
  });

  it('name what fails with its cure, and never reject', async () => {
    const broken: Database = { ...db, query: () => Promise.reject(new Error('connection refused')) };
    const found = await diagnose(loopbackBus(), broken);
    expect(found.slice(0, 2)).toEqual([
      {
        name: 'database',
        ok: false,
        detail: 'connection refused',
        fix: expect.stringContaining('DATABASE_URL'),
      },
      { name: 'pgvector', ok: false, detail: 'connection refused', fix: expect.stringContaining('0.8') },
    ]);
  });

  it('tell how far vectors of a new embedder are, and why they are not made', async () => {
    await db.execute(`insert into site (id, name) values ('shop', 'Shop')`);
    const version = `insert into index_version (site_id, embedder, dimensions, state, total, done, reason)`;
    await db.execute(
      `${version} values ('shop', 'a', 2, 'live', 0, 0, null), ('shop', 'b', 2, 'building', 9, 4, null)`,
    );
    const [, , , building] = await diagnose(loopbackBus());
    expect(building).toMatchObject({ name: 'index', ok: true, fix: null });
    expect(building?.detail).toBe('4 of 9 passages of site shop have vectors of b');
    await db.execute(`update index_version set state = 'failed', reason = 'No quota.' where embedder = 'b'`);
    const [, , , failed] = await diagnose(loopbackBus());
    expect(failed).toMatchObject({ name: 'index', ok: false });
    expect(failed?.detail).toContain('No quota.');
    expect(failed?.fix).toContain('former vectors');
    await db.execute(`delete from site where id = 'shop'`);
  });

  it('tell a pgvector that is too old', async () => {
    const old: Database = {
      ...db,
      query: async (_sql, _parameters, row) => [row.parse({ version: '0.7.4' })],
    };
    const [, vector] = await diagnose(loopbackBus(), old);
    expect(vector).toMatchObject({ name: 'pgvector', ok: false, detail: '0.7.4' });
  });

  it('ask a configured reranker, and say what to do where it refuses', async () => {
    let status = 200;
    const server = await startRerankServer((_, response) => {
      const results = [0, 1].map((index) => ({ index, relevance_score: 1 - index }));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ results }));
    });
    const reranker = createHttpReranker({ baseUrl: server.url, model: 'm', apiKey: null });
    expect((await diagnose(loopbackBus(), db, reranker)).at(-1)).toMatchObject({
      name: 'reranker',
      ok: true,
    });
    status = 401;
    const refused = (await diagnose(loopbackBus(), db, reranker)).at(-1);
    expect(refused).toMatchObject({ name: 'reranker', ok: false });
    expect(refused?.detail).toContain('401');
    expect(refused?.fix).toContain('RERANK_API_KEY');
    await server.close();
  });
});
