import type { Clock, Embedder, Ids, Logger } from '../ports.ts';
import type { Embedders } from '../services/embedders.ts';

/** A clock that stands still until told otherwise. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
  set(ms: number): void;
}

export function fakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    set: (ms) => {
      nowMs = ms;
    },
  };
}

/** Valid UUIDv7s that count up from 1, and secrets that do too: the same in every run. */
export function sequentialIds(): Ids {
  let last = 0;
  return {
    uuid() {
      last += 1;
      return `01900000-0000-7000-8000-${String(last).padStart(12, '0')}`;
    },
    secret(bytes) {
      last += 1;
      const buffer = Buffer.alloc(bytes);
      buffer.write(String(last));
      return buffer.toString('base64url');
    },
  };
}

/** Says nothing. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

export interface RecordedLine {
  level: 'info' | 'warn' | 'error';
  event: string;
  fields: Readonly<Record<string, unknown>>;
}

/** Keeps every line, for tests that look at what was logged. */
export function recordingLogger(): Logger & { lines: RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const keep =
    (level: RecordedLine['level']): Logger['info'] =>
    (event, fields = {}) => {
      lines.push({ level, event, fields });
    };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** For search: every site's vectors are those of one embedder. */
export function serveWith(embedder: Embedder): Pick<Embedders, 'serving'> {
  return { serving: () => Promise.resolve(embedder) };
}
