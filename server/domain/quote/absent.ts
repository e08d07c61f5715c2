import type { Analyzer } from '../analysis/analyze.ts';
import { normalizeText } from '../analysis/tokenize.ts';
import { backgroundWeight } from '../analysis/background.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import type { QuestionWording } from './question-wording.ts';
import { wordsOf } from './cover.ts';
import { readQuestionKind } from './question-kind.ts';

/** A wish in the form of a question: its words are how it is put. */
const wish =
  /^\W*(?:(?:can|could|would|will) (?:you|i ask)(?: please)? (?:give|tell|explain|clarify|help|show|inform|provide|describe|let|remind|share)|do you know|(?:können|könnten|kannst) (?:sie|du) mir|pouvez.vous m|(?:pueden?|puedes|podr[ií]as?) (?:decir|explicar|ayudar)me|(?:può|puoi|potete) (?:dir|spiegar|aiutar)mi|pode(?:m|ria)? (?:dizer|explicar|ajudar).me|(?:kunt u|kun je) mij)/u;
/** Whoever counts things names them. */
const counts = /^\W*(?:how many|wie viele|combien d[e']|cuánt[oa]s|quant[ie]|quant[oa]s|hoeveel)\b/u;
/** Words this long are found within longer ones, and the other way round. */
const partialLength = 5;
/** That one thing is absent says enough: more of it adds nothing. */
const mostAbsent = 0.5;

/** `absentShare` of a question that stands alone; 0 for one that leans on what was said before. */
export function readAbsence(
  analyzer: Analyzer,
  { own, standalone, language }: QuestionWording,
  passages: readonly RetrievedPassage[],
): number {
  return own === standalone ? absentShare(analyzer, own, language, passages) : 0;
}

/**
 * How much of what a yes-or-no question, or one that counts, names stands nowhere in `passages`, 0..0.5 of its
 * weight: whoever asks whether skis can be rented is not answered by how renting works. 0 for other questions: what
 * they ask for is absent from the question itself, and their words are often only its setting.
 */
function absentShare(
  analyzer: Analyzer,
  question: string,
  language: string,
  passages: readonly RetrievedPassage[],
): number {
  const normalized = normalizeText(question);
  const asksFor = readQuestionKind(question) === 'yes-no' || counts.test(normalized);
  if (!asksFor || wish.test(normalized)) return 0;
  const named = analyzer.analyze(question, language).filter(({ isFunction }) => !isFunction);
  const said = new Set(
    passages.flatMap(({ title, headingPath, text, aliases = [], language: own }) => [
      ...wordsOf(analyzer, [title, ...headingPath, text, ...aliases].join('\n'), own ?? language).stems,
    ]),
  );
  const isSaid = (stem: string) => said.has(stem) || (stem.length >= partialLength && isPart(stem, said));
  const weigh = (words: typeof named) =>
    words.reduce((sum, word) => sum + backgroundWeight(word, language), 0);
  const all = weigh(named);
  return all === 0 ? 0 : Math.min(mostAbsent, weigh(named.filter(({ stem }) => !isSaid(stem))) / all);
}

function isPart(stem: string, said: ReadonlySet<string>): boolean {
  return [...said].some(
    (other) => other.length >= partialLength && (other.includes(stem) || stem.includes(other)),
  );
}
