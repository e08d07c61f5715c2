/**
 * The thread that PGlite runs on: it blocks while a statement runs, which must not stop the sockets. Started by
 * `pglite.ts`, spoken to in `pglite-messages.ts`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type Results } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { z } from 'zod';
import type { PgliteFailure, PgliteRequest, PgliteResponse, PgliteResult } from './pglite-messages.ts';
import { numericTypeIds, textTypeIds } from './sql-text.ts';

const optionsSchema = z.object({
  dataDir: z.string().nullable(),
  archive: z.instanceof(ArrayBuffer).nullable(),
});
const failureSchema = z.object({
  message: z.string(),
  code: z.string().nullish(),
  detail: z.string().nullish(),
  constraint: z.string().nullish(),
});

function send(response: PgliteResponse): void {
  parentPort?.postMessage(response, response.type === 'dumped' ? [response.archive] : []);
}

function toFailure(error: unknown): PgliteFailure {
  const parsed = failureSchema.safeParse(error);
  if (!parsed.success) return { message: String(error), code: null, detail: null, constraint: null };
  const { message, code, detail, constraint } = parsed.data;
  return { message, code: code ?? null, detail: detail ?? null, constraint: constraint ?? null };
}

function toResult(results: Results<Record<string, unknown>> | undefined): PgliteResult {
  if (!results) return { rows: [], fields: [], rowCount: 0, command: '' };
  return {
    rows: results.rows,
    fields: results.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    rowCount: results.rowCount ?? results.affectedRows ?? results.rows.length,
    command: results.command ?? '',
  };
}

async function openDatabase(): Promise<PGlite> {
  const { dataDir, archive } = optionsSchema.parse(workerData);
  const database = await PGlite.create({
    ...(dataDir === null ? {} : { dataDir }),
    ...(archive === null ? {} : { loadDataDir: new Blob([archive]) }),
    extensions: { vector },
    parsers: {
      ...Object.fromEntries(numericTypeIds.map((id) => [id, Number])),
      ...Object.fromEntries(textTypeIds.map((id) => [id, String])),
    },
  });
  // Parameters arrive as text already (toSqlText): PGlite's own serialisers would refuse some of it.
  for (const id of Object.keys(database.serializers)) database.serializers[id] = String;
  database.onNotification((channel, payload) => send({ type: 'notification', channel, payload }));
  return database;
}

async function answer(database: PGlite, request: PgliteRequest): Promise<PgliteResponse> {
  const { id } = request;
  switch (request.type) {
    case 'query':
      return { type: 'result', id, result: toResult(await database.query(request.sql, request.parameters)) };
    case 'script': {
      const all = await database.exec(request.sql);
      return { type: 'result', id, result: toResult(all.at(-1)) };
    }
    case 'dump':
      return { type: 'dumped', id, archive: await (await database.dumpDataDir('none')).arrayBuffer() };
    case 'close':
      await database.close();
      return { type: 'closed', id };
  }
}

try {
  const database = await openDatabase();
  parentPort?.on('message', (request: PgliteRequest) => {
    void answer(database, request)
      .catch((error: unknown): PgliteResponse => ({
        type: 'failed',
        id: request.id,
        failure: toFailure(error),
      }))
      .then((response) => {
        send(response);
        if (response.type === 'closed') parentPort?.close();
      });
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'start-failed', failure: toFailure(error) });
}
