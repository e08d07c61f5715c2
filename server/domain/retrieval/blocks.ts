import { keyBits } from '../analysis/term-key.ts';
import { encodeBlock } from './postings.ts';
import type { EncodedList } from './postings.ts';

/** Lists of more bytes than this get a row of their own, so that a block stays quick to read. */
const heavyBytes = 1024;

/** Bytes that a block should have, about: one page of PostgreSQL and no more. */
const blockBytes = 6 * 1024;

/** How many bits of the key number the blocks, so that blocks have about the wanted size. */
export function chooseBlockBits(totalBytes: number): number {
  return Math.max(1, Math.min(20, Math.ceil(Math.log2(Math.max(1, totalBytes / blockBytes)))));
}

/** The block that holds a key: its first bits. */
export function blockOf(key: number, blockBits: number): number {
  return blockBits === 0 ? 0 : Math.floor(key / 2 ** (keyBits - blockBits));
}

/** Row key of a list that has a row of its own, and back again. */
export function ownRowKey(key: number): number {
  return -1 - key;
}

/** Whether a list's place in a block only says that the list has a row of its own. */
export function isHeavy(range: { start: number; end: number }): boolean {
  return range.start === range.end;
}

export interface PackedBlock {
  /** Block number, or `ownRowKey` of a term. */
  key: number;
  data: Uint8Array;
}

const nothing = new Uint8Array(0);

/**
 * Packs lists, sorted by key, into the blocks `from` up to (not including) `to`. Every block is made, empty
 * ones too, so that a missing row always means that the segment is gone.
 */
export function packBlocks(
  lists: readonly EncodedList[],
  blockBits: number,
  from: number,
  to: number,
): PackedBlock[] {
  const light = new Map<number, EncodedList[]>();
  const packed: PackedBlock[] = [];
  for (let block = from; block < to; block += 1) light.set(block, []);
  for (const list of lists) {
    const isOwn = blockBits > 0 && list.bytes.length > heavyBytes;
    if (isOwn) packed.push({ key: ownRowKey(list.key), data: list.bytes });
    light.get(blockOf(list.key, blockBits))?.push(isOwn ? { key: list.key, bytes: nothing } : list);
  }
  for (const [key, own] of light) packed.push({ key, data: encodeBlock(own) });
  return packed;
}
