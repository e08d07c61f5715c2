import fc from 'fast-check';
import { encodeRawFrame } from './raw-tcp.ts';
import type { RawFrameParts } from './raw-tcp.ts';

/** One text frame. */
export function textFrame(
  payload: Buffer | string,
  more: Omit<RawFrameParts, 'opcode' | 'payload'> = {},
): Buffer {
  return encodeRawFrame({ opcode: 1, payload, ...more });
}

/** Some frames of a visitor that are right. */
function validFrames(): Buffer {
  const conversationId = '01900000-0000-7000-8000-00000000000b';
  return Buffer.concat([
    textFrame(JSON.stringify({ type: 'resume', conversationId, epoch: null, after: 0 })),
    textFrame(JSON.stringify({ type: 'typing-set', conversationId, isTyping: true })),
    encodeRawFrame({ opcode: 9, payload: 'ping' }),
    textFrame('{"type":"pi', { isFinal: false }),
    encodeRawFrame({ opcode: 0, payload: 'ng"}' }),
  ]);
}

interface Change {
  kind: 'set' | 'drop' | 'repeat' | 'cut';
  /** Where, as a share of the whole. */
  at: number;
  byte: number;
}

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'set', 'set', 'drop', 'repeat', 'cut'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Right frames with some bytes changed, dropped, repeated or cut off; the same for the same seed. */
export function mutatedFrames({ seed, count }: { seed: number; count: number }): Buffer[] {
  return fc.sample(changes, { seed, numRuns: count }).map((some) => some.reduce(mutate, validFrames()));
}

function mutate(bytes: Buffer, { kind, at, byte }: Change): Buffer {
  const index = Math.min(bytes.length - 1, Math.floor(at * bytes.length));
  switch (kind) {
    case 'set':
      return Buffer.concat([bytes.subarray(0, index), Buffer.from([byte]), bytes.subarray(index + 1)]);
    case 'drop':
      return Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1)]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, index), bytes.subarray(Math.max(0, index - 20))]);
    case 'cut':
      return bytes.subarray(0, Math.max(1, index));
  }
}
