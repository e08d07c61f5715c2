import { AppError } from '../errors.ts';
import type { NewItem } from '../store/source-item.ts';
import { parsePairs, type PairRow } from './qa-csv.ts';

/** What questions and answers are called unless told. */
export const defaultQaName = 'Questions and answers';
const maxCsvBytes = 4_000_000;
const maxCsvRows = 5_000;

function itemOfPair(row: PairRow): NewItem {
  if ('reason' in row) return { ...row, state: 'failed' };
  const { url = null, ...pair } = row.pair;
  return { locator: pair.question, payload: { ...pair, url } };
}

async function readCsv(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxCsvBytes) {
      throw new AppError('too-large', 'A list of questions and answers takes at most 4 MB.', {
        fix: 'Send several lists.',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const noPairs = (why: string | undefined) =>
  new AppError('invalid-request', why ?? 'There was nothing in it.', {
    fix: 'Name the columns question and answer in the first row, and fill both in each row.',
  });

/** Pairs as items; of those with one question the last counts. */
export function itemsOfPairs(rows: readonly PairRow[]): NewItem[] {
  return [...new Map(rows.map(itemOfPair).map((item) => [item.locator, item])).values()];
}

/**
 * Reads a CSV file of pairs.
 * @throws AppError `invalid-request` when no row is a pair; `too-large` for more than 4 MB or 5,000 rows.
 */
export async function readPairs(stream: AsyncIterable<Uint8Array>): Promise<PairRow[]> {
  const rows = parsePairs(await readCsv(stream));
  if (rows.length > maxCsvRows) {
    throw new AppError('too-large', 'A list takes at most 5,000 questions.', { fix: 'Send several lists.' });
  }
  const faulty = rows.flatMap((row) => ('reason' in row ? [row.reason] : []));
  if (faulty.length === rows.length) throw noPairs(faulty[0]);
  return rows;
}
