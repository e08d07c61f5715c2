import { z } from 'zod';
import type { Database, Queryable } from '../../server/ports.ts';
import type { CountedPassage, ExactIndex } from './corpus.ts';
import type { Storage } from './storage.ts';

const found = z.object({ passage: z.number() });
const dimensions = 1_000_000;

/** A vector per passage with a place for each word, scanned exactly; lengths and their mean are those of its writing. */
export async function createSparseStorage(db: Database, exact: ExactIndex): Promise<Storage> {
  const places = new Map<string, number>();
  const placeOf = (stem: string): number => {
    const known = places.get(stem) ?? places.size + 1;
    places.set(stem, known);
    return known;
  };
  const toText = (entries: readonly (readonly [number, number])[]): string => {
    const sorted = entries.toSorted(([first], [second]) => first - second);
    return `{${sorted.map(([place, value]) => `${String(place)}:${value.toPrecision(6)}`).join(',')}}/${String(dimensions)}`;
  };
  const vectorOf = ({ counts, length }: CountedPassage): string =>
    toText([...counts].map(([stem, count]) => [placeOf(stem), exact.saturation(count, length)] as const));
  const insert = (target: Queryable, passages: readonly CountedPassage[]) =>
    target.execute(
      `insert into sparse_row (passage, words)
       select passage, words::sparsevec from unnest($1::int[], $2::text[]) as given (passage, words)`,
      [passages.map(({ ordinal }) => ordinal), passages.map(vectorOf)],
    );
  await db.execute(`
    create table sparse_row (passage int primary key, words sparsevec(${String(dimensions)}) not null);
    alter table sparse_row alter column words set storage plain`);
  return {
    name: 'sparsevec, exact scan',
    tables: ['sparse_row'],
    async load(passages) {
      await insert(db, passages);
    },
    async finish() {
      await db.execute('vacuum analyze sparse_row');
    },
    async best({ stems }) {
      const known = stems.filter((stem) => places.has(stem));
      const asked = toText(known.map((stem) => [placeOf(stem), exact.idfOf(stem)] as const));
      const rows = await db.query(
        `select passage from (select passage, words <#> $1::sparsevec as distance from sparse_row) scored
         order by distance, passage limit 5`,
        [asked],
        found,
      );
      return rows.map(({ passage }) => passage);
    },
    async update(passages) {
      await insert(db, passages);
    },
  };
}
