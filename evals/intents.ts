import { createAnalyzer, type Analyzer } from '../server/domain/analysis/analyze.ts';
import { certaintyOf, evidenceFeatures, evidenceNames } from '../server/domain/intents/certainty.ts';
import { trainIntents, type IntentGuess } from '../server/domain/intents/classifier.ts';
import { auroc, calibrationError } from './answer-figures.ts';
import { fitLogistic, predictLogit, type Fitted } from './answer-fit.ts';
import { sigmoid } from '../server/domain/confidence.ts';
import { loadIntentTasks, withFewUtterances, type IntentTask } from './intent-sets.ts';
import { mean } from './metrics.ts';

/** Figures of one intent task; shares are 0..1, null where the set cannot tell. */
export interface IntentResult {
  task: string;
  intents: number;
  utterances: number;
  /** Share of the texts within scope that were taken for what they are. */
  accuracy: number;
  /** Chance that a text within scope scores above one outside. */
  auroc: number | null;
  /** Share of all texts that are answered at the product's certainty, and of those the share that is right. */
  answered: number;
  precision: number;
  ece: number;
  trainMs: number;
  guessMs: number;
}

interface IntentRow {
  family: string;
  guess: IntentGuess | null;
  isInScope: boolean;
  isRight: boolean;
  certainty: number;
}

/** What an owner may have written for each intent. */
const fewCounts = [1, 3, 8] as const;
/** The certainty from which the product answers with the pair. */
const wanted = 0.9;
const nothing = -10;

/** Measures intents and out of scope; with `fits` also proposes the certainty's coefficients. */
export async function evaluateIntents(
  { data, fits }: { data: string; fits: boolean },
  print: (line: string) => void,
): Promise<IntentResult[]> {
  const analyzer = createAnalyzer();
  const results: IntentResult[] = [];
  const all: IntentRow[] = [];
  print(header);
  for (const task of await loadIntentTasks(data)) {
    const few = task.name.includes('withheld') || task.name.includes('sofmattress') ? fewCounts : [];
    for (const variant of [task, ...few.map((count) => withFewUtterances(task, count))]) {
      const { result, rows } = measure(analyzer, variant);
      print(lineOf(result));
      results.push(result);
      if (rows.some(({ isInScope }) => !isInScope)) all.push(...rows);
    }
  }
  if (fits) printFit(all, print);
  return results;
}

function measure(analyzer: Analyzer, task: IntentTask): { result: IntentResult; rows: IntentRow[] } {
  const startedAt = performance.now();
  const utterances = task.train.map(({ text, intent }) => ({ text, intent, language: 'en' }));
  const classifier = trainIntents(analyzer, utterances);
  const trainedAt = performance.now();
  const rows = task.test.map(({ text, intent }): IntentRow => {
    const guess = classifier.guess(text, 'en');
    return {
      family: task.family,
      guess,
      isInScope: intent !== null,
      isRight: guess !== null && guess.intent === intent,
      certainty: guess === null ? 0 : certaintyOf(guess.evidence),
    };
  });
  const guessMs = (performance.now() - trainedAt) / rows.length;
  const inScope = rows.filter(({ isInScope }) => isInScope);
  const area = auroc(
    rows.map(({ guess, isInScope }) => ({ score: guess?.score ?? nothing, isRight: isInScope })),
  );
  const answered = rows.filter(({ certainty }) => certainty >= wanted);
  const result: IntentResult = {
    task: task.name,
    intents: new Set(task.train.map(({ intent }) => intent)).size,
    utterances: task.train.length,
    accuracy: mean(inScope.map(({ isRight }) => Number(isRight))),
    auroc: Number.isNaN(area) ? null : area,
    answered: answered.length / rows.length,
    precision: mean(answered.map(({ isRight }) => Number(isRight))),
    ece: calibrationError(rows.map(({ certainty, isRight }) => ({ score: certainty, isRight }))),
    trainMs: trainedAt - startedAt,
    guessMs,
  };
  return { result, rows };
}

/** Coefficients that have not seen a family, on that family; then those from all. */
function printFit(rows: readonly IntentRow[], print: (line: string) => void): void {
  print('\nfitted without the family that is shown: answered at 0.9, right of those, calibration error');
  for (const family of new Set(rows.map((row) => row.family))) {
    const fit = fitOn(rows.filter((row) => row.family !== family));
    const own = rows.filter((row) => row.family === family);
    const judged = own.map((row) => ({
      score: row.guess === null ? 0 : sigmoid(predictLogit(fit, evidenceFeatures(row.guess.evidence))),
      isRight: row.isRight,
    }));
    const sure = judged.filter(({ score }) => score >= wanted);
    const figures = [sure.length / own.length, mean(sure.map(({ isRight }) => Number(isRight)))];
    print(
      [family.padEnd(34), ...[...figures, calibrationError(judged)].map((value) => value.toFixed(3))].join(
        '  ',
      ),
    );
  }
  const { intercept, weights } = fitOn(rows);
  print('\nProposed for server/domain/intents/certainty.ts (fitted on all):');
  print(`  intercept: ${intercept.toFixed(2)}`);
  for (const [index, name] of evidenceNames.entries())
    print(`  ${name}: ${(weights[index] ?? 0).toFixed(2)}`);
}

/** Each family weighs the same. */
function fitOn(rows: readonly IntentRow[]): Fitted {
  const counts = new Map<string, number>();
  for (const { family } of rows) counts.set(family, (counts.get(family) ?? 0) + 1);
  return fitLogistic(
    rows.flatMap(({ guess, isRight, family }) =>
      guess === null
        ? []
        : [
            {
              features: evidenceFeatures(guess.evidence),
              isRight,
              weight: 1 / (counts.get(family) ?? 1),
              offset: 0,
            },
          ],
    ),
  );
}

const columns: readonly [string, (result: IntentResult) => number | null, digits: number][] = [
  ['intents', ({ intents }) => intents, 0],
  ['said', ({ utterances }) => utterances, 0],
  ['acc', ({ accuracy }) => accuracy, 3],
  ['AUROC', (result) => result.auroc, 3],
  ['answered', ({ answered }) => answered, 3],
  ['right', ({ precision }) => precision, 3],
  ['ECE', ({ ece }) => ece, 3],
  ['train ms', ({ trainMs }) => trainMs, 0],
  ['ms', ({ guessMs }) => guessMs, 2],
];
const nameWidth = 44;
const width = 10;
const header = 'intents'.padEnd(nameWidth) + columns.map(([name]) => name.padStart(width)).join('');

function lineOf(result: IntentResult): string {
  const cells = columns.map(([, pick, digits]) => {
    const value = pick(result);
    return (value === null || Number.isNaN(value) ? '' : value.toFixed(digits)).padStart(width);
  });
  return result.task.padEnd(nameWidth) + cells.join('');
}
