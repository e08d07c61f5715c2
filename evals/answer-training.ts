import { confidenceModel } from '../server/domain/confidence-model.ts';
import { languageLevel, shapeSignal, signalNames } from '../server/domain/confidence.ts';
import { fitLogistic, predictLogit, type Fitted } from './answer-fit.ts';
import type { AnswerRow } from './answer-rows.ts';

/** Labels too noisy to learn from: a sibling page may hold the answer. */
const noisy: ReadonlySet<string> = new Set(['gap/near']);

const featuresOf = (row: AnswerRow): number[] =>
  signalNames.map((name) => shapeSignal(name, row.input.signals[name]));

const fixedPenalties = ['negation', 'antonym', 'missingNumber', 'lacksKind', 'absent'] as const;

/** What is fixed by hand: the penalties, and the level of the language. */
const fixedPart = ({ input: { penalties, language } }: AnswerRow): number =>
  fixedPenalties.reduce(
    (sum, name) => sum - Number(penalties[name]) * confidenceModel.penalties[name],
    languageLevel(language),
  );

/** Tasks of one origin are left out together: `gap/far`, `doc2dial/first` and its off-topic task are one. */
function familyOf(task: string): string {
  const [name = task] = task.replace(/^(?:off-topic|withheld)\//u, '').split('/');
  return name === 'gap' || name === 'va-site' ? 'doc2dial' : name;
}

/** Each task weighs the same, and in it both classes do. Tasks of one class teach nothing about the other. */
function fitOn(rows: readonly AnswerRow[]): Fitted {
  const counts = new Map<string, number>();
  const keyOf = (row: AnswerRow) => `${row.task} ${String(row.query.isAnswerable)}`;
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  const mixed = rows.filter(
    (row) => !noisy.has(row.task) && counts.has(`${row.task} true`) && counts.has(`${row.task} false`),
  );
  return fitLogistic(
    mixed.map((row) => ({
      features: featuresOf(row),
      isRight: row.query.isAnswerable,
      weight: 1 / (counts.get(keyOf(row)) ?? 1),
      offset: fixedPart(row),
    })),
  );
}

/** Coefficients from all rows. */
export function fitAll(rows: readonly AnswerRow[]): Fitted {
  return fitOn(rows);
}

/** Log odds of each row by coefficients that have not seen its set or a relative of it. */
export function leaveOneOut(rows: readonly AnswerRow[]): (row: AnswerRow) => number {
  const fits = new Map<string, Fitted>();
  for (const family of new Set(rows.map(({ task }) => familyOf(task)))) {
    fits.set(family, fitOn(rows.filter(({ task }) => familyOf(task) !== family)));
  }
  return (row) => {
    const fit = fits.get(familyOf(row.task));
    return fit === undefined ? 0 : predictLogit(fit, featuresOf(row)) + fixedPart(row);
  };
}
