import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from './ports.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Bytes 6 and 7 carry the counter, of which 12 bits fit. */
const counterLimit = 0x1000;

/**
 * UUIDv7 with a 12-bit counter, so that ids made in one millisecond keep their order (RFC 9562, section 6.2,
 * method 1); the counter begins at random in its lower half. `random` gives that many random bytes.
 */
export function createIds(clock: Clock, random: (bytes: number) => Uint8Array = randomBytes): Ids {
  let lastMs = 0;
  let counter = 0;

  function advance(): void {
    const nowMs = clock.now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = Buffer.from(random(2)).readUInt16BE() % (counterLimit / 2);
      return;
    }
    counter += 1;
    if (counter < counterLimit) return;
    counter = 0;
    lastMs += 1;
  }

  return {
    uuid() {
      advance();
      const bytes = Buffer.alloc(16);
      bytes.writeUIntBE(lastMs, 0, 6);
      bytes.writeUInt16BE(0x7000 | counter, 6);
      bytes.set(random(8), 8);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      const hex = bytes.toString('hex');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      );
    },
    secret: (bytes) => Buffer.from(random(bytes)).toString('base64url'),
  };
}

/** Ids from the machine's clock and its cryptographic random source. */
export const systemIds: Ids = createIds(systemClock);
