import path from 'node:path';
import { z } from 'zod';
import { createAnalyzer } from '../server/domain/analysis/analyze.ts';
import { createSupportChecker, groundednessOf, type Evidence } from '../server/domain/citations-support.ts';
import { readSentences } from '../server/domain/quote/blocks.ts';
import { auroc, type Judged } from './answer-figures.ts';
import { readCorpus, readJsonLines } from './data.ts';
import { mean } from './metrics.ts';

/** An answer of a model with what it was given, and whether people found it borne out. */
interface JudgedAnswer {
  passages: Evidence['passages'];
  visitorText: string;
  answer: string;
  isGrounded: boolean;
}

export interface GroundednessResult {
  set: string;
  answers: number;
  grounded: number;
  /** Chance that a grounded answer scores above one that is not. */
  auroc: number;
  /** What the share of the answer's words that stand in the passages comes to: the number to beat. */
  baseline: number;
}

const passage = (text: string, title = '') => ({ text, title, url: null, language: 'en' });

const beginRow = z.looseObject({
  knowledge: z.string(),
  message: z.string(),
  response: z.string(),
  label: z.enum(['grounded', 'ungrounded', 'generic']),
});

async function readBegin(data: string): Promise<JudgedAnswer[]> {
  const rows = await readJsonLines(path.join(data, 'begin/judged.jsonl'), beginRow);
  return rows
    .filter(({ label }) => label !== 'generic')
    .map(({ knowledge, message, response, label }) => ({
      passages: [passage(knowledge)],
      visitorText: message,
      answer: response,
      isGrounded: label === 'grounded',
    }));
}

const mtragRow = z.looseObject({
  context_ids: z.array(z.string()),
  response: z.string(),
  faithfulness: z.array(z.number()),
});
/** Mean of the ratings (1 to 4) from which on an answer counts as faithful. */
const faithful = 3.5;

async function readMtrag(data: string): Promise<JudgedAnswer[]> {
  const corpus = new Map((await readCorpus(path.join(data, 'mtrag'))).map((row) => [row.id, row]));
  const rows = await readJsonLines(path.join(data, 'mtrag/judged.jsonl'), mtragRow);
  return rows
    .filter((row) => row.context_ids.length > 0)
    .map((row) => ({
      passages: row.context_ids.flatMap((id) => {
        const found = corpus.get(id);
        return found === undefined ? [] : [passage(found.text, found.title)];
      }),
      visitorText: '',
      answer: row.response,
      isGrounded: mean(row.faithfulness) > faithful,
    }));
}

/** Measures the check of a model's sentences against answers that people judged. */
export async function evaluateGroundedness(
  data: string,
  print: (line: string) => void,
): Promise<GroundednessResult[]> {
  const analyzer = createAnalyzer();
  const sets: [string, number, JudgedAnswer[]][] = [
    ['begin', 0.956, await readBegin(data)],
    ['mtrag judged', 0.87, await readMtrag(data)],
  ];
  print('groundedness      answers  grounded     AUROC  words alone');
  return sets.map(([set, baseline, answers]) => {
    const judged = answers.map(({ answer, isGrounded, ...evidence }): Judged => {
      const checker = createSupportChecker({ analyzer, ...evidence, language: 'en', allowedHosts: [] });
      const sentences = readSentences(answer, { start: 0, end: answer.length });
      const checks = sentences.map(({ start, end }) => checker.check(answer.slice(start, end)));
      return { score: groundednessOf(checks) ?? 0, isRight: isGrounded };
    });
    const grounded = answers.filter(({ isGrounded }) => isGrounded).length;
    const result = { set, answers: answers.length, grounded, auroc: auroc(judged), baseline };
    const cells = [answers.length, grounded].map((count) => String(count).padStart(10));
    print(
      `${set.padEnd(15)}${cells.join('')}${result.auroc.toFixed(3).padStart(10)}${baseline.toFixed(3).padStart(13)}`,
    );
    return result;
  });
}
