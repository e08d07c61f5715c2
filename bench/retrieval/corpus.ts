import type { NewDocument } from '../../server/domain/knowledge.ts';
import { newDocument } from '../../server/testing/knowledge.ts';

/** Numbers in [0, 1), the same in every run. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const syllables =
  'ba be bi bo da de di do fa fi ga go ha ki ko la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi za'.split(
    ' ',
  );
const grammar =
  'the of and to a in is you that it for on are with as your be this have or by can will not if from'.split(
    ' ',
  );
const vocabularySize = 30_000;
export const wordsPerPassage = 150;
export const passagesPerDocument = 8;
/** Share of running text that is grammar, as in English. */
const grammarShare = 0.4;

/** A made-up vocabulary: word `n` is always the same, two to four syllables. */
function wordOf(rank: number): string {
  let rest = rank + syllables.length;
  let word = '';
  while (rest > 0) {
    word += syllables[rest % syllables.length] ?? '';
    rest = Math.floor(rest / syllables.length);
  }
  return word;
}

/** A content word by Zipf's law: rank r about as often as 1 / r. */
function contentWord(random: () => number): string {
  return wordOf(Math.floor(vocabularySize ** random()) - 1);
}

function runningText(random: () => number, words: number): string {
  const text: string[] = [];
  for (let index = 0; index < words; index += 1) {
    const isGrammar = random() < grammarShare;
    text.push(isGrammar ? (grammar[Math.floor(random() * grammar.length)] ?? '') : contentWord(random));
  }
  return text.join(' ');
}

/** Document number `n` of a corpus of made-up words with the frequencies of real text. */
export function benchDocument(number: number): NewDocument {
  const random = createRandom(number + 1);
  const texts = Array.from({ length: passagesPerDocument }, () => runningText(random, wordsPerPassage));
  return newDocument(`document-${String(number)}`, texts, { title: runningText(random, 5) });
}

/** A question of some ten words, four of them grammar, taken from a document, so that it has an answer. */
export function benchQuestion(number: number, documents: number): string {
  const random = createRandom(number + 77_777);
  const document = benchDocument(Math.floor(random() * documents));
  const passage = document.passages[Math.floor(random() * passagesPerDocument)]?.text ?? '';
  const words = passage.split(' ');
  const start = Math.floor(random() * (words.length - 10));
  return `how do i ${words.slice(start, start + 8).join(' ')}?`;
}

/** A unit vector near one of `clusters` centres; neighbours within a cluster differ by noise of the same size. */
export function benchVector(random: () => number, dimensions: number, clusters: number): Float32Array {
  const centre = createRandom(1_000_003 + Math.floor(random() * clusters));
  const vector = Float32Array.from({ length: dimensions }, () => centre() - 0.5 + (random() - 0.5) * 1.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
