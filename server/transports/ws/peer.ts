import { AppError } from '../../errors.ts';
import type { FeedSink } from '../../services/log-feed.ts';
import type { closeReasons } from '../../protocol/version.ts';

export type CloseReason = (typeof closeReasons)[keyof typeof closeReasons];

/** Unsent bytes at which older text is no longer repeated into a connection. */
export const busyBytes = 256 * 1024;
/** Unsent bytes at which a reader counts as stopped. */
export const maxBacklogBytes = 1024 * 1024;

/** The other end of a connection, whatever carries its frames. */
export interface Peer extends FeedSink {
  /** For logs. */
  readonly id: string;
  /** Drops frames silently once closed. */
  send(frame: object): void;
  close(reason: CloseReason): void;
}

/** What a connection's owner does with it. */
export interface Link {
  /** One frame's text. */
  receive(text: string): void;
  /** Something that has no text but counts: a ping of the transport itself. */
  receiveControl(): void;
  /** The connection is gone, whoever ended it; called once. */
  closed(): void;
}

/** A failure as a client may see it; null when it is a fault of ours that only the log may name. */
export function clientError(
  error: unknown,
): { code: string; message: string; retryAfterMs: number | null } | null {
  if (!(error instanceof AppError) || error.code === 'internal') return null;
  const pauseMs = error.retryAfterMs ?? (error.code === 'unavailable' ? unavailableRetryMs : null);
  return { code: error.code, message: error.message, retryAfterMs: pauseMs };
}

/** When to offer a frame again that the database was not there for. */
const unavailableRetryMs = 1_500;
