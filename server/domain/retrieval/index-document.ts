import type { Analyzer, Token } from '../analysis/analyze.ts';
import { visitTokenGrams } from '../analysis/grams.ts';
import { pairOf } from '../analysis/pair.ts';
import { termKey } from '../analysis/term-key.ts';
import type { Field } from '../analysis/term-key.ts';
import { isQuestion } from '../analysis/question.ts';
import { createPostingsBuilder } from './postings-builder.ts';
import type { PostingsBuilder } from './postings-builder.ts';
import type { DocumentInfo, SegmentInfo } from './segment.ts';

/** What the index reads of a document. */
export interface IndexableDocument {
  title: string;
  language: string | null;
  /** Other ways to ask for it, written by the owner: found like the title, never shown. */
  aliases?: readonly string[];
  /** `aliases` are ways to ask for the passage alone: its words, but not the title's. */
  passages: readonly { text: string; headingPath: readonly string[]; aliases?: readonly string[] }[];
}

/** Documents as one segment, without the passage ids. */
export interface IndexedDocument {
  info: Omit<SegmentInfo, 'passageIds'>;
  /** Every posting list in one block. */
  block: Uint8Array;
}

/** Words that would fill the whole index with one passage's noise are cut at this length, in UTF-16 units. */
const maxTermLength = 64;

function isIndexable(token: Token): boolean {
  return token.surface.length <= maxTermLength;
}

function addWords(builder: PostingsBuilder, field: Field, tokens: readonly Token[], ordinal: number): number {
  for (const token of tokens) {
    if (isIndexable(token)) builder.add(termKey(field, token.stem), ordinal);
  }
  return tokens.length;
}

function addPairs(builder: PostingsBuilder, tokens: readonly Token[], ordinal: number): number {
  const content = tokens.filter((token) => !token.isFunction && isIndexable(token));
  for (let index = 1; index < content.length; index += 1) {
    const pair = pairOf(content[index - 1]?.stem ?? '', content[index]?.stem ?? '');
    builder.add(termKey('pair', pair), ordinal);
  }
  return Math.max(0, content.length - 1);
}

function addGrams(builder: PostingsBuilder, field: Field, tokens: readonly Token[], ordinal: number): number {
  let count = 0;
  for (const token of tokens) {
    if (token.isFunction || !isIndexable(token)) continue;
    visitTokenGrams(token, (text, start, end) => {
      builder.add(termKey(field, text, start, end), ordinal);
      count += 1;
    });
  }
  return count;
}

/** Owner's wordings count as words of the title, but do not make it longer: many must not weaken each other. */
interface TitleTokens {
  title: readonly Token[];
  aliases: readonly (readonly Token[])[];
}

function indexPassage(
  builder: PostingsBuilder,
  { title, aliases }: TitleTokens,
  rest: readonly Token[],
  ordinal: number,
): { body: number; pair: number; gram: number } {
  const tokens = [...title, ...rest];
  for (const alias of aliases) {
    addWords(builder, 'body', alias, ordinal);
    addPairs(builder, alias, ordinal);
    addGrams(builder, 'gram', alias, ordinal);
  }
  return {
    body: addWords(builder, 'body', tokens, ordinal),
    pair: addPairs(builder, tokens, ordinal),
    gram: addGrams(builder, 'gram', tokens, ordinal),
  };
}

type Lengths = SegmentInfo['lengths'];

interface Segment {
  builder: PostingsBuilder;
  lengths: Lengths;
}

/** Adds a document as number `place` of a segment, its passages from `first` on. */
function addDocument(
  analyzer: Analyzer,
  { builder, lengths }: Segment,
  document: IndexableDocument,
  { place, first }: { place: number; first: number },
): DocumentInfo {
  const { language } = document;
  const wordings = document.aliases ?? [];
  const title = analyzer.analyze(document.title, language);
  const aliases = wordings.map((alias) => analyzer.analyze(alias, language));
  for (const [number, passage] of document.passages.entries()) {
    const ordinal = first + number;
    const heading = passage.headingPath.at(-1) ?? '';
    const context = heading === document.title ? [] : analyzer.analyze(heading, language);
    const rest = [...context, ...analyzer.analyze(passage.text, language)];
    const asked = (passage.aliases ?? []).map((alias) => analyzer.analyze(alias, language));
    const own = indexPassage(builder, { title, aliases: [...aliases, ...asked] }, rest, ordinal);
    lengths.body[ordinal] = own.body;
    lengths.pair[ordinal] = own.pair;
    lengths.gram[ordinal] = own.gram;
  }
  for (const alias of aliases) {
    addWords(builder, 'title', alias, place);
    addGrams(builder, 'titleGram', alias, place);
  }
  return {
    language,
    titleLength: addWords(builder, 'title', title, place),
    titleGramLength: addGrams(builder, 'titleGram', title, place),
    hasQuestionTitle: [document.title, ...wordings].some((text) => isQuestion(text, language)),
    passageCount: document.passages.length,
  };
}

/**
 * Turns documents into one segment. A passage's body is the document's title, the last heading above the passage,
 * and its text; the title and its 4-grams are also fields of the document.
 */
export function indexDocuments(analyzer: Analyzer, documents: readonly IndexableDocument[]): IndexedDocument {
  const count = documents.reduce((sum, document) => sum + document.passages.length, 0);
  const builder = createPostingsBuilder();
  const lengths: Lengths = {
    body: new Uint32Array(count),
    pair: new Uint32Array(count),
    gram: new Uint32Array(count),
  };
  const documentOf = new Uint32Array(count);
  let first = 0;
  const infos = documents.map((document, place) => {
    const info = addDocument(analyzer, { builder, lengths }, document, { place, first });
    documentOf.fill(place, first, first + info.passageCount);
    first += info.passageCount;
    return info;
  });
  return { info: { documentOf, lengths, documents: infos }, block: builder.encode() };
}

/** Turns one document into a segment of its own. */
export function indexDocument(analyzer: Analyzer, document: IndexableDocument): IndexedDocument {
  return indexDocuments(analyzer, [document]);
}
