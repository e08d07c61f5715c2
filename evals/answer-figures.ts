/** One judged answer: how sure we were, and whether that was right. */
export interface Judged {
  score: number;
  isRight: boolean;
}

/** Chance that a right one scores above a wrong one, ties counted half; NaN where one kind is missing. */
export function auroc(rows: readonly Judged[]): number {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  const right = rows.filter(({ isRight }) => isRight).length;
  const wrong = rows.length - right;
  let rankSum = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to += 1;
    const meanRank = (from + 1 + to) / 2;
    for (let at = from; at < to; at += 1) if (sorted[at]?.isRight === true) rankSum += meanRank;
    from = to;
  }
  return (rankSum - (right * (right + 1)) / 2) / (right * wrong);
}

/** Expected calibration error over ten equally filled bins: what the score promises against what comes true. */
export function calibrationError(rows: readonly Judged[], binCount = 10): number {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  let error = 0;
  for (let bin = 0; bin < binCount; bin += 1) {
    const part = sorted.slice(
      Math.floor((bin * sorted.length) / binCount),
      Math.floor(((bin + 1) * sorted.length) / binCount),
    );
    if (part.length === 0) continue;
    const promised = part.reduce((sum, { score }) => sum + score, 0) / part.length;
    const kept = part.filter(({ isRight }) => isRight).length / part.length;
    error += (Math.abs(promised - kept) * part.length) / sorted.length;
  }
  return error;
}

/** Rounds in which a perfect probability is tried out. */
const floorRounds = 40;

/**
 * What `calibrationError` would show on these scores if each were exactly right: outcomes are drawn from them, the
 * same way in every run. A set of finite size shows no less.
 */
export function calibrationFloor(scores: readonly number[]): number {
  let state = 1;
  const draw = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const rounds = Array.from({ length: floorRounds }, () =>
    calibrationError(scores.map((score) => ({ score, isRight: draw() < score }))),
  );
  return rounds.reduce((sum, error) => sum + error, 0) / floorRounds;
}

/** Share of wrong answers among the surest `coverage` of all. */
export function riskAt(rows: readonly Judged[], coverage: number): number {
  const sorted = rows.toSorted((a, b) => b.score - a.score);
  const kept = sorted.slice(0, Math.max(1, Math.round(coverage * sorted.length)));
  return kept.filter(({ isRight }) => !isRight).length / kept.length;
}

/** Share of the right ones that go to a person when `recall` of the wrong ones do. */
export function falseHandoffsAt(rows: readonly Judged[], recall: number): number {
  const wrong = rows
    .filter(({ isRight }) => !isRight)
    .map(({ score }) => score)
    .sort((a, b) => a - b);
  const right = rows.filter(({ isRight }) => isRight);
  const threshold = wrong[Math.ceil(recall * wrong.length) - 1] ?? Number.NEGATIVE_INFINITY;
  return right.filter(({ score }) => score <= threshold).length / right.length;
}

export interface HandoffFigures {
  precision: number;
  recall: number;
}

/** Of what falls below `threshold`, how much should; of what should, how much does. */
export function handoffFigures(rows: readonly Judged[], threshold: number): HandoffFigures {
  const handed = rows.filter(({ score }) => score < threshold);
  const wrong = rows.filter(({ isRight }) => !isRight).length;
  const both = handed.filter(({ isRight }) => !isRight).length;
  return { precision: both / handed.length, recall: both / wrong };
}

/** Bag-of-words F1 of two texts, already squashed; the best over several golds is the caller's. */
export function wordF1(text: string, gold: string): number {
  const left = text.split(' ').filter(Boolean);
  const counts = new Map<string, number>();
  for (const word of gold.split(' ').filter(Boolean)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const goldLength = gold.split(' ').filter(Boolean).length;
  let common = 0;
  for (const word of left) {
    const count = counts.get(word) ?? 0;
    if (count > 0) common += 1;
    counts.set(word, count - 1);
  }
  return common === 0 ? 0 : (2 * common) / (left.length + goldLength);
}
