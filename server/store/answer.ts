import { z } from 'zod';
import type { CaughtSentence } from '../domain/citations-guard.ts';
import type { Queryable } from '../ports.ts';
import { caughtSentenceSchema } from '../protocol/http.ts';
import {
  citationSchema,
  confidenceReasonSchema,
  decisionSchema,
  handoffReasonSchema,
  triedPassageSchema,
} from '../protocol/entities.ts';

const answerRow = z.object({
  id: z.string(),
  site_id: z.string(),
  conversation_id: z.string().nullable(),
  turn_id: z.string().nullable(),
  question: z.string(),
  standalone_question: z.string(),
  intent: z.string(),
  language: z.string(),
  text: z.string(),
  status: z.enum(['complete', 'incomplete']),
  decision: decisionSchema,
  handoff_reason: handoffReasonSchema.nullable(),
  confidence: z.number(),
  confidence_logit: z.number().nullable(),
  reasons: z.array(confidenceReasonSchema),
  citations: z.array(citationSchema),
  passages: z.array(triedPassageSchema),
  is_quoted: z.boolean(),
  choices: z.array(z.string()),
  model: z.string().nullable(),
  prompt_version: z.string().nullable(),
  timings: z.record(z.string(), z.number()),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  caught: z.array(caughtSentenceSchema),
  cost: z.number().nullable(),
  created_at: z.date(),
});

/** An answer as stored. */
export interface AnswerRecord {
  id: string;
  siteId: string;
  conversationId: string | null;
  turnId: string | null;
  question: string;
  standaloneQuestion: string;
  intent: string;
  language: string;
  text: string;
  /** `incomplete`: the model broke off. */
  status: 'complete' | 'incomplete';
  decision: z.output<typeof decisionSchema>;
  handoffReason: z.output<typeof handoffReasonSchema> | null;
  confidence: number;
  /** Log odds before the site's calibration; null where nothing was assessed. */
  confidenceLogit: number | null;
  reasons: readonly z.output<typeof confidenceReasonSchema>[];
  citations: readonly z.output<typeof citationSchema>[];
  passages: readonly z.output<typeof triedPassageSchema>[];
  isQuoted: boolean;
  /** Topics that a question back offered. */
  choices?: readonly string[];
  model: string | null;
  promptVersion: string | null;
  timings: Readonly<Record<string, number>>;
  inputTokens: number | null;
  outputTokens: number | null;
  caught: readonly CaughtSentence[];
  /** In the currency of the prices at that time. */
  cost: number | null;
  createdAt: Date;
}

const columns = `id, site_id, conversation_id, turn_id, question, standalone_question, intent, language, text, status,
  decision, handoff_reason, confidence, confidence_logit, reasons, citations, passages, is_quoted, choices, model,
  prompt_version, timings, input_tokens, output_tokens, caught, cost, created_at`;

/** Keeps an answer for good. */
export async function insertAnswer(db: Queryable, answer: AnswerRecord): Promise<void> {
  await db.execute(
    `insert into answer (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
      $15::jsonb, $16::jsonb, $17::jsonb, $18, $19::jsonb, $20, $21, $22::jsonb, $23, $24, $25::jsonb, $26, $27)`,
    [
      answer.id,
      answer.siteId,
      answer.conversationId,
      answer.turnId,
      answer.question,
      answer.standaloneQuestion,
      answer.intent,
      answer.language,
      answer.text,
      answer.status,
      answer.decision,
      answer.handoffReason,
      answer.confidence,
      answer.confidenceLogit,
      JSON.stringify(answer.reasons),
      JSON.stringify(answer.citations),
      JSON.stringify(answer.passages),
      answer.isQuoted,
      JSON.stringify(answer.choices ?? []),
      answer.model,
      answer.promptVersion,
      JSON.stringify(answer.timings),
      answer.inputTokens,
      answer.outputTokens,
      JSON.stringify(answer.caught),
      answer.cost,
      answer.createdAt,
    ],
  );
}

/** One answer of a site, or null. */
export async function findAnswer(
  db: Queryable,
  siteId: string,
  answerId: string,
): Promise<AnswerRecord | null> {
  const [row] = await db.query(
    `select ${columns} from answer where site_id = $1 and id = $2`,
    [siteId, answerId],
    answerRow,
  );
  return row === undefined ? null : toRecord(row);
}

/** A site's answers, newest first. */
export async function listAnswers(db: Queryable, siteId: string, limit: number): Promise<AnswerRecord[]> {
  const rows = await db.query(
    `select ${columns} from answer where site_id = $1 order by created_at desc, id desc limit $2`,
    [siteId, limit],
    answerRow,
  );
  return rows.map(toRecord);
}

/** The text of a document of the site, or null when it is gone. */
export async function readDocumentText(
  db: Queryable,
  siteId: string,
  documentId: number,
): Promise<string | null> {
  const [row] = await db.query(
    'select text from document where site_id = $1 and id = $2',
    [siteId, documentId],
    z.object({ text: z.string() }),
  );
  return row?.text ?? null;
}

/** Whether the site holds anything to answer from. */
export async function hasPassages(db: Queryable, siteId: string): Promise<boolean> {
  const [row] = await db.query(
    'select exists (select from passage where site_id = $1) as found',
    [siteId],
    z.object({ found: z.boolean() }),
  );
  return row?.found === true;
}

function toRecord(row: z.output<typeof answerRow>): AnswerRecord {
  return {
    id: row.id,
    siteId: row.site_id,
    conversationId: row.conversation_id,
    turnId: row.turn_id,
    question: row.question,
    standaloneQuestion: row.standalone_question,
    intent: row.intent,
    language: row.language,
    text: row.text,
    status: row.status,
    decision: row.decision,
    handoffReason: row.handoff_reason,
    confidence: row.confidence,
    confidenceLogit: row.confidence_logit,
    reasons: row.reasons,
    citations: row.citations,
    passages: row.passages,
    isQuoted: row.is_quoted,
    choices: row.choices,
    model: row.model,
    promptVersion: row.prompt_version,
    timings: row.timings,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    caught: row.caught,
    cost: row.cost,
    createdAt: row.created_at,
  };
}
