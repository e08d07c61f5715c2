import { z } from 'zod';
import { placeQuestions, type AskedQuestion } from '../domain/asked-questions.ts';
import type { NewDocument } from '../domain/knowledge.ts';
import type { Queryable } from '../ports.ts';
import { toJson } from './json.ts';

const askedRow = z.object({
  externalId: z.string(),
  asked: z.array(
    z.object({
      question: z.string(),
      place: z.object({ headingPath: z.array(z.string()), text: z.string() }).nullable(),
    }),
  ),
});

/** The owner's questions of documents, by the documents' ids at the caller's; those without any are left out. */
export async function listDocumentQuestions(
  db: Queryable,
  siteId: string,
  externalIds: readonly string[],
): Promise<Map<string, AskedQuestion[]>> {
  const rows = await db.query(
    `select external_id as "externalId", asked from document_question
     where site_id = $1 and external_id = any($2::text[])`,
    [siteId, externalIds],
    askedRow,
  );
  return new Map(rows.map(({ externalId, asked }) => [externalId, asked]));
}

/** All of a site's questions, by the ids of their documents in order. */
export async function listSiteQuestions(
  db: Queryable,
  siteId: string,
): Promise<{ externalId: string; asked: AskedQuestion[] }[]> {
  return db.query(
    `select external_id as "externalId", asked from document_question where site_id = $1 order by external_id`,
    [siteId],
    askedRow,
  );
}

/** Puts `asked` in place of a document's questions. */
export async function replaceDocumentQuestions(
  tx: Queryable,
  siteId: string,
  externalId: string,
  asked: readonly AskedQuestion[],
): Promise<void> {
  await tx.execute(
    asked.length === 0
      ? 'delete from document_question where site_id = $1 and external_id = $2 and $3::jsonb is not null'
      : `insert into document_question (site_id, external_id, asked) values ($1, $2, $3)
         on conflict (site_id, external_id) do update set asked = excluded.asked, updated_at = now()`,
    [siteId, externalId, toJson(asked)],
  );
}

/** A document with an owner's questions among the ways to ask for it and for its passages. */
export function withQuestions(document: NewDocument, asked: readonly AskedQuestion[]): NewDocument {
  const { whole, byPassage } = placeQuestions(asked, document.passages);
  return {
    ...document,
    aliases: [...new Set([...(document.aliases ?? []), ...whole])],
    passages: document.passages.map((passage, index) => {
      const aliases = byPassage[index] ?? [];
      return aliases.length === 0 ? passage : { ...passage, aliases };
    }),
  };
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
    const asked = questions.get(document.externalId);
    return asked === undefined ? document : withQuestions(document, asked);
  });
}
