import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ada, attempt, conversationId, play } from '../../testing/conversation-events.ts';
import type { ConversationEvent } from '../entities.ts';
import { applyEvent, emptyThread, withoutLog } from './thread.ts';
import type { Viewer } from './thread.ts';
import { applyDelta, applyStep, removeStreaming, setLiveTurn } from './thread-live.ts';
import { addOutgoing, requeueOutgoing, setOutgoing } from './thread-outgoing.ts';
import type { Thread } from './types.ts';

const at = '2026-01-01T00:00:00.000Z';
const visitor: Viewer = { role: 'visitor' };
const viewers: Viewer[] = [visitor, { role: 'agent', agentId: ada.id }];
const logs = fc.array(attempt, { maxLength: 40 }).map(play);

const fold = (
  events: readonly ConversationEvent[],
  viewer: Viewer,
  start = emptyThread(conversationId),
): Thread => events.reduce((thread, event) => applyEvent(thread, event, viewer), start);

describe('the reducer', () => {
  test('RES-7 any first part plus a replay of the rest is what a fresh load gives', () => {
    fc.assert(
      fc.property(logs, fc.nat(100), fc.constantFrom(...viewers), ({ events }, cut, viewer) => {
        const at = cut % (events.length + 1);
        const resumed = fold(events.slice(at), viewer, fold(events.slice(0, at), viewer));
        expect(resumed).toEqual(fold(events, viewer));
      }),
    );
  });

  test('RES-7 the state is that of the server', () => {
    fc.assert(
      fc.property(logs, ({ events, statuses }) => {
        const thread = fold(events, visitor);
        const status = statuses.at(-1);
        if (status === undefined) return;
        expect(thread).toMatchObject({
          state: status.state,
          agentName: status.agentName,
          lastSeq: status.lastSeq,
        });
        expect(thread.turn?.turnId ?? null).toBe(status.turnId);
        expect([thread.seenSeq, thread.seenByOtherSeq]).toEqual([status.visitorSeenSeq, status.agentSeenSeq]);
      }),
    );
  });

  test('RES-5 an event that is there already changes nothing', () => {
    fc.assert(
      fc.property(logs, fc.nat(100), ({ events }, pick) => {
        const thread = fold(events, visitor);
        const again = events[pick % Math.max(events.length, 1)];
        if (again !== undefined) expect(applyEvent(thread, again, visitor)).toBe(thread);
      }),
    );
  });

  test('MSG-1 what was shown before its ack becomes the logged message under the same key, once', () => {
    fc.assert(
      fc.property(logs, ({ events }) => {
        const own = events.filter(
          ({ body }) => body.type === 'message-added' && body.author.role === 'visitor',
        );
        const optimistic = own.reduce((thread, { clientId, body }) => {
          if (clientId === null || body.type !== 'message-added') return thread;
          const entry = { clientId, conversationId, kind: 'message' as const, text: body.text, at };
          return addOutgoing(thread, entry, body.author);
        }, emptyThread(conversationId));
        expect(optimistic.entries).toHaveLength(own.length);
        expect(fold(events, visitor, optimistic)).toEqual(fold(events, visitor));
      }),
    );
  });

  test('keys are unique and logged entries stand in order', () => {
    fc.assert(
      fc.property(logs, fc.constantFrom(...viewers), ({ events }, viewer) => {
        const { entries } = fold(events, viewer);
        expect(new Set(entries.map((entry) => entry.key)).size).toBe(entries.length);
        const seqs = entries.map((entry) => entry.seq ?? 0);
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      }),
    );
  });
});

describe('an answer being written', () => {
  const turnId = '01900003-0000-7000-8000-000000000001';
  const begun = fold(
    [{ conversationId, seq: 1, at, clientId: null, body: { type: 'turn-started', turnId } }],
    visitor,
  );

  test('TRN-2 pieces in any cut, repeated or overlapping, give the text; a hole asks for a resume', () => {
    const whole = 'Déjà vu 👍 — it is on its way.';
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { maxLength: 40 }), (pieces) => {
        let thread = begun;
        let known = 0;
        for (const [offset, length] of pieces) {
          const start = offset % whole.length;
          const text = whole.slice(start, start + length);
          const next = applyDelta(thread, { turnId, offset: start, text }, at);
          expect(next === null).toBe(start > known);
          if (next === null) continue;
          thread = next;
          known = Math.max(known, start + text.length);
          const shown = thread.entries.at(-1);
          expect(shown?.kind === 'message' ? shown.text : '').toBe(whole.slice(0, known));
        }
      }),
    );
  });

  test('pieces of another turn are dropped', () => {
    expect(applyDelta(begun, { turnId: 'another', offset: 0, text: 'no' }, at)).toBe(begun);
    expect(setLiveTurn(begun, { turnId: 'another', text: 'no' }, at)).toBe(begun);
    expect(applyStep(begun, 'another', 'reading')).toBe(begun);
  });

  test('steps show until the first word; the end takes away what was not kept', () => {
    expect(applyStep(begun, turnId, 'reading').turn).toEqual({ turnId, step: 'reading' });
    const written = applyDelta(begun, { turnId, offset: 0, text: 'Hm' }, at) ?? begun;
    expect(written.turn?.step).toBe('writing');
    expect(removeStreaming(written, turnId)).toMatchObject({ turn: null, entries: [] });
  });
});

describe('own messages', () => {
  const entry = { clientId: 'c1', conversationId, kind: 'message' as const, text: 'Hi', at };
  const author = { role: 'visitor' as const, id: null, name: null };
  const statusOf = (thread: Thread) => {
    const last = thread.entries.at(-1);
    return last?.kind === 'message' ? last.outgoing : null;
  };

  test('go from queued to sent and back when the connection is lost; a snapshot keeps them', () => {
    const shown = addOutgoing(emptyThread(conversationId), entry, author);
    expect(statusOf(shown)?.status).toBe('queued');
    expect(addOutgoing(shown, entry, author)).toBe(shown);
    const sent = setOutgoing(shown, 'c1', 'sent');
    expect(statusOf(sent)?.status).toBe('sent');
    expect(statusOf(requeueOutgoing(sent))?.status).toBe('queued');
    expect(statusOf(setOutgoing(sent, 'c1', 'failed', 'Too long.'))).toEqual({
      status: 'failed',
      error: 'Too long.',
    });
    expect(withoutLog(sent).entries).toEqual(sent.entries);
    expect(setOutgoing(sent, 'unknown', 'failed')).toBe(sent);
  });
});
