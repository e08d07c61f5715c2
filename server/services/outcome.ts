import { refusalText } from '../domain/conversation-fold.ts';
import type { Appended } from './conversation-log.ts';

/** What a client is told of its command: the event's number, or why not. */
export type Outcome = { ok: true; seq: number } | { ok: false; code: string; message: string };

/** An append as its sender is told of it. */
export function outcomeOf(appended: Appended): Outcome {
  if (appended.kind !== 'refused') return { ok: true, seq: appended.seq };
  return { ok: false, code: appended.refusal, message: refusalText(appended.refusal) };
}
