import { readSentences } from './quote/blocks.ts';
import { renumberMarks, type MarkNumbering } from './citations.ts';
import type { Finding, SentenceCheck, SupportChecker } from './citations-support.ts';

/** What came of the sentences of a streamed answer. */
export interface GuardReport {
  checks: readonly SentenceCheck[];
  /** Sentences with a finding, the newest last. */
  caught: readonly CaughtSentence[];
}

/** A sentence that the pages do not bear out, as the model wrote it. */
export interface CaughtSentence {
  text: string;
  findings: readonly Finding[];
  /** Kept from the visitor; else it only lowers the confidence. */
  isLeftOut: boolean;
}

export interface StreamGuard {
  /** Takes what the model wrote; gives what may be shown now, possibly nothing. */
  push(text: string): string;
  /** The rest, after the model has ended. */
  end(): string;
  report(): GuardReport;
}

/** Signs that a sentence may hold an invented fact: it is shown only after it has been checked whole. */
const riskPattern =
  /\d|[€$£¥₹%@<[]|:\/\/|www\.|(?:^|[^\p{L}])(?:i|we|i'll|we'll|i've|ich|wir|je|j'|nous|yo|voy|vou|vado|ik|wij|garantizamos|garantiamo|garantimos)(?:$|[^\p{L}])/iu;
/** Longer than any sign of risk or open citation mark. */
const longestSign = 24;
const markAtEnd = /\s*\[[\d\s,]*$|\s*!$/u;
const endMark = /[.!?。！？…\n]/u;
const sentenceEnd = /[.!?。！？…]["'”’)\]]*(?:\s*\[[\d\s,]+\])*\s+|\n+/gu;
/** These findings take a sentence out of the answer; unsupported words only lower the confidence. */
const dropping: ReadonlySet<Finding> = new Set(['number', 'link', 'phone', 'promise']);

/**
 * Stands between the model's stream and the visitor. Harmless text passes as it comes; from the first sign of a
 * number, price, link, address or promise on, the sentence is held until it is whole and checked. When the pages do
 * not bear it out it is left out: all of it, or behind an ellipsis what had not been shown. Marks are renumbered, images and foreign links lose their address.
 */
export function createStreamGuard(
  checker: SupportChecker,
  passageCount: number,
  numbering: MarkNumbering,
): StreamGuard {
  let sentence = '';
  /** How much of `sentence` has been shown. */
  let shown = 0;
  const risk = createRiskWatch();
  let hasOutput = false;
  const checks: SentenceCheck[] = [];
  const caught: CaughtSentence[] = [];

  const render = (text: string) => renumberMarks(defuseLinks(text, checker), passageCount, numbering);

  const closeSentence = (): string => {
    const rest = sentence.slice(shown);
    const check = sentence.trim() === '' ? null : checker.check(sentence);
    const findings = check?.findings ?? [];
    const isLeftOut = findings.some((finding) => dropping.has(finding));
    if (check !== null) checks.push(check);
    if (findings.length > 0) caught.push({ text: sentence.trim(), findings, isLeftOut });
    const wasShown = shown > 0;
    sentence = '';
    shown = 0;
    risk.reset();
    if (!isLeftOut) return render(rest);
    // the harmless beginning has been seen already: an ellipsis stands for what is left out
    const space = rest.slice(rest.trimEnd().length);
    if (wasShown) return `…${space}`;
    return space.includes('\n') && hasOutput ? '\n' : '';
  };

  /** Shows what is harmless of an unfinished sentence: whole words, no open mark, no sign of risk. */
  const showSafe = (): string => {
    if (risk.isIn(sentence)) return '';
    const upTo = wholeWords(sentence);
    if (upTo <= shown) return '';
    const piece = sentence.slice(shown, upTo);
    shown = upTo;
    return render(piece);
  };

  const tidy = createTidy();

  const show = (closed = ''): string => {
    const output = tidy(closed + showSafe());
    hasOutput ||= output !== '';
    return output;
  };

  const push = (text: string): string => {
    let output = '';
    sentence += text;
    if (!endMark.test(sentence)) return show();
    for (let cut = findEnd(sentence); cut !== -1; cut = findEnd(sentence)) {
      const rest = sentence.slice(cut);
      sentence = sentence.slice(0, cut);
      output += closeSentence();
      sentence = rest;
    }
    return show(output);
  };
  return {
    push,
    end: () => tidy(closeSentence()),
    report: () => ({ checks, caught }),
  };
}

/** How far a text goes without its last, perhaps unfinished word and without an open mark at its end. */
function wholeWords(text: string): number {
  const words = text.length - 1 - lengthOfLastWord(text);
  const canBeOpen = text.endsWith('!') || text.includes('[');
  const open = canBeOpen ? text.search(markAtEnd) : -1;
  return open === -1 ? words : Math.min(words, open);
}

/** Counted from the end: a search from the beginning would read the whole sentence for every token. */
function lengthOfLastWord(text: string): number {
  let length = 0;
  while (length < text.length && !/\s/u.test(text.charAt(text.length - 1 - length))) length += 1;
  return length;
}

/** Looks for signs of risk in a growing sentence; only at what is new, so that long ones cost no more. */
function createRiskWatch() {
  let safeUpTo = 0;
  let hasRisk = false;
  return {
    isIn(sentence: string): boolean {
      hasRisk ||= riskPattern.test(strip(sentence.slice(safeUpTo)));
      safeUpTo = Math.max(safeUpTo, sentence.lastIndexOf(' ', sentence.length - longestSign));
      return hasRisk;
    },
    reset(): void {
      safeUpTo = 0;
      hasRisk = false;
    },
  };
}

/** Keeps back the space at the end of each piece until something follows that it parts from. */
function createTidy(): (piece: string) => string {
  let space = '';
  return (piece) => {
    const full = space + piece;
    const body = full.trimEnd();
    space = full.slice(body.length);
    return body;
  };
}

/** Where the first sentence ends for certain: an end mark, its marks, a space, and the begin of the next. */
function findEnd(text: string): number {
  for (const match of text.matchAll(sentenceEnd)) {
    const end = match.index + match[0].length;
    if (match[0].includes('\n')) return end;
    if (end >= text.length) return -1;
    const next = text.charAt(end);
    if (next === '[') continue;
    const isOne = readSentences(text, { start: 0, end: Math.min(text.length, end + 1) }).length > 1;
    if (isOne) return end;
  }
  return -1;
}

/** Text without citation marks, whose digits are no risk. */
function strip(text: string): string {
  return text.replaceAll(/\[[\d\s,]*(?:\](?!\()|$)/gu, ' ').replaceAll('’', "'");
}

/** Images become their text; links to hosts that may not be linked become their text too. */
function defuseLinks(text: string, checker: SupportChecker): string {
  // every link, image and tag begins with one of these, and most pieces of a stream have none
  if (!/[[<]/u.test(text)) return text;
  return text
    .replaceAll(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?/gu, '$1')
    .replaceAll(/\[([^\]]+)\]\(([^)\s]*)[^)]*\)/gu, (whole, label: string, url: string) =>
      checker.allowsLink(url) ? whole : label,
    )
    .replaceAll(/^\s*\[[^\]]+\]:\s*\S+.*$/gmu, '')
    .replaceAll(/<\/?[a-z][^>]*>/giu, '');
}
