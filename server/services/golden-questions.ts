import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import { normalizeText, tokenize } from '../domain/analysis/tokenize.ts';
import { parseCsv } from '../domain/csv.ts';
import { AppError } from '../errors.ts';
import type { Clock, Database, Ids } from '../ports.ts';
import {
  deleteGoldenQuestion,
  findGoldenQuestion,
  listGoldenQuestions,
  noteGoldenRun,
  upsertGoldenQuestions,
  type GoldenQuestionRecord,
} from '../store/golden-question.ts';
import type { AnswerQuality } from './answer-quality.ts';

export interface NewGoldenQuestion {
  question: string;
  /** Words that a right answer holds; null: it should not be answered. */
  expected: string | null;
}

export interface GoldenQuestionsDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  answers: {
    answer(request: {
      siteId: string;
      question: string;
      history: readonly [];
      conversationId: null;
      turnId: null;
      signal: AbortSignal;
    }): AsyncGenerator<AnswerProgress>;
  };
  quality: Pick<AnswerQuality, 'judge'>;
}

/** The owner's own test of a site: questions whose right reaction is known. */
export interface GoldenQuestions {
  list(siteId: string): Promise<GoldenQuestionRecord[]>;
  /** @throws AppError `conflict` where the site would have more than it may. */
  add(siteId: string, questions: readonly NewGoldenQuestion[]): Promise<GoldenQuestionRecord[]>;
  /** Reads `question,expected` rows; an empty second cell: it should not be answered. */
  importCsv(siteId: string, csv: string): Promise<GoldenQuestionRecord[]>;
  /** @throws AppError `not-found`. */
  remove(siteId: string, id: string): Promise<void>;
  /** Asks one question as a visitor would; whether it came out right counts as the owner's judgement. */
  run(
    siteId: string,
    id: string,
    signal: AbortSignal,
  ): Promise<{ question: GoldenQuestionRecord; answer: FinalAnswer }>;
}

const maxPerSite = 1000;
const maxQuestion = 2000;

export function createGoldenQuestions(deps: GoldenQuestionsDeps): GoldenQuestions {
  const { db, clock, ids } = deps;

  async function add(siteId: string, questions: readonly NewGoldenQuestion[]) {
    const known = await listGoldenQuestions(db, siteId);
    const texts = new Set([...known, ...questions].map(({ question }) => question));
    if (texts.size > maxPerSite) {
      throw new AppError(
        'conflict',
        `A site may have ${String(maxPerSite)} test questions. Remove some first.`,
      );
    }
    // the last one of two with the same text counts
    const unique = new Map(questions.map((each) => [each.question, { ...each, id: ids.uuid() }]));
    await upsertGoldenQuestions(db, siteId, [...unique.values()], new Date(clock.now()));
    return listGoldenQuestions(db, siteId);
  }

  return {
    list: (siteId) => listGoldenQuestions(db, siteId),
    add,
    importCsv: async (siteId, csv) => add(siteId, readQuestions(csv)),
    async remove(siteId, id) {
      if (!(await deleteGoldenQuestion(db, siteId, id))) throw notFound();
    },
    async run(siteId, id, signal) {
      const question = await findGoldenQuestion(db, siteId, id);
      if (question === null) throw notFound();
      const answer = await answerOnce(deps, siteId, question.question, signal);
      const { answerId } = answer;
      const isRight = cameOutRight(question.expected, answer);
      const runAt = new Date(clock.now());
      await noteGoldenRun(db, { id, answerId, isRight, runAt });
      const isDraftRight =
        question.expected !== null && holds(answer.draftText ?? answer.text, question.expected);
      await deps.quality.judge({ siteId, answerId, judgedBy: 'owner', isRight: isDraftRight });
      return { question: { ...question, answerId, isRight, runAt }, answer };
    },
  };
}

const notFound = () => new AppError('not-found', 'There is no such test question.');

async function answerOnce(
  { answers }: GoldenQuestionsDeps,
  siteId: string,
  question: string,
  signal: AbortSignal,
): Promise<FinalAnswer> {
  const request = { siteId, question, history: [], conversationId: null, turnId: null, signal } as const;
  for await (const progress of answers.answer(request)) {
    if (progress.type === 'final') return progress.answer;
  }
  throw new AppError('internal', 'The answer ended without a result.');
}

const squash = (text: string): string => ` ${tokenize(normalizeText(text)).join(' ')} `;
/** Whether `text` holds the words of `expected`, in order and next to each other. */
const holds = (text: string, expected: string): boolean => squash(text).includes(squash(expected));

function cameOutRight(expected: string | null, { decision, text }: FinalAnswer): boolean {
  return expected === null ? decision !== 'answer' : decision === 'answer' && holds(text, expected);
}

const headPattern = /^(?:question|frage|pregunta|domanda|pergunta|vraag)$/iu;

function readQuestions(csv: string): NewGoldenQuestion[] {
  const rows = parseCsv(csv)
    .map(([question = '', expected = '']) => ({ question: question.trim(), expected: expected.trim() }))
    .filter(({ question }) => question !== '');
  const body = headPattern.test(rows[0]?.question ?? '') ? rows.slice(1) : rows;
  if (body.length === 0) {
    throw new AppError(
      'invalid-request',
      'The file holds no questions. Give one per line: the question, and after a comma the words that a right answer holds.',
    );
  }
  const tooLong = body.findIndex(
    ({ question, expected }) => Math.max(question.length, expected.length) > maxQuestion,
  );
  if (tooLong !== -1) {
    const number = String(tooLong + 1);
    throw new AppError(
      'invalid-request',
      `Question ${number} is longer than ${String(maxQuestion)} characters.`,
    );
  }
  return body.map(({ question, expected }) => ({ question, expected: expected === '' ? null : expected }));
}
