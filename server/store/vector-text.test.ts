import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { vectorText } from './passage-index.ts';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** What the database stores for a text, as its own text. */
async function stored(text: string): Promise<string> {
  const rows = await db.query('select $1::halfvec::text as stored', [text], z.object({ stored: z.string() }));
  return rows[0]?.stored ?? '';
}

describe('the text of a vector', () => {
  it('is stored as the very numbers that the exact text is stored as', async () => {
    const near = (value: number) => [
      value,
      value * (1 + 2 ** -12),
      value * (1 + 2 ** -11),
      value * (1 - 2 ** -12),
    ];
    const values = [1, 0.1, 1 / 3, 0.0625, 3.1e-5, 7e-7, 2.9e-8, 123.456, 2049, 60_000].flatMap(near);
    const vector = Float32Array.from([...values, ...values.map((value) => -value)]);
    const exact = `[${Array.from(vector, String).join(',')}]`;
    const plain = (text: string) => text.replaceAll('-0,', '0,');
    expect(plain(await stored(vectorText(vector)))).toBe(plain(await stored(exact)));
  });
});
