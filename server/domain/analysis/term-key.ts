/**
 * What a term is a term of. Passage fields: `body` (title, last heading and text), `pair` (adjacent content
 * words), `gram` (character 4-grams). Document fields: `title` and `titleGram`.
 */
export const fields = ['body', 'pair', 'gram', 'title', 'titleGram'] as const;
export type Field = (typeof fields)[number];

const fieldSeeds: Readonly<Record<Field, number>> = { body: 1, pair: 2, gram: 3, title: 4, titleGram: 5 };

/** Keys are whole numbers below 2^48, so they fit a double, an SQL bigint and six bytes. */
export const keyBits = 48;

/**
 * Hashes one field's term to a 48-bit key: two 32-bit multiply-xor hashes (FNV-1a and a variant) with a
 * murmur-style finish. Three million terms meet with a chance of some 1.6 % anywhere in the index; a clash
 * only adds the counts of two rare terms. The lowest bit tells document fields (1) from passage fields (0), so
 * that a merge knows what a posting list counts without knowing its term.
 */
export function termKey(field: Field, term: string, start = 0, end = term.length): number {
  let first = 0x811c9dc5 ^ fieldSeeds[field];
  let second = 0x9747b28c ^ (end - start);
  for (let index = start; index < end; index += 1) {
    const code = term.charCodeAt(index);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x5bd1e995);
    second ^= second >>> 13;
  }
  first = finish(first);
  second = finish(second ^ first);
  const low = (second >>> 16) & 0xfffe;
  return (first >>> 0) * 0x10000 + (isDocumentField(field) ? low | 1 : low);
}

function isDocumentField(field: Field): boolean {
  return field === 'title' || field === 'titleGram';
}

/** Whether a key's postings count documents rather than passages. */
export function isDocumentKey(key: number): boolean {
  return key % 2 === 1;
}

/** The 32-bit finaliser of MurmurHash3: every input bit reaches every output bit. */
function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
