import type { z } from 'zod';
import { errorMessage } from '../../errors.ts';
import type { Clock, Ids, Logger } from '../../ports.ts';
import { uuidSchema } from '../../protocol/entities.ts';
import { closeReasons, maxFrameBytes } from '../../protocol/version.ts';
import type { Outcome } from '../../services/outcome.ts';
import { createFrameQueue } from './frame-queue.ts';
import type { MessageLimit, Sender } from './keyed-limit.ts';
import { clientError } from './peer.ts';
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
  messageLimit: MessageLimit;
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
  const limiter = createConnectionLimiter(parts.limits);
  const queue = createFrameQueue((error) => {
    deps.logger.error('frame-failed', {
      peer: peer.id,
      errorId: deps.ids.uuid(),
      cause: errorMessage(error),
    });
  });
  const helloTimer = setTimeout(() => {
    if (parts.isNew()) peer.close(closeReasons.helloTimeout);
  }, deps.helloTimeoutMs ?? defaultHelloTimeoutMs);

  function receive(text: string): void {
    if (limiter.frames.take(deps.clock.now()) > 0) return peer.close(closeReasons.rateLimited);
    const raw = text.length > maxFrameBytes ? undefined : parseJson(text);
    const parsed = parts.schema.safeParse(raw);
    if (!parsed.success) {
      if (!refuseByClientId(raw, peer)) peer.close(closeReasons.invalidFrame);
      return;
    }
    const frame = parsed.data;
    if (frame.type === 'pong') return;
    if (frame.type === 'ping') return peer.send({ type: 'pong' });
    if (!queue.push(() => handleOrdered(frame))) peer.close(closeReasons.rateLimited);
  }

  async function handleOrdered(frame: Frame): Promise<void> {
    if (parts.isNew() !== (frame.type === 'hello')) return peer.close(closeReasons.invalidFrame);
    await parts.handle(frame, limiter);
  }

  return {
    receive,
    closed() {
      clearTimeout(helloTimer);
      queue.close();
      parts.closed();
    },
  };
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

interface Command {
  clientId: string;
  conversationId: string;
}

/** Runs what a client wants done and answers with exactly one `ack` or `nack`. */
export async function answerCommand(
  peer: Peer,
  deps: LinkDeps,
  sender: Sender,
  { clientId, conversationId }: Command,
  run: () => Promise<Outcome>,
): Promise<void> {
  const refuse = (code: string, message: string, retryAfterMs: number | null): void =>
    peer.send({ type: 'nack', clientId, code, message, retryAfterMs });
  const waitMs = deps.messageLimit(sender, deps.clock.now());
  if (waitMs > 0) return refuse('rate-limited', 'That was too fast. It is sent again in a moment.', waitMs);
  try {
    const outcome = await run();
    if (outcome.ok) peer.send({ type: 'ack', clientId, conversationId, seq: outcome.seq });
    else refuse(outcome.code, outcome.message, null);
  } catch (error) {
    const known = clientError(error);
    if (known !== null) return refuse(known.code, known.message, known.retryAfterMs);
    const errorId = deps.ids.uuid();
    deps.logger.error('command-failed', { peer: peer.id, errorId, cause: errorMessage(error) });
    refuse('internal', `Something went wrong on our side (${errorId}).`, null);
  }
}

/** Runs what has no ack; failures become an `error` frame, refusals are not worth one. */
export async function answerQuietly(
  peer: Peer,
  deps: LinkDeps,
  conversationId: string,
  run: () => Promise<unknown>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const known = clientError(error);
    const errorId = deps.ids.uuid();
    if (known === null)
      deps.logger.error('frame-failed', { peer: peer.id, errorId, cause: errorMessage(error) });
    const { code, message } = known ?? {
      code: 'internal',
      message: `Something went wrong on our side (${errorId}).`,
    };
    peer.send({ type: 'error', code, message, conversationId });
  }
}
