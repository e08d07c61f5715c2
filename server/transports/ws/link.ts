import type { z } from 'zod';
import { errorMessage } from '../../errors.ts';
import type { Clock, Ids, Logger } from '../../ports.ts';
import { uuidSchema } from '../../protocol/entities.ts';
import { closeReasons, maxFrameBytes } from '../../protocol/version.ts';
import { createFrameQueue } from './frame-queue.ts';
import type { FrameQueue } from './frame-queue.ts';
import type { SenderLimits } from './keyed-limit.ts';
import type { Link, Peer } from './peer.ts';
import { createConnectionLimiter } from './rate-limit.ts';
import type { ConnectionLimiter, ConnectionLimits } from './rate-limit.ts';

/** A connection that has not said hello by then is closed. */
export const defaultHelloTimeoutMs = 5_000;

export interface LinkDeps {
  clock: Clock;
  ids: Ids;
  logger: Logger;
  helloTimeoutMs?: number;
  /** How long a command may take before its sender is told to try again. */
  answerTimeoutMs?: number;
  senderLimits: SenderLimits;
}

export interface LinkParts<Frame extends { type: string }> {
  schema: z.ZodType<Frame>;
  limits: ConnectionLimits;
  /** False once `hello` was accepted: only `hello` may come before. */
  isNew: () => boolean;
  handle: (frame: Frame, limiter: ConnectionLimiter) => Promise<void>;
  closed: () => void;
}

/** What visitors' and agents' connections have in common: parse, limit, order, time out, answer errors. */
export function createLink<Frame extends { type: string }>(
  peer: Peer,
  deps: LinkDeps,
  parts: LinkParts<Frame>,
): Link {
  return new FrameLink(peer, deps, parts);
}

/** A class and few closures: there are as many of these as connections. */
class FrameLink<Frame extends { type: string }> implements Link {
  readonly #peer: Peer;
  readonly #deps: LinkDeps;
  readonly #parts: LinkParts<Frame>;
  readonly #limiter: ConnectionLimiter;
  readonly #queue: FrameQueue;
  #helloTimer: NodeJS.Timeout | null;

  constructor(peer: Peer, deps: LinkDeps, parts: LinkParts<Frame>) {
    this.#peer = peer;
    this.#deps = deps;
    this.#parts = parts;
    this.#limiter = createConnectionLimiter(parts.limits);
    this.#queue = createFrameQueue((error) => this.#failed(error));
    const timeoutMs = deps.helloTimeoutMs ?? defaultHelloTimeoutMs;
    this.#helloTimer = setTimeout(() => peer.close(closeReasons.helloTimeout), timeoutMs);
  }

  receive(text: string): void {
    if (!this.#mayGo()) return;
    const raw = text.length > maxFrameBytes ? undefined : parseJson(text);
    const parsed = this.#parts.schema.safeParse(raw);
    if (!parsed.success) {
      if (!refuseByClientId(raw, this.#peer)) this.#peer.close(closeReasons.invalidFrame);
      return;
    }
    const frame = parsed.data;
    if (frame.type === 'pong') return;
    if (frame.type === 'ping') return this.#peer.send({ type: 'pong' });
    if (!this.#queue.push(() => this.#handle(frame))) this.#peer.close(closeReasons.rateLimited);
  }

  receiveControl(): void {
    this.#mayGo();
  }

  closed(): void {
    this.#stopHelloTimer();
    this.#queue.close();
    this.#parts.closed();
  }

  /** Counts what comes in; who goes over is cut off. */
  #mayGo(): boolean {
    const isTooMuch = this.#limiter.frames.take(this.#deps.clock.now()) > 0;
    if (isTooMuch) this.#peer.close(closeReasons.rateLimited);
    return !isTooMuch;
  }

  async #handle(frame: Frame): Promise<void> {
    const isHello = frame.type === 'hello';
    if (this.#parts.isNew() !== isHello) return this.#peer.close(closeReasons.invalidFrame);
    try {
      await this.#parts.handle(frame, this.#limiter);
    } catch (error) {
      // who was not let in, or only half, has to begin anew
      if (isHello) this.#peer.close(closeReasons.unavailable);
      throw error;
    }
    this.#stopHelloTimer();
  }

  #stopHelloTimer(): void {
    if (this.#helloTimer !== null) clearTimeout(this.#helloTimer);
    this.#helloTimer = null;
  }

  #failed(error: unknown): void {
    const { logger, ids } = this.#deps;
    logger.error('frame-failed', { peer: this.#peer.id, errorId: ids.uuid(), cause: errorMessage(error) });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message that breaks a rule (too long, say) is refused by its id, so that its sender can show why. */
function refuseByClientId(raw: unknown, peer: Peer): boolean {
  if (typeof raw !== 'object' || raw === null || !('clientId' in raw)) return false;
  const clientId = uuidSchema.safeParse(raw.clientId);
  if (!clientId.success) return false;
  const message = 'This message cannot be sent. It is empty, too long, or not in the agreed form.';
  peer.send({ type: 'nack', clientId: clientId.data, code: 'invalid-request', message, retryAfterMs: null });
  return true;
}
