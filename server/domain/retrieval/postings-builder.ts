import { createByteWriter } from './bytes.ts';
import { maxFrequency } from './postings.ts';

/** Gathers the posting lists of a segment in the making. */
export interface PostingsBuilder {
  /** Counts one occurrence. Ordinals of a key must not fall. */
  add(key: number, ordinal: number): void;
  /** All lists as one block, as `encodeBlock` packs them. */
  encode(): Uint8Array;
}

const none = -1;
const firstSize = 4096;

function grown<List extends Float64Array | Int32Array | Uint32Array>(list: List, into: List): List {
  into.set(list);
  return into;
}

/** Keys numbered in the order in which they come: a hash table without objects, at most half full. */
function createKeyTable() {
  let keys = new Float64Array(firstSize);
  let slots = new Int32Array(firstSize * 2).fill(none);
  let count = 0;

  function slotOf(key: number): number {
    const mask = slots.length - 1;
    // The upper half of a key is a good hash already; lists of neighbours in it must not meet.
    let slot = Math.imul(Math.floor(key / 0x10000), 0x9e3779b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (let number = slots[slot] ?? none; number !== none; number = slots[slot] ?? none) {
      if (keys[number] === key) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    keys = grown(keys, new Float64Array(keys.length * 2));
    slots = new Int32Array(slots.length * 2).fill(none);
    for (let number = 0; number < count; number += 1) slots[slotOf(keys[number] ?? 0)] = number;
  }

  return {
    /** The number of a key, a new one where it is seen for the first time. */
    number(key: number): number {
      let slot = slotOf(key);
      const known = slots[slot] ?? none;
      if (known !== none) return known;
      if (count === keys.length) {
        grow();
        slot = slotOf(key);
      }
      keys[count] = key;
      slots[slot] = count;
      count += 1;
      return count - 1;
    },
    /** All keys, rising. */
    sorted: () => keys.slice(0, count).sort(),
  };
}

/** Postings of all lists in the order in which they come, each pointing to the next of its list. */
function createChains() {
  let ordinals = new Uint32Array(firstSize);
  let counts = new Uint32Array(firstSize);
  let next = new Int32Array(firstSize);
  let used = 0;
  return {
    push(ordinal: number): number {
      if (used === ordinals.length) {
        ordinals = grown(ordinals, new Uint32Array(used * 2));
        counts = grown(counts, new Uint32Array(used * 2));
        next = grown(next, new Int32Array(used * 2));
      }
      ordinals[used] = ordinal;
      counts[used] = 1;
      next[used] = none;
      used += 1;
      return used - 1;
    },
    link(from: number, to: number): void {
      next[from] = to;
    },
    /** Counts one more at a posting, if it is of this ordinal. */
    countAgain(at: number, ordinal: number): boolean {
      if (ordinals[at] !== ordinal) return false;
      counts[at] = (counts[at] ?? 0) + 1;
      return true;
    },
    ordinal: (at: number) => ordinals[at] ?? 0,
    frequency: (at: number) => Math.min(counts[at] ?? 0, maxFrequency),
    next: (at: number) => next[at] ?? none,
  };
}

/** A builder that keeps numbers in flat arrays: an object per list made the garbage collector the busiest part. */
export function createPostingsBuilder(): PostingsBuilder {
  const table = createKeyTable();
  const chains = createChains();
  /** By number of a key: its first and last posting, and how many there are. */
  let heads = new Int32Array(firstSize);
  let tails = new Int32Array(firstSize);
  let lengths = new Uint32Array(firstSize);
  let known = 0;

  function begin(ordinal: number): void {
    if (known === heads.length) {
      heads = grown(heads, new Int32Array(known * 2));
      tails = grown(tails, new Int32Array(known * 2));
      lengths = grown(lengths, new Uint32Array(known * 2));
    }
    heads[known] = chains.push(ordinal);
    tails[known] = heads[known] ?? none;
    lengths[known] = 1;
    known += 1;
  }

  function encodeList(lists: ReturnType<typeof createByteWriter>, number: number): void {
    lists.varint(lengths[number] ?? 0);
    let previous = 0;
    for (let at = heads[number] ?? none; at !== none; at = chains.next(at)) {
      const ordinal = chains.ordinal(at);
      const frequency = chains.frequency(at);
      lists.varint((ordinal - previous) * 2 + (frequency > 1 ? 1 : 0));
      if (frequency > 1) lists.varint(frequency - 2);
      previous = ordinal;
    }
  }

  return {
    add(key, ordinal) {
      const number = table.number(key);
      if (number === known) {
        begin(ordinal);
        return;
      }
      const tail = tails[number] ?? none;
      if (chains.countAgain(tail, ordinal)) return;
      const at = chains.push(ordinal);
      chains.link(tail, at);
      tails[number] = at;
      lengths[number] = (lengths[number] ?? 0) + 1;
    },
    encode() {
      const keys = table.sorted();
      const block = createByteWriter(keys.length * 12 + 16);
      const lists = createByteWriter(keys.length * 4 + 16);
      block.varint(keys.length);
      for (const key of keys) block.key(key);
      for (const key of keys) {
        const start = lists.length;
        encodeList(lists, table.number(key));
        block.varint(lists.length - start);
      }
      block.bytes(lists.finish());
      return block.finish();
    },
  };
}
