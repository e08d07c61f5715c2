import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ada, attempt, bo, play, toCommand } from '../testing/conversation-events.ts';
import { decide, newConversation } from './conversation.ts';
import { refusalText } from './conversation-fold.ts';
import { previewOf, visitorView } from './conversation-view.ts';

const logs = fc.array(attempt, { maxLength: 40 }).map(play);

describe('the log of any conversation', () => {
  test('MSG-4 numbers its events from 1 without gaps', () => {
    fc.assert(
      fc.property(logs, ({ events }) => {
        expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
      }),
    );
  });

  test('TRN-4 has no message of the AI between a takeover and the return', () => {
    fc.assert(
      fc.property(logs, ({ events, statuses }) => {
        events.forEach(({ body }, index) => {
          if (body.type !== 'message-added' || body.author.role !== 'ai') return;
          expect(statuses[index]?.state).toBe('ai');
        });
      }),
    );
  });

  test('a turn is under way only in state ai, a person is named only in state human', () => {
    fc.assert(
      fc.property(logs, ({ statuses }) => {
        for (const status of statuses) {
          // within one command the handoff follows the end of the turn
          if (status.turnId !== null) expect(status.state).toBe('ai');
          expect(status.agentId !== null).toBe(status.state === 'human');
        }
      }),
    );
  });

  test('every turn that begins ends once, or is the current one', () => {
    fc.assert(
      fc.property(logs, ({ events, statuses }) => {
        const open = new Set<string>();
        for (const { body } of events) {
          if (body.type === 'turn-started') {
            expect(open.size).toBe(0);
            open.add(body.turnId);
          } else if (body.type === 'turn-ended') expect(open.delete(body.turnId)).toBe(true);
        }
        expect([...open]).toEqual([statuses.at(-1)?.turnId].filter((id) => typeof id === 'string'));
      }),
    );
  });

  test('HND-2 only who has the conversation speaks as an agent', () => {
    fc.assert(
      fc.property(logs, ({ events, statuses }) => {
        events.forEach(({ body }, index) => {
          if (body.type === 'message-added' && body.author.role === 'agent') {
            expect(statuses[index]?.agentId).toBe(body.author.id);
          }
        });
      }),
    );
  });

  test('HND-3 shows visitors neither packets nor reasons', () => {
    fc.assert(
      fc.property(logs, ({ events }) => {
        const seen = JSON.stringify(events.map(visitorView));
        expect(seen).not.toContain('secret reason');
        expect(seen).not.toContain('"packet":{');
      }),
    );
  });
});

const step = { agent: ada, isStale: false, hasPartial: true, by: 'visitor' as const, number: 1 };
const statusAfter = (...kinds: ('say' | 'take' | 'resolve' | 'request')[]) =>
  play(kinds.map((kind) => ({ ...step, kind }))).statuses.at(-1) ?? newConversation;

describe('what is legal when', () => {
  test('TRN-1 a question and the turn that it is owed are one decision', () => {
    const verdict = decide(newConversation, toCommand({ ...step, kind: 'say' }, newConversation, 1));
    expect(verdict).toMatchObject({
      ok: true,
      events: [{ type: 'message-added' }, { type: 'turn-started' }],
    });
  });

  test('TRN-5 a newer question stops the answer under way and keeps its text', () => {
    const now = statusAfter('say');
    const verdict = decide(now, toCommand({ ...step, kind: 'say' }, now, 7));
    expect(verdict).toMatchObject({
      events: [
        { type: 'message-added', author: { role: 'ai' }, status: 'stopped' },
        { type: 'turn-ended', outcome: 'superseded' },
        { type: 'message-added', author: { role: 'visitor' } },
        { type: 'turn-started' },
      ],
    });
  });

  test('TRN-4 a late answer is refused after a takeover', () => {
    const before = statusAfter('say');
    const command = toCommand({ ...step, kind: 'finish' }, before, 9);
    expect(decide(statusAfter('say', 'take'), command)).toEqual({ ok: false, refusal: 'stale-turn' });
  });

  test('MSG-7 in waiting and human a message is only kept; in resolved it opens the conversation again', () => {
    for (const now of [statusAfter('say', 'request'), statusAfter('say', 'take')]) {
      expect(decide(now, toCommand({ ...step, kind: 'say' }, now, 5))).toMatchObject({
        events: [{ type: 'message-added' }],
      });
    }
    const resolved = statusAfter('say', 'take', 'resolve');
    expect(decide(resolved, toCommand({ ...step, kind: 'say' }, resolved, 5))).toMatchObject({
      events: [{ type: 'conversation-reopened' }, { type: 'message-added' }, { type: 'turn-started' }],
    });
  });

  test('HND-2 a second agent can neither take, reply, return nor resolve', () => {
    const taken = statusAfter('say', 'take');
    const refusalOf = (kind: 'take' | 'reply' | 'return' | 'resolve') => {
      const verdict = decide(taken, toCommand({ ...step, agent: bo, kind }, taken, 5));
      return verdict.ok ? null : verdict.refusal;
    };
    expect(refusalOf('take')).toBe('already-taken');
    for (const kind of ['reply', 'return', 'resolve'] as const) expect(refusalOf(kind)).toBe('not-yours');
    expect(refusalText('not-yours')).toMatch(/Another person/);
  });

  test('the inbox shows the start of the newest message on one line', () => {
    const { events } = play([{ ...step, kind: 'say' }]);
    const body = events[0]?.body;
    if (body?.type !== 'message-added') throw new Error('no message');
    expect(previewOf({ ...body, text: `a\n  b ${'x'.repeat(300)}` })).toEqual({
      role: 'visitor',
      text: `a b ${'x'.repeat(156)}`,
    });
    expect(previewOf({ type: 'conversation-reopened' })).toBeNull();
  });
});
