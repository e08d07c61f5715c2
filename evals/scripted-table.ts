import { neutralise } from '../server/domain/prompt.ts';
import type { ModelServerMessage } from '../server/testing/model-server.ts';
import type { AnswerTask } from './answer-tasks.ts';

/** How well the table's vectors know what a text is about. */
export type EmbedderQuality = 'good' | 'fair' | 'weak' | 'random' | 'constant';
/** How often the table's model is right about whether the passages answer. */
export type JudgeQuality = 'good' | 'fair' | 'random' | 'always-full';

const dimensions = 64;
/** Noise of a question beside its page's direction, of length 1 each. */
const questionNoise: Readonly<Record<'good' | 'fair' | 'weak', number>> = { good: 1.3, fair: 2.2, weak: 3.2 };
/** A piece of a page lies nearer to it than a question about it. */
const pieceNoise = 0.8;
const passageNoise = 0.6;
/** How much of another page's direction a question has that no page answers. */
const strayShare = 0.7;
const rightShare: Readonly<Record<'good' | 'fair', number>> = { good: 0.95, fair: 0.8 };

/** Numbers in 0..1 that follow from a text alone. */
function createDraw(text: string): () => number {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A direction that follows from a text alone, of length 1. */
function direction(text: string): number[] {
  const draw = createDraw(text);
  const values = Array.from(
    { length: dimensions },
    () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()),
  );
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const mix = (parts: readonly (readonly [number, readonly number[]])[]): number[] =>
  Array.from({ length: dimensions }, (_, at) =>
    parts.reduce((sum, [share, vector]) => sum + share * (vector[at] ?? 0), 0),
  );

/** Vectors of a task's texts: each page has a direction, its passages lie near it, questions less so. */
export function createEmbeddingTable(task: AnswerTask, quality: EmbedderQuality): (text: string) => number[] {
  if (quality === 'constant') return () => [1, ...Array.from({ length: dimensions - 1 }, () => 0)];
  if (quality === 'random') return direction;
  const noise = questionNoise[quality];
  const questions = new Map(task.queries.map((query) => [query.question, query]));
  const pages = task.corpus.map(({ id, text, ownPage }) => ({ id, text: flat(ownPage ?? text) }));
  const askedPage = (text: string) => {
    const lines = text.split('\n');
    return questions.get(lines.at(-1) ?? '') ?? questions.get(text);
  };
  return (text) => {
    const own = direction(text);
    const query = askedPage(text) ?? [...questions.values()].find(({ question }) => text.includes(question));
    if (query !== undefined) {
      const [page] = query.relevant;
      if (page !== undefined)
        return mix([
          [1, direction(page)],
          [noise, own],
        ]);
      const stray = pages[Math.floor(createDraw(text)() * pages.length)];
      return mix([
        [strayShare, direction(stray?.id ?? '')],
        [noise, own],
      ]);
    }
    const wanted = flat(text.split('\n').at(-1) ?? text).slice(0, 80);
    const page = pages.find(({ text: held }) => held.includes(wanted));
    const share = text.length <= pieceLength ? pieceNoise * noise : passageNoise;
    return mix([
      [1, direction(page?.id ?? text)],
      [share, own],
    ]);
  };
}

/** Longer texts are passages. */
const pieceLength = 130;

const flat = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

/** What the table's model replies: its verdict, and for an answer the gold span or the passage's beginning, cited. */
export function createJudgeTable(
  task: AnswerTask,
  quality: JudgeQuality,
): (messages: readonly ModelServerMessage[]) => string {
  const questions = new Map(task.queries.map((query) => [neutralise(query.question).trim(), query]));
  const texts = new Map(task.corpus.map(({ id, text }) => [id, flat(text)]));
  return (messages) => {
    const prompt = messages.at(-1)?.content ?? '';
    const question = /<question>\n([\s\S]*?)\n<\/question>/u.exec(prompt)?.[1] ?? '';
    const query = questions.get(question.trim());
    const passages = [...prompt.matchAll(/<passage number="(\d+)">\n[^\n]*\n([\s\S]*?)\n<\/passage>/gu)].map(
      ([, number = '1', body = '']) => ({ number, text: flat(body.replaceAll(/^> ?/gmu, '')) }),
    );
    const holds = (text: string) =>
      query?.relevant.some((id) => texts.get(id)?.includes(text.slice(0, 60))) === true;
    const right = passages.find(({ text }) => holds(text));
    const isAnswered = query?.isAnswerable === true && right !== undefined;
    const draw = createDraw(question)();
    const saysFull = says(quality, isAnswered, draw);
    if (!saysFull) return 'ANSWER: NONE\n';
    const shown = right ?? passages[0];
    const gold = isAnswered ? query.answers.find((answer) => right.text.includes(flat(answer))) : undefined;
    const answer = gold ?? (shown?.text ?? '').slice(0, 160);
    return `ANSWER: FULL\n${answer} [${shown?.number ?? '1'}]`;
  };
}

function says(quality: JudgeQuality, isAnswered: boolean, draw: number): boolean {
  switch (quality) {
    case 'always-full':
      return true;
    case 'random':
      return draw < 0.5;
    default:
      return draw < rightShare[quality] ? isAnswered : !isAnswered;
  }
}
