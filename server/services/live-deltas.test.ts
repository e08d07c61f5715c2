import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../adapters/bus/envelope.ts';
import { fakeClock, sequentialIds } from '../testing/deps.ts';
import { liveChannel, liveMessageSchema, senderOf } from './live-bus.ts';
import type { DeltaPiece } from './live-bus.ts';
import { createBusDeltas } from './live-deltas.ts';
import { createLiveTurns } from './live-turns.ts';

const ids = sequentialIds();
const from = ids.uuid();

/** Texts of several answers, in the pieces in which they were written. */
const answers = fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 900 }), { maxLength: 6 }), {
  maxLength: 30,
});

describe('pieces of answers on the bus', () => {
  test('any text fits into messages of the bus and is whole at the other end', () => {
    fc.assert(
      fc.property(answers, (texts) => {
        const sent: DeltaPiece[][] = [];
        const deltas = createBusDeltas((pieces) => sent.push([...pieces]));
        const turns = texts.map(() => ({ conversationId: ids.uuid(), turnId: ids.uuid() }));
        for (const [index, parts] of texts.entries()) {
          let offset = 0;
          for (const text of parts) {
            const turn = turns[index];
            if (turn !== undefined) deltas.add({ ...turn, offset, text });
            offset += text.length;
          }
        }
        deltas.close();
        const known = createLiveTurns(fakeClock());
        for (const pieces of sent) {
          const message = { type: 'deltas', from, pieces };
          const read: unknown = JSON.parse(encodeMessage(liveChannel, message));
          expect(read).toMatchObject({ channel: liveChannel });
          expect(liveMessageSchema.safeParse(message).success).toBe(true);
          for (const piece of pieces) expect(known.add(piece.conversationId, piece, false)).toBe(true);
        }
        for (const [index, parts] of texts.entries()) {
          const text = known.get(turns[index]?.conversationId ?? '')?.text ?? '';
          expect(text).toBe(parts.join(''));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('the pieces of many answers are few messages', () => {
    let messages = 0;
    const deltas = createBusDeltas(() => (messages += 1));
    for (let index = 0; index < 160; index += 1) {
      deltas.add({ conversationId: ids.uuid(), turnId: ids.uuid(), offset: 0, text: 'token ' });
    }
    deltas.flush();
    expect(messages).toBe(10);
  });

  test('many long pieces at once, each of the characters that take most room, fit as well', () => {
    const deltas = createBusDeltas((pieces) => {
      expect(() => encodeMessage(liveChannel, { type: 'deltas', from, pieces })).not.toThrow();
    });
    for (const unit of ['\u0001', '\ud800', '\u20ac']) {
      for (let index = 0; index < 20; index += 1) {
        const text = unit.repeat(1_000);
        deltas.add({ conversationId: ids.uuid(), turnId: ids.uuid(), offset: 123_456, text });
      }
    }
    deltas.flush();
  });

  test('our own messages are known by their sender alone', () => {
    expect(senderOf({ type: 'agents-changed', from })).toBe(from);
    for (const strange of [null, 'x', {}, { from: 1 }]) expect(senderOf(strange)).toBeNull();
  });
});

describe('the text so far', () => {
  test('a missing piece is noticed, a repeated one changes nothing, another turn begins anew', () => {
    const turns = createLiveTurns(fakeClock());
    const [id, turnId] = [ids.uuid(), ids.uuid()];
    expect(turns.add(id, { turnId, offset: 3, text: 'x' }, false)).toBe(false);
    expect(turns.add(id, { turnId, offset: 0, text: 'abc' }, false)).toBe(true);
    expect(turns.add(id, { turnId, offset: 5, text: 'x' }, false)).toBe(false);
    expect(turns.add(id, { turnId, offset: 1, text: 'bcd' }, false)).toBe(true);
    expect(turns.get(id)?.text).toBe('abcd');
    expect(turns.add(id, { turnId: ids.uuid(), offset: 0, text: 'new' }, false)).toBe(true);
    expect(turns.get(id)?.text).toBe('new');
  });

  test('a text without end stops growing, and nothing of it counts as missing', () => {
    const turns = createLiveTurns(fakeClock());
    const [id, turnId] = [ids.uuid(), ids.uuid()];
    const text = 'x'.repeat(50_000);
    for (let offset = 0; offset < 1_000_000; offset += text.length) {
      expect(turns.add(id, { turnId, offset, text }, true)).toBe(true);
    }
    expect(turns.get(id)?.text.length).toBe(200_000);
  });
});
