import type { Clock, Logger } from './ports.ts';
import { systemClock } from './system.ts';

/** From the most to the least talkative; `silent` writes nothing. */
export const logLevels = ['info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a log is written to; `process.stderr` is one. */
export interface LogStream {
  write(text: string): unknown;
}

/** Of errors only what is known to be harmless: drivers hang whole connections, passwords included, on theirs. */
function toLoggable(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const code = 'code' in value ? value.code : undefined;
    return { name, message, stack, code, cause };
  }
  return typeof value === 'bigint' ? String(value) : value;
}

/**
 * Writes one JSON line per event: `time` (ISO 8601), `level`, `event`, then the fields. Errors among the
 * fields keep message, stack and cause.
 */
export function createLogger(stream: LogStream, level: LogLevel, clock: Clock = systemClock): Logger {
  const threshold = logLevels.indexOf(level);

  function writer(lineLevel: LogLevel): Logger['info'] {
    if (logLevels.indexOf(lineLevel) < threshold) return () => {};
    return (event, fields = {}) => {
      const line = { time: new Date(clock.now()).toISOString(), level: lineLevel, event, ...fields };
      stream.write(`${JSON.stringify(line, toLoggable)}\n`);
    };
  }

  return { info: writer('info'), warn: writer('warn'), error: writer('error') };
}
