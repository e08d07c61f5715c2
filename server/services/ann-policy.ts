import type { Database, Embedder } from '../ports.ts';
import { countPassages } from '../store/lexical-merge.ts';
import { createAnnIndex, hasAnnIndex, maxAnnDimensions } from '../store/passage-ann.ts';
import { isBuiltin, maxExactPassages } from './dense-policy.ts';

/** Builds the approximate index of the vectors once a site has outgrown exact scans. */
export async function ensureAnnIndex(db: Database, embedder: Embedder, siteId: string): Promise<void> {
  // PGlite takes some 7 ms per vector to build one; a knowledge base that needs it needs PostgreSQL.
  if (db.kind !== 'postgres' || isBuiltin(embedder) || embedder.dimensions > maxAnnDimensions) return;
  const count = await countPassages(db, siteId);
  if (count <= maxExactPassages(embedder.dimensions)) return;
  const space = { siteId, embedder };
  if (!(await hasAnnIndex(db, space))) await createAnnIndex(db, space, count);
}
