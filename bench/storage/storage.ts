import type { CountedPassage } from './corpus.ts';

/** A way to store what a text search needs. */
export interface Storage {
  readonly name: string;
  /** Its tables, for their size. */
  readonly tables: readonly string[];
  load(passages: readonly CountedPassage[]): Promise<void>;
  /** Once after loading: what is made of everything. */
  finish(): Promise<void>;
  /** Ordinals of the five best passages. */
  best(question: { text: string; stems: readonly string[] }): Promise<number[]>;
  /** Stores one more document. */
  update(passages: readonly CountedPassage[]): Promise<void>;
}
