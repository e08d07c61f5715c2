import { z } from 'zod';
import type { NewDocument } from '../domain/knowledge.ts';
import type { Queryable } from '../ports.ts';

/** The owner's questions of documents, by the documents' ids at the caller's; those without any are left out. */
export async function listDocumentQuestions(
  db: Queryable,
  siteId: string,
  externalIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await db.query(
    `select external_id as "externalId", questions from document_question
     where site_id = $1 and external_id = any($2::text[])`,
    [siteId, externalIds],
    z.object({ externalId: z.string(), questions: z.array(z.string()) }),
  );
  return new Map(rows.map(({ externalId, questions }) => [externalId, questions]));
}

/** Puts `questions` in place of a document's. */
export async function replaceDocumentQuestions(
  tx: Queryable,
  siteId: string,
  externalId: string,
  questions: readonly string[],
): Promise<void> {
  await tx.execute(
    questions.length === 0
      ? 'delete from document_question where site_id = $1 and external_id = $2 and $3::text[] is not null'
      : `insert into document_question (site_id, external_id, questions) values ($1, $2, $3)
         on conflict (site_id, external_id) do update set questions = excluded.questions, updated_at = now()`,
    [siteId, externalId, questions],
  );
}

/** Documents with the owner's questions among the ways to ask for them. */
export async function withOwnersQuestions(
  db: Queryable,
  siteId: string,
  documents: readonly NewDocument[],
): Promise<NewDocument[]> {
  const ids = documents.map(({ externalId }) => externalId);
  const questions = await listDocumentQuestions(db, siteId, ids);
  return documents.map((document) => {
    const own = questions.get(document.externalId);
    if (own === undefined) return document;
    return { ...document, aliases: [...new Set([...(document.aliases ?? []), ...own])] };
  });
}
