import { AppError, errorMessage } from '../../errors.ts';
import type { Outcome } from '../../services/outcome.ts';
import type { Sender } from './keyed-limit.ts';
import type { LinkDeps } from './link.ts';
import { clientError } from './peer.ts';
import type { Peer } from './peer.ts';
import type { ConnectionLimiter } from './rate-limit.ts';

/** Nobody waits longer for an answer, whatever the database does (case F3). */
const defaultAnswerTimeoutMs = 1_800;

interface Command {
  clientId: string;
  conversationId: string;
}

/**
 * Runs what a client wants done and answers with exactly one `ack` or `nack`. What takes too long is refused for the
 * moment and goes on; the client's repeat gets what became of it.
 */
export async function answerCommand(
  peer: Peer,
  deps: LinkDeps,
  sender: Sender,
  { clientId, conversationId }: Command,
  run: () => Promise<Outcome>,
): Promise<void> {
  const refuse = (code: string, message: string, retryAfterMs: number | null): void =>
    peer.send({ type: 'nack', clientId, code, message, retryAfterMs });
  const waitMs = deps.senderLimits.message(sender, deps.clock.now());
  if (waitMs > 0) return refuse('rate-limited', 'That was too fast. It is sent again in a moment.', waitMs);
  try {
    const outcome = await inTime(run(), deps.answerTimeoutMs ?? defaultAnswerTimeoutMs);
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

/** @throws AppError `unavailable` when it takes longer; what becomes of it then is told to its sender's repeat. */
async function inTime<Value>(running: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const tooLate = (): void =>
      reject(new AppError('unavailable', 'This takes longer than usual. It is sent again in a moment.'));
    timer = setTimeout(tooLate, timeoutMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
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

/** What a connection asks for, and on whose account. */
export interface Asking {
  limiter: ConnectionLimiter;
  sender: Sender;
}

/** @throws AppError `rate-limited` when logs are asked for too often. */
export function limitResume({ limiter, sender }: Asking, { clock, senderLimits }: LinkDeps): void {
  const nowMs = clock.now();
  const waitMs = limiter.resumes.take(nowMs) || senderLimits.resume(sender, nowMs);
  if (waitMs > 0) {
    throw new AppError('rate-limited', 'That was asked for too often.', { retryAfterMs: waitMs });
  }
}

/** Runs what may be dropped when it comes too often. */
export async function answerSignal(
  peer: Peer,
  deps: LinkDeps,
  { limiter, sender }: Asking,
  conversationId: string,
  run: () => Promise<unknown>,
): Promise<void> {
  const nowMs = deps.clock.now();
  if (limiter.signals.take(nowMs) > 0 || deps.senderLimits.signal(sender, nowMs) > 0) return;
  await answerQuietly(peer, deps, conversationId, run);
}
