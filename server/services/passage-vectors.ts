import { createHash } from 'node:crypto';
import type { NewDocument, NewPassage } from '../domain/knowledge.ts';
import { ownTitle } from '../domain/retrieval/own-title.ts';
import { AppError } from '../errors.ts';
import type { Embedder, Queryable } from '../ports.ts';
import { readCachedVectors, rememberVectors } from '../store/embedding-cache.ts';
import { isBuiltin } from './dense-policy.ts';

/**
 * What the embedder reads of a passage: the page's own title and the last heading give a short text its subject,
 * the other ways to ask for it their words.
 */
export function embeddingText(
  pageTitle: string,
  passage: Pick<NewPassage, 'headingPath' | 'text'>,
  aliases: readonly string[] = [],
): string {
  const title = ownTitle(pageTitle, passage.headingPath);
  const heading = passage.headingPath.at(-1) ?? '';
  return [title, heading === title ? '' : heading, ...aliases, passage.text]
    .filter((part) => part !== '')
    .join('\n');
}

/** The other ways to ask that lead to a passage of a document. */
export function aliasesOf(
  document: Pick<NewDocument, 'aliases'>,
  passage: Pick<NewPassage, 'aliases'>,
): string[] {
  return [...(document.aliases ?? []), ...(passage.aliases ?? [])];
}

/** Vectors by the text they were made of. */
export type Vectors = ReadonlyMap<string, Float32Array>;

/** Texts that are embedded before their vectors are put by: what a killed worker has to pay for again. */
const portion = 192;

/** The name of a text among what was put by. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws AppError `embedding-invalid` unless there is one usable vector for each text. */
function checkVectors(embedder: Embedder, count: number, vectors: readonly Float32Array[]): void {
  const fix = 'Check EMBEDDING_MODEL and EMBEDDING_BASE_URL.';
  if (vectors.length !== count) {
    const message = `The embedder gave ${String(vectors.length)} vectors for ${String(count)} texts.`;
    throw new AppError('embedding-invalid', message, { fix });
  }
  for (const vector of vectors) {
    const sum = vector.reduce((total, value) => total + value * value, 0);
    if (vector.length === embedder.dimensions && Number.isFinite(sum) && sum > 0) continue;
    const message = `The embedder gave a vector that is unusable (${String(vector.length)} numbers, ${String(embedder.dimensions)} expected; none may be NaN or infinite, nor all zero).`;
    throw new AppError('embedding-invalid', message, { fix });
  }
}

/**
 * Embeds texts, each once; those that a killed worker had embedded already are not asked for again. What costs
 * nothing is not put by.
 * @throws AppError `model-unavailable`, `embedding-invalid`
 */
export async function embedPassages(
  db: Queryable,
  embedder: Embedder,
  texts: readonly string[],
  signal?: AbortSignal,
): Promise<Vectors> {
  const isFree = isBuiltin(embedder);
  const byKey = new Map(texts.map((text) => [textKey(text), text]));
  const keys = [...byKey.keys()];
  const known = isFree || keys.length === 0 ? [] : await readCachedVectors(db, embedder.id, keys);
  const vectors = new Map<string, Float32Array>();
  for (const { key, vector } of known) {
    const text = byKey.get(key);
    if (text !== undefined && vector.length === embedder.dimensions) vectors.set(text, vector);
  }
  const missing = [...byKey.values()].filter((text) => !vectors.has(text));
  for (let from = 0; from < missing.length; from += portion) {
    const batch = missing.slice(from, from + portion);
    const made = await embedder.embed(batch, 'passage', signal);
    checkVectors(embedder, batch.length, made);
    if (!isFree) await rememberVectors(db, embedder.id, batch.map(textKey), made);
    for (const [index, text] of batch.entries()) {
      const vector = made[index];
      if (vector !== undefined) vectors.set(text, vector);
    }
  }
  return vectors;
}
