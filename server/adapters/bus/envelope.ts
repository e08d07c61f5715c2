import { z } from 'zod';
import { AppError, errorMessage } from '../../errors.ts';
import type { Logger } from '../../ports.ts';

/** NOTIFY takes 8,000 bytes; the rest is room for the envelope. The same for Redis, so that both behave alike. */
const maxMessageBytes = 7000;

const envelopeSchema = z.object({ channel: z.string(), message: z.unknown() });

/**
 * The text form of a message.
 * @throws AppError `too-large` above 7,000 bytes.
 */
export function encodeMessage(channel: string, message: unknown): string {
  const bytes = Buffer.byteLength(JSON.stringify(message) ?? '');
  if (bytes >= maxMessageBytes) {
    throw new AppError(
      'too-large',
      `A bus message may have ${maxMessageBytes} bytes; this one has ${bytes}.`,
    );
  }
  return JSON.stringify({ channel, message });
}

type Handler = (message: unknown) => void;

/** The subscriptions of one instance. */
export interface Subscriptions {
  add(channel: string, handler: Handler): () => void;
  /** Decodes and hands over; what cannot be read and what a handler throws is logged. */
  deliver(text: string): void;
}

export function createSubscriptions(logger: Logger): Subscriptions {
  const entries = new Map<string, Set<{ handler: Handler }>>();

  function handOver(channel: string, message: unknown): void {
    for (const { handler } of [...(entries.get(channel) ?? [])]) {
      try {
        handler(message);
      } catch (error) {
        logger.error('bus-handler-failed', { channel, reason: errorMessage(error) });
      }
    }
  }

  return {
    add(channel, handler) {
      const entry = { handler };
      const set = entries.get(channel) ?? new Set();
      entries.set(channel, set.add(entry));
      return () => {
        set.delete(entry);
        if (set.size === 0 && entries.get(channel) === set) entries.delete(channel);
      };
    },
    deliver(text) {
      try {
        const { channel, message } = envelopeSchema.parse(JSON.parse(text));
        handOver(channel, message);
      } catch (error) {
        logger.warn('bus-message-unreadable', { reason: errorMessage(error) });
      }
    },
  };
}
