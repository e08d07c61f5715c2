import type { Analyzer } from '../../domain/analysis/analyze.ts';
import { toCitations } from '../../domain/citations.ts';
import type { RetrievedPassage } from '../../domain/knowledge.ts';
import { isSameQuestion } from '../../domain/quote/same-question.ts';
import type { Queryable } from '../../ports.ts';
import { readDocumentText } from '../../store/answer.ts';
import type { Draft } from './draft.ts';

/** Documents made of an owner's question-and-answer pair; the pipeline names them so. */
const pairPrefix = 'qa:';

/**
 * The owner's own answer, word for word, where one of the passages found is a question-and-answer pair with this
 * very question. Null where there is none.
 */
export async function pairAnswer(
  db: Queryable,
  analyzer: Analyzer,
  task: { siteId: string; question: string; language: string; passages: readonly RetrievedPassage[] },
): Promise<Draft | null> {
  const { siteId, question, language, passages } = task;
  const index = passages.findIndex(
    ({ externalId, title, language: own }) =>
      externalId.startsWith(pairPrefix) && isSameQuestion(analyzer, question, title, own ?? language),
  );
  const pair = passages[index];
  if (pair === undefined) return null;
  const text = await readDocumentText(db, siteId, pair.documentId);
  if (text === null) return null;
  return {
    text: `${text.trim()} [1]`,
    citations: toCitations(passages, [index], () => text),
    isQuoted: true,
    status: 'complete',
    isOwnersAnswer: true,
    support: 1,
    penalties: {},
    verdict: null,
    model: null,
    promptVersion: null,
    inputTokens: null,
    outputTokens: null,
  };
}
