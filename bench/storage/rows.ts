import { z } from 'zod';
import { recipe } from '../../server/domain/retrieval/recipe.ts';
import type { Database, Queryable } from '../../server/ports.ts';
import type { CountedPassage, ExactIndex } from './corpus.ts';
import type { Storage } from './storage.ts';

const found = z.object({ passage: z.number() });

async function insert(db: Queryable, passages: readonly CountedPassage[]): Promise<void> {
  const rows = passages.flatMap(({ ordinal, counts, length }) =>
    [...counts].map(([stem, count]) => ({ stem, ordinal, count, length })),
  );
  await db.execute(
    `insert into posting_row (stem, passage, frequency, length)
     select * from unnest($1::text[], $2::int[], $3::smallint[], $4::smallint[])`,
    [
      rows.map(({ stem }) => stem),
      rows.map(({ ordinal }) => ordinal),
      rows.map(({ count }) => count),
      rows.map(({ length }) => length),
    ],
  );
}

/** A row per word and passage, BM25 in SQL; how often a word occurs is kept in a table of its own. */
export async function createRowStorage(db: Database, exact: ExactIndex): Promise<Storage> {
  await db.execute(`
    create table posting_row (stem text not null, passage int not null, frequency smallint not null,
      length smallint not null);
    create table posting_word (stem text primary key, frequency int not null)`);
  return {
    name: 'posting rows in SQL',
    tables: ['posting_row', 'posting_word'],
    load: (passages) => insert(db, passages),
    async finish() {
      const words = [...exact.frequencies()];
      await db.execute('insert into posting_word select * from unnest($1::text[], $2::int[])', [
        words.map(([stem]) => stem),
        words.map(([, count]) => count),
      ]);
      await db.execute(
        'create unique index posting_row_key on posting_row (stem, passage) include (frequency, length)',
      );
      await db.execute('vacuum analyze posting_row');
    },
    async best({ stems }) {
      const rows = await db.query(
        `select passage from posting_row join unnest($1::text[], $2::float8[]) as asked (stem, idf) using (stem)
         group by passage
         order by sum(asked.idf * frequency / (frequency + $3::float8 + $4::float8 * length)) desc, passage limit 5`,
        [
          stems,
          stems.map(exact.idfOf),
          recipe.k1 * (1 - recipe.b),
          (recipe.k1 * recipe.b) / exact.averageLength,
        ],
        found,
      );
      return rows.map(({ passage }) => passage);
    },
    async update(passages) {
      const counts = new Map<string, number>();
      for (const passage of passages) {
        for (const stem of passage.counts.keys()) counts.set(stem, (counts.get(stem) ?? 0) + 1);
      }
      const stems = [...counts.keys()].sort();
      await db.transaction(async (tx) => {
        await insert(tx, passages);
        await tx.execute(
          `insert into posting_word select * from unnest($1::text[], $2::int[])
           on conflict (stem) do update set frequency = posting_word.frequency + excluded.frequency`,
          [stems, stems.map((stem) => counts.get(stem) ?? 0)],
        );
      });
    },
  };
}
