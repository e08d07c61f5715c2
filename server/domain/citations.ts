import type { RetrievedPassage } from './knowledge.ts';
import type { Citation } from '../protocol/entities.ts';

/** `[1]`, `[1, 2]`, `[1,2,3]`; not `[1](link)`. */
export const markPattern = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?!\()/gu;

/** Gives passages their visible numbers in order of first use, and knows which were used. */
export interface MarkNumbering {
  /** The visible number of the passage at `index` (from 0). */
  numberOf(index: number): number;
  /** Indexes of the passages used so far, in order of their numbers. */
  used(): readonly number[];
}

export function createMarkNumbering(): MarkNumbering {
  const order: number[] = [];
  return {
    numberOf(index) {
      const at = order.indexOf(index);
      if (at !== -1) return at + 1;
      order.push(index);
      return order.length;
    },
    used: () => order,
  };
}

/** The passages (from 0) that the marks of `text` name; numbers beyond `count` name none. */
export function citedIndexes(text: string, count: number): number[] {
  const indexes = new Set<number>();
  for (const [, numbers] of text.matchAll(markPattern)) {
    for (const number of numbers?.split(',') ?? []) {
      const index = Number(number) - 1;
      if (index >= 0 && index < count) indexes.add(index);
    }
  }
  return [...indexes];
}

/** Replaces the model's marks by visible ones; marks that name no passage are dropped with the space before. */
export function renumberMarks(text: string, count: number, numbering: MarkNumbering): string {
  return text.replaceAll(
    /(\s*)\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?!\()/gu,
    (_match, space: string, list: string) => {
      const marks = list
        .split(',')
        .map((number) => Number(number) - 1)
        .filter((index) => index >= 0 && index < count)
        .map((index) => `[${String(numbering.numberOf(index))}]`);
      return marks.length === 0 ? '' : space + marks.join('');
    },
  );
}

/** Longest quotation stored with a citation, in characters. */
const maxQuote = 400;

/** The citations behind an answer's marks. `quoteOf` gives the words that were used, else the passage's start. */
export function toCitations(
  passages: readonly RetrievedPassage[],
  used: readonly number[],
  quoteOf: (index: number) => string | null,
): Citation[] {
  return used.flatMap((index, place) => {
    const passage = passages[index];
    return passage === undefined ? [] : [toCitation(passage, place + 1, quoteOf(index) ?? passage.text)];
  });
}

type Place = Pick<RetrievedPassage, 'externalId' | 'title' | 'url' | 'anchor' | 'page'>;

/** One citation: the place under its visible number, with the words that were used of it. */
export function toCitation(place: Place, marker: number, quote: string): Citation {
  const { externalId: documentId, title, page } = place;
  return { marker, documentId, title, url: addressOf(place), quote: cut(quote), page };
}

/** The page's address, at the heading or page that the passage stands under. */
function addressOf({ url, anchor, page }: Place): string | null {
  if (url === null || url.includes('#')) return url;
  if (anchor !== null) return `${url}#${encodeURIComponent(anchor)}`;
  return page === null ? url : `${url}#page=${String(page)}`;
}

/** A citation's title in text; with its page where no address leads there. */
export function citedTitle({ title, url, page }: Pick<Citation, 'title' | 'url' | 'page'>): string {
  return url === null && typeof page === 'number' ? `${title}, page ${String(page)}` : title;
}

function cut(text: string): string {
  if (text.length <= maxQuote) return text;
  const space = text.lastIndexOf(' ', maxQuote);
  return `${text.slice(0, space > maxQuote / 2 ? space : maxQuote)}…`;
}
