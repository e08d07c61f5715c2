import type { Analyzer } from '../server/domain/analysis/analyze.ts';
import { readPenalties } from '../server/domain/confidence-penalties.ts';
import { noPenalties } from '../server/domain/confidence.ts';
import type { ChatModel } from '../server/ports.ts';
import type { Draft } from '../server/services/answer/draft.ts';
import { modelAnswer } from '../server/services/answer/model-answer.ts';
import { weighBesideQuote } from '../server/services/answer/beside-quote.ts';
import { loadPrompts } from '../server/services/answer/prompts.ts';
import { quoteAnswer } from '../server/services/answer/quote-answer.ts';
import { createUsageLedger } from '../server/services/answer/usage.ts';
import type { AnswerRow } from './answer-rows.ts';
import { squash } from './metrics.ts';

const prompts = loadPrompts();
/** What the model reads: the default of the site's settings. */
const promptBudget = { passages: 5, tokens: 4000 } as const;

/** The same question answered by a model from the same passages, with the product's own checks. */
export async function answerByModel(
  analyzer: Analyzer,
  chatModel: ChatModel,
  row: AnswerRow,
): Promise<AnswerRow> {
  const draft = await write(analyzer, chatModel, row);
  const { query, passages } = row;
  const squashed = squash(draft.text);
  const traps = readPenalties(
    query.question,
    draft.citations[0]?.quote ?? draft.text,
    passages.map(({ text }) => text),
  );
  return {
    ...row,
    input: {
      signals: { ...row.input.signals, support: draft.support },
      penalties: { ...noPenalties, ...traps, ...draft.penalties },
      verdict: draft.verdict,
      language: row.input.language,
    },
    text: draft.text,
    holdsSpan:
      row.holdsSpan === null ? null : query.answers.some((answer) => squashed.includes(squash(answer))),
    citesRelevant: draft.citations.some(({ documentId }) => query.relevant.includes(documentId)),
  };
}

async function write(analyzer: Analyzer, chatModel: ChatModel, row: AnswerRow): Promise<Draft> {
  const task = {
    question: row.query.question,
    standaloneQuestion: row.standaloneQuestion,
    history: row.query.history,
    language: row.query.language,
    budget: promptBudget,
    passages: row.passages,
    siteName: 'A site',
    instructions: '',
    tone: '',
    examples: [],
    linkHosts: [],
  };
  const { signal } = new AbortController();
  const writing = modelAnswer({ analyzer, chatModel, prompts, usage: createUsageLedger() }, task, signal);
  for (;;) {
    const piece = await writing.next();
    if (piece.done === true) return weighBesideQuote(piece.value, quoteAnswer(analyzer, task));
  }
}
