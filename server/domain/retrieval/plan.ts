import type { Analyzer, Token } from '../analysis/analyze.ts';
import { visitTokenGrams } from '../analysis/grams.ts';
import { pairOf } from '../analysis/pair.ts';
import { readReach } from '../quote/reach-question.ts';
import { hasStemmer } from '../analysis/stem.ts';
import { termKey } from '../analysis/term-key.ts';
import { transliterate } from '../analysis/transliterate.ts';
import type { Translate } from '../translation/translate.ts';
import { compoundKeys, planCompounds } from './compound-terms.ts';
import type { PlannedCompound } from './compound-terms.ts';
import type { HistoryTurn } from './conversation.ts';
import { siteLanguageOf } from './site-language.ts';
import type { Part, Recipe } from './recipe.ts';
import { matchSynonyms } from './synonyms.ts';
import type { SynonymMatch, SynonymRule } from './synonyms.ts';

/** One term of a question, to be looked up and scored. */
export interface PlannedTerm {
  part: Part;
  /** The word that it is, or is a part of, as it was written first, normalised. */
  form: string;
  /** The forms that count as this term, one per language of the site at most. */
  keys: readonly number[];
  isFunction: boolean;
  /** Which turns hold it: places in the history, and its length for the question. */
  turns: number[];
}

export interface PlanInput {
  question: string;
  /** What was said before, oldest first. */
  history: readonly HistoryTurn[];
  /** Languages of the site's documents, the most frequent first. */
  languages: readonly (string | null)[];
  /** False where no document is named by a question: then nothing is looked up in such names. */
  hasQuestionTitles?: boolean;
  /** What the site's owner says means the same. */
  synonyms?: readonly SynonymRule[];
  /** Reads the words of synonyms; it may remember them. */
  phrases?: Pick<Analyzer, 'analyze'>;
  /** Puts what was said as the site would put it. */
  translate?: Translate;
}

export interface QueryPlan {
  terms: PlannedTerm[];
  /** Every key of every term, once. */
  keys: number[];
  /** The language of the site that the question seems to be in. */
  language: string | null;
  /** Words of the last turn, analysed in `language`. */
  question: Token[];
  turnCount: number;
  /** Longer words of the question that may be compounds. */
  compounds: PlannedCompound[];
  /** The question in the owner's other words. */
  rewordings: string[];
  /** The question as the site would put it, where it was put in another language or in other words. */
  siteWording: string | null;
}

/** Analyses the same words in at most this many languages of a site. */
const maxLanguages = 6;

type AddTerm = (part: Part, forms: readonly string[], token: Token, otherKeys?: readonly number[]) => void;

function addGrams(token: Token, add: AddTerm): void {
  if (token.isFunction) return;
  visitTokenGrams(token, (text, start, end) => {
    const gram = text.slice(start, end);
    add('gram', [gram], token);
    add('questionTitleGram', [gram], token);
  });
}

/** One turn's words, analysed. */
interface AnalyzedTurn {
  /**
   * The agent's long answers have n-grams by the hundred, with the longest lists of all; without them follow-ups
   * are found as well (within .2 of nDCG@10 x 100 over three sets of dialogues).
   */
  hasGrams: boolean;
  tokens: readonly Token[];
  /** The same words, analysed in each language. */
  variants: readonly Token[][];
  synonyms: SynonymMatch;
}

/** Adds the terms of one turn. */
function addTurn({ hasGrams, tokens, variants, synonyms }: AnalyzedTurn, add: AddTerm): void {
  const pairWith = (first: number, second: number) =>
    variants.map((variant) => pairOf(variant[first]?.stem ?? '', variant[second]?.stem ?? ''));
  let previous: number | null = null;
  let earlier: number | null = null;
  for (const [index, token] of tokens.entries()) {
    const stems = variants.map((variant) => variant[index]?.stem ?? token.stem);
    const other = synonyms.forms.get(index);
    add('body', stems, token, other?.body);
    add('title', stems, token, other?.title);
    add('questionTitle', stems, token);
    if (hasGrams) addGrams(token, add);
    if (token.isFunction) continue;
    if (previous !== null) add('pair', pairWith(previous, index), token);
    if (earlier !== null) add('skip', pairWith(earlier, index), token);
    earlier = previous;
    previous = index;
  }
}

/** What pages are called that say how to reach people, in the stems of the languages with phrases. */
const contactTitles = ['contact', 'kontakt', 'contatt', 'contat'];
const contactToken = { surface: 'contact', stem: 'contact', isFunction: false, isUnspaced: false };

const ofQuestionTitles: ReadonlySet<Part> = new Set(['questionTitle', 'questionTitleGram']);

/** Turns a question and its history into the terms to look up, each once, with the turns that hold it. */
export function planQuery(analyzer: Analyzer, recipe: Recipe, input: PlanInput): QueryPlan {
  const languages = input.languages.slice(0, maxLanguages);
  const translate = (said: string) => input.translate?.(said, languages) ?? said;
  const question = translate(input.question);
  const turns = [
    ...input.history.map(({ role, text }) => ({ role, said: translate(text) })),
    { role: 'user', said: question },
  ];
  const language = siteLanguageOf(analyzer, question, languages);
  const hasQuestionTitles = input.hasQuestionTitles ?? true;
  const terms = new Map<string, PlannedTerm>();
  const compounds: PlannedCompound[] = [];
  let synonyms: SynonymMatch = { forms: new Map(), rewordings: [] };
  for (const [turn, { role, said }] of turns.entries()) {
    const text = transliterate(said, languages);
    const add: AddTerm = (part, forms, { surface, isFunction }, otherKeys = []) => {
      if (!hasQuestionTitles && ofQuestionTitles.has(part)) return;
      const { field } = recipe.parts[part];
      const id = `${part}:${forms[0] ?? ''}`;
      const known = terms.get(id);
      if (known !== undefined) {
        if (known.turns.at(-1) !== turn) known.turns.push(turn);
        known.keys = [...new Set([...known.keys, ...otherKeys])];
        return;
      }
      const keys = [...new Set([...forms.map((form) => termKey(field, form)), ...otherKeys])];
      terms.set(id, { part, form: surface, keys, isFunction, turns: [turn] });
    };
    const tokens = analyzer.analyze(text, language);
    const others = languages.filter((other) => other !== language);
    if (turn === turns.length - 1) compounds.push(...planCompounds(analyzer, tokens, languages, turn));
    synonyms = matchSynonyms(input.phrases ?? analyzer, tokens, input.synonyms ?? [], language);
    const variants = [[...tokens], ...others.map((other) => analyzer.analyze(text, other))];
    addTurn({ hasGrams: role === 'user', tokens, variants, synonyms }, add);
    // numbers and addresses stand on many pages; the one that is asked for stands where the title says so
    if (turn === turns.length - 1 && readReach(input.question) !== null)
      add('title', contactTitles, contactToken);
  }
  const all = [...terms.values()];
  return {
    terms: all,
    keys: [...new Set([...all.flatMap((term) => term.keys), ...compoundKeys(compounds)])],
    language,
    question: analyzer.analyze(question, language),
    turnCount: turns.length,
    compounds,
    rewordings: synonyms.rewordings,
    siteWording: question === input.question ? null : question,
  };
}

/** The weight of a part for a question in `language`. */
export function partWeight(recipe: Recipe, part: Part, language: string | null): number {
  if (part === 'gram' && !hasStemmer(language)) return recipe.gramWeightUnstemmed;
  return recipe.parts[part].weight;
}
