import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createAnalyzer } from '../server/domain/analysis/analyze.ts';
import { isContentFree, rivalTopics } from '../server/domain/clarify.ts';
import { assessConfidence } from '../server/domain/confidence.ts';
import { answerTask } from './answer-rows.ts';
import type { AnswerQuery } from './answer-tasks.ts';
import { readDemoPages } from './demo-pages.ts';

const item = z.object({ id: z.string(), question: z.string(), ambiguous: z.boolean(), lang: z.string() });
const file = new URL('./sets/demo-shop/clarify.jsonl', import.meta.url);
/** The default threshold of a site: below it no answer is sure. */
const threshold = 0.5;

export interface ClarifyResult {
  questions: number;
  /** Of the questions that were asked back, the share that left a choice. */
  precision: number;
  /** Of those that leave a choice, the share that was asked back. */
  recall: number;
  /** Asked back without need, and not asked back. */
  needless: string[];
  missed: string[];
}

/** Asks our own short and vague questions, and clear ones beside them, and counts when a choice is offered. */
export async function evaluateClarifying(): Promise<ClarifyResult> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const items = lines.map((line) => item.parse(JSON.parse(line)));
  const queries = items.map(({ id, question, lang }): AnswerQuery => {
    const known = { history: [], answers: [], relevant: [], isAnswerable: false, group: 'clarify' };
    return { ...known, id, question, language: lang };
  });
  const task = { name: 'clarify', corpus: readDemoPages(), queries, hasSpans: false };
  const rows = await answerTask(task, queries.length);
  const analyzer = createAnalyzer();
  const isAsked = rows.map(({ query: { question, language }, input, passages }) => {
    const isDoubtful = assessConfidence(input).score < threshold;
    return (
      isContentFree(analyzer, question, language) ||
      rivalTopics(analyzer, question, language, passages, isDoubtful).length > 0
    );
  });
  const pick = (isAmbiguous: boolean, wasAsked: boolean) =>
    items.filter(({ ambiguous }, index) => ambiguous === isAmbiguous && isAsked[index] === wasAsked);
  const right = pick(true, true).length;
  const questionsOf = (picked: readonly { question: string }[]) => picked.map(({ question }) => question);
  return {
    questions: items.length,
    precision: right / (right + pick(false, true).length),
    recall: right / (right + pick(true, false).length),
    needless: questionsOf(pick(false, true)),
    missed: questionsOf(pick(true, false)),
  };
}

/** The result in words. */
export function clarifyLines({ questions, precision, recall, needless, missed }: ClarifyResult): string[] {
  return [
    `${String(questions)} questions: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    ...needless.map((question) => `needless  ${question}`),
    ...missed.map((question) => `missed    ${question}`),
  ];
}
