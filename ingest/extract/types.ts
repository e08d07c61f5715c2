/** A piece of a document in reading order; `text` is what goes into the document's text. */
export interface Block {
  type: 'heading' | 'paragraph' | 'list' | 'table' | 'code';
  text: string;
  /** 1..6 for headings, 0 otherwise. */
  level: number;
  /** Fragment id that leads to a heading. */
  anchor: string | null;
  /** 1-based page of a paged document. */
  page: number | null;
}

/** What an extractor gives: the main content and what the page says about itself. */
export interface Extracted {
  title: string | null;
  /** ISO 639-1, as declared by the document. */
  declaredLanguage: string | null;
  blocks: Block[];
  /** Absolute http(s) addresses that the page links to, in order, without repeats. */
  links: string[];
  /** The address that the page calls its own. */
  canonical: string | null;
  /** Where the page sends its reader at once (`meta refresh`), an absolute address. */
  refresh: string | null;
  isNoindex: boolean;
  isNofollow: boolean;
  /** A login form, a bot check or an error notice (with a status that says 200) instead of the content. */
  wall: 'login' | 'challenge' | 'error' | null;
  /** Things the ledger should mention, in words. */
  notes: string[];
  /** Pages of a paged document that hold no text: scans, or nothing at all. */
  pagesWithoutText: number[];
}

/** An extraction without anything but blocks. */
export function extracted(blocks: Block[], overrides: Partial<Extracted> = {}): Extracted {
  return {
    title: null,
    declaredLanguage: null,
    blocks,
    links: [],
    canonical: null,
    refresh: null,
    isNoindex: false,
    isNofollow: false,
    wall: null,
    notes: [],
    pagesWithoutText: [],
    ...overrides,
  };
}

/** What the ledger says of an office file in which text was left out. */
export const hiddenNotes = (hasHidden: boolean): string[] =>
  hasHidden ? ['Text that nobody sees in the file was left out.'] : [];

/** A block with the fields that most blocks leave empty. */
export function block(type: Block['type'], text: string, overrides: Partial<Block> = {}): Block {
  return { type, text, level: 0, anchor: null, page: null, ...overrides };
}

/** Collapses white space to single spaces and trims. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** How many words a text has that spaces part; makes no array of them, since texts may have millions. */
export function spacedWords(text: string): number {
  let words = 0;
  let isInWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isSpace = code <= 32 || code === 0xa0;
    if (!isSpace && !isInWord) words += 1;
    isInWord = !isSpace;
  }
  return words;
}
