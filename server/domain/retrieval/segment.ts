import { createByteReader, createByteWriter } from './bytes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Lengths in terms, by passage field; each array has one entry per passage. */
export interface PassageLengths {
  body: Uint32Array;
  pair: Uint32Array;
  gram: Uint32Array;
}

/**
 * What a segment knows of its passages and documents beside their terms. A segment never changes once
 * written; passages and documents are numbered from 0 within it, the passages of a document in a row.
 */
export interface SegmentInfo {
  /** Database id of each passage. */
  passageIds: Float64Array;
  /** Document ordinal of each passage. */
  documentOf: Uint32Array;
  lengths: PassageLengths;
  documents: DocumentInfo[];
}

export interface DocumentInfo {
  /** ISO 639-1, or null when unknown. */
  language: string | null;
  /** Title length in words and in 4-grams. */
  titleLength: number;
  titleGramLength: number;
  /** The title is a question, as in a list of frequent questions. */
  hasQuestionTitle: boolean;
  passageCount: number;
}

function writeDocument(writer: ByteWriter, document: DocumentInfo): void {
  const language = document.language ?? '';
  writer.varint(language.length);
  for (let index = 0; index < language.length; index += 1) writer.varint(language.charCodeAt(index));
  writer.varint(document.titleLength);
  writer.varint(document.titleGramLength);
  writer.varint(document.hasQuestionTitle ? 1 : 0);
  writer.varint(document.passageCount);
}

function readDocument(reader: ByteReader): DocumentInfo {
  const size = reader.varint();
  let language = '';
  for (let index = 0; index < size; index += 1) language += String.fromCharCode(reader.varint());
  return {
    language: language === '' ? null : language,
    titleLength: reader.varint(),
    titleGramLength: reader.varint(),
    hasQuestionTitle: reader.varint() === 1,
    passageCount: reader.varint(),
  };
}

/** Packs everything but the passage ids, which are known only when the passages are stored. */
export function encodeSegmentInfo(info: Omit<SegmentInfo, 'passageIds'>): Uint8Array {
  const writer = createByteWriter(info.documentOf.length * 8 + info.documents.length * 12);
  writer.varint(info.documents.length);
  for (const document of info.documents) writeDocument(writer, document);
  for (let index = 0; index < info.documentOf.length; index += 1) {
    writer.varint(info.lengths.body[index] ?? 0);
    writer.varint(info.lengths.pair[index] ?? 0);
    writer.varint(info.lengths.gram[index] ?? 0);
  }
  return writer.finish();
}

/** Passage ids as varints of the distance to the previous id; they may fall as well as rise. */
export function encodePassageIds(ids: ArrayLike<number>): Uint8Array {
  const writer = createByteWriter(ids.length * 2 + 8);
  let previous = 0;
  for (let index = 0; index < ids.length; index += 1) {
    const id = ids[index] ?? 0;
    const distance = id - previous;
    writer.varint(distance >= 0 ? distance * 2 : -distance * 2 - 1);
    previous = id;
  }
  return writer.finish();
}

/** The inverse of `encodePassageIds`. */
export function decodePassageIds(bytes: Uint8Array, count: number): Float64Array {
  const reader = createByteReader(bytes);
  const ids = new Float64Array(count);
  let previous = 0;
  for (let index = 0; index < count; index += 1) {
    const folded = reader.varint();
    previous += folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    ids[index] = previous;
  }
  return ids;
}

/** The inverse of `encodeSegmentInfo` and `encodePassageIds`. */
export function decodeSegmentInfo(info: Uint8Array, passageIds: Uint8Array): SegmentInfo {
  const reader = createByteReader(info);
  const documents = Array.from({ length: reader.varint() }, () => readDocument(reader));
  const count = documents.reduce((sum, document) => sum + document.passageCount, 0);
  const documentOf = new Uint32Array(count);
  let passage = 0;
  for (const [ordinal, document] of documents.entries()) {
    documentOf.fill(ordinal, passage, passage + document.passageCount);
    passage += document.passageCount;
  }
  const lengths = {
    body: new Uint32Array(count),
    pair: new Uint32Array(count),
    gram: new Uint32Array(count),
  };
  for (let index = 0; index < count; index += 1) {
    lengths.body[index] = reader.varint();
    lengths.pair[index] = reader.varint();
    lengths.gram[index] = reader.varint();
  }
  return { passageIds: decodePassageIds(passageIds, count), documentOf, lengths, documents };
}
