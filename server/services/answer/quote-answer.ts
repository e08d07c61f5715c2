import type { Analyzer } from '../../domain/analysis/analyze.ts';
import { createMarkNumbering, toCitations } from '../../domain/citations.ts';
import type { RetrievedPassage } from '../../domain/knowledge.ts';
import { phrasesFor } from '../../domain/language-phrases.ts';
import { readAbsence } from '../../domain/quote/absent.ts';
import { wordedAlone, type QuestionWording } from '../../domain/quote/question-wording.ts';
import { quote, type Quote, type QuotePart } from '../../domain/quote/quote.ts';
import type { AnswerTask, Draft } from './draft.ts';

/** Passages that the built-in answerer reads. */
const passagesRead = 5;

/** Answers by quoting the pages word for word; null when they hold nothing to quote. */
export function quoteAnswer(analyzer: Analyzer, task: AnswerTask): Draft | null {
  const passages = task.passages.slice(0, passagesRead);
  const found = quoteBest(analyzer, task, passages);
  if (found === null) return null;
  const numbering = createMarkNumbering();
  const quoted = new Map<number, string>();
  const body = found.parts
    .map((part) => {
      const before = quoted.get(part.passageIndex);
      quoted.set(part.passageIndex, before === undefined ? part.text : `${before} … ${part.text}`);
      return renderPart(part, numbering.numberOf(part.passageIndex));
    })
    .reduce((text, next) => text + (next.startsWith('\n') || text.endsWith('\n') ? '' : ' ') + next);
  return {
    text: `${phrasesFor(task.language).quoteIntro}\n\n${body.trim()}`,
    citations: toCitations(passages, numbering.used(), (index) => quoted.get(index) ?? null),
    isQuoted: true,
    status: 'complete',
    support: found.support,
    penalties: { lacksKind: found.lacksKind, absent: readAbsence(analyzer, readAs(task), passages) },
    verdict: null,
    model: null,
    promptVersion: null,
    tokens: null,
  };
}

/** The question in the language in which it is compared with the pages. */
function readAs({ question, standaloneQuestion, siteWording, language }: AnswerTask): QuestionWording {
  return {
    put: question,
    own: siteWording ?? question,
    standalone: standaloneQuestion,
    language: siteWording === undefined ? language : 'en',
  };
}

/** The quotation that answers the question best as it was put or, as well, in the owner's other words. */
function quoteBest(
  analyzer: Analyzer,
  task: AnswerTask,
  passages: readonly RetrievedPassage[],
): Quote | null {
  const { rewordings = [] } = task;
  const asked = readAs(task);
  let best = quote(analyzer, asked, passages);
  for (const wording of rewordings) {
    const found = quote(analyzer, wordedAlone(wording, asked.language), passages);
    if (found !== null && (best === null || found.support > best.support)) best = found;
  }
  return best;
}

/** Lists and tables stand alone with the mark on the line after them, which Markdown needs. */
function renderPart({ text, layout }: QuotePart, number: number): string {
  if (layout === 'lines') return `\n\n${text}\n\n[${String(number)}]\n\n`;
  return `${text.replaceAll(/\s*\n\s*/gu, ' ')} [${String(number)}]`;
}

/** Cuts a finished text into the small pieces that a stream of it is made of. */
export function* toDeltas(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/\S+\s*|\s+/gu)) yield piece;
}
