/**
 * A fresh UUIDv7 (RFC 9562, section 5.7): 48 bits of `nowMs`, version, 74 random bits. Ids made later sort
 * later, which keeps the database's index of client ids compact.
 */
export function uuidV7(nowMs: number, fill: (bytes: Uint8Array<ArrayBuffer>) => void = fillRandom): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  for (let index = 0; index < 6; index += 1) {
    bytes[index] = Math.floor(nowMs / 2 ** (8 * (5 - index))) % 256;
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Makes ids that sort in the order in which they were made, within a millisecond and over a clock that is set back. */
export function createIds(now: () => number): () => string {
  let last = 0;
  return () => uuidV7((last = Math.max(last + 1, now())));
}

function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  crypto.getRandomValues(bytes);
}
