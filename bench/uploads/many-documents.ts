import { z } from 'zod';
import type { Database } from '../../server/ports.ts';
import { createRandom } from '../chaos/random.ts';
import type { Servers } from '../chaos/servers.ts';
import type { Expectations } from '../expectations.ts';
import { memoryMb, until } from '../degraded/stage.ts';
import { acceptedSchema, isAlive, numberOf, openProduct } from './ground.ts';

const limitSeconds = 420;
const wordsEach = 60;
const syllables = ['ba', 'de', 'fi', 'go', 'lu', 'ma', 'ne', 'pi', 'ro', 'su', 'ta', 've'] as const;

const sourceShape = z.object({ state: z.string(), counts: z.record(z.string(), z.number()) });

/** One upload of many small documents, read to its end by a worker of its own. */
export async function manyDocuments(
  servers: Servers,
  db: Database,
  expectations: Expectations,
  { documents, seed }: { documents: number; seed: number },
): Promise<void> {
  const environment = { DATABASE_URL: servers.databaseUrl };
  const product = await openProduct({ environment, roles: 'web and worker' });
  const { web, worker } = product;
  try {
    if (worker === null) throw new Error('There is no worker.');
    const before = { webMb: memoryMb(web), workerMb: memoryMb(worker) };
    const startedAt = performance.now();
    const body = linesOf(documents, seed);
    const answer = await web.api('POST', '/sites/default/documents', body, 'application/x-ndjson');
    const acceptedMs = Math.round(performance.now() - startedAt);
    const { sourceId } = acceptedSchema.parse(answer.body);
    const read = async () =>
      sourceShape.parse((await web.api('GET', `/sites/default/sources/${sourceId}?limit=1`)).body);
    const isOver = async () => !['queued', 'running'].includes((await read()).state);
    await until('the upload to be read', isOver, limitSeconds);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { state, counts } = await read();
    const found = `select count(distinct document_id) from passage join document on document.id = document_id
      where source_id = $1`;
    const stored = await numberOf(db, found, [sourceId]);
    const perSecond = Math.round(documents / seconds);
    const peaks = { webMb: memoryMb(web, 'peak'), workerMb: memoryMb(worker, 'peak') };
    const row = {
      documents,
      megabytes: Math.round(body.length / 100_000) / 10,
      acceptedMs,
      seconds,
      perSecond,
    };
    expectations.report(
      'one long upload',
      { ...row, state, counts, stored, before, peaks },
      {
        'it ends': state === 'done',
        'the ledger holds each document': counts['total'] === documents,
        'each is indexed': counts['indexed'] === documents,
        'each has passages': stored === documents,
        'both processes are alive': isAlive(web) && isAlive(worker),
      },
    );
  } finally {
    await product.close();
  }
}

/** Documents of invented words, no two alike. */
function linesOf(documents: number, seed: number): string {
  const random = createRandom(seed);
  const word = () => random.pick(syllables) + random.pick(syllables) + random.pick(syllables);
  const lines = Array.from({ length: documents }, (_, number) => {
    const words = Array.from({ length: wordsEach }, word);
    const title = `Document ${String(number)}`;
    return JSON.stringify({ id: `document-${String(number)}`, title, text: `${title}: ${words.join(' ')}.` });
  });
  return `${lines.join('\n')}\n`;
}
