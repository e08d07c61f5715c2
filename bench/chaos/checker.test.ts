import { describe, expect, test } from 'vitest';
import { applyEvent, emptyThread } from '../../server/protocol/client/thread.ts';
import type { ConversationEvent } from '../../server/protocol/entities.ts';
import { conversationId, play } from '../../server/testing/conversation-events.ts';
import { check } from './checker.ts';
import type { StoredConversation, Witness } from './checker.ts';
import { createJournal } from './journal.ts';
import { createTestPglite } from '../../server/testing/database.ts';
import { mutants } from './mutants.ts';
import { readFileSync } from 'node:fs';

const step = {
  isStale: false,
  hasPartial: false,
  by: 'visitor' as const,
  number: 1,
  agent: { id: 'x', name: 'X' },
};
const talk = play([
  { ...step, kind: 'say' },
  { ...step, kind: 'finish' },
  { ...step, kind: 'say' },
  { ...step, kind: 'take' },
]);

/** A conversation in which all is well, and somebody who saw all of it. */
function scene(): { stored: StoredConversation; witness: Witness } {
  const events = structuredClone(talk.events).map((event): ConversationEvent => {
    if (event.body.type !== 'message-added' || event.body.author.role !== 'visitor') return event;
    return { ...event, body: { ...event.body, text: `v#${String(event.seq)}` } };
  });
  const status = talk.statuses.at(-1);
  if (status === undefined) throw new Error('no status');
  const journal = createJournal('v');
  const texts = events.flatMap(({ body, clientId, seq }) => {
    if (body.type !== 'message-added' || body.author.role !== 'visitor' || clientId === null) return [];
    journal.acked.set(clientId, [{ conversationId, seq }]);
    return [body.text];
  });
  const viewer = { role: 'agent' as const, agentId: null };
  journal.seen.push(...events);
  const thread = events.reduce(
    (known, event) => applyEvent(known, event, viewer),
    emptyThread(conversationId),
  );
  return {
    stored: { id: conversationId, status, events },
    witness: { journal, said: texts, viewer, thread },
  };
}

/** First words of the faults found after something was spoilt. */
function faultsAfter(spoil: (stored: StoredConversation, witness: Witness) => void): string[] {
  const { stored, witness } = scene();
  spoil(stored, witness);
  return [...new Set(check([stored], [witness]).faults.map((fault) => fault.split(':')[0] ?? ''))];
}

describe('the checker', () => {
  test('finds nothing where nothing is wrong', () => {
    expect(faultsAfter(() => {})).toEqual([]);
  });

  test.each<[string, (stored: StoredConversation, witness: Witness) => void]>([
    ['gap', (stored) => void stored.events.splice(2, 1)],
    ['lost', (stored) => void stored.events.splice(0, 1)],
    ['lost', (_, { journal }) => void journal.acked.set('gone', [{ conversationId, seq: 1 }])],
    ['ack', (_, { journal }) => journal.acked.forEach((acks) => acks.push({ conversationId, seq: 2 }))],
    [
      'duplicate',
      (stored) =>
        void stored.events.push({ ...(stored.events[0] ?? never()), seq: stored.events.length + 1 }),
    ],
    ['fold', (stored) => void (stored.status = { ...stored.status, agentName: 'Nobody' })],
    ['ghost', (_, { journal }) => void journal.seen.push({ ...(journal.seen[0] ?? never()), at: 'later' })],
    ['disorder', (_, { journal }) => void journal.disorder.push('5 after 3')],
    ['reordered', (_, witness) => void (witness.said = [...(witness.said ?? [])].reverse())],
    [
      'screen',
      (_, witness) =>
        void (witness.thread = witness.thread === null ? null : { ...witness.thread, entries: [] }),
    ],
    [
      'screen',
      (_, witness) =>
        void (witness.thread = witness.thread === null ? null : { ...witness.thread, lastSeq: 1 }),
    ],
    ['owed', (stored) => void (stored.status = { ...stored.status, turnId: 'open' })],
    [
      'talks over',
      (stored) => {
        const late = stored.events.find(
          ({ body }) => body.type === 'message-added' && body.author.role === 'ai',
        );
        stored.events.push({ ...(late ?? never()), seq: stored.events.length + 1 });
      },
    ],
  ])('finds a fault of kind "%s"', (kind, spoil) => {
    expect(faultsAfter(spoil)).toContain(kind);
  });

  const ofSource = mutants.flatMap(({ name, source }) => (source === null ? [] : [{ name, ...source }]));
  test.each(ofSource)('mutant $name still fits its file', ({ file, find }) => {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(source.split(find)).toHaveLength(2);
  });

  const ofDatabase = mutants.flatMap(({ name, setup }) => (setup === undefined ? [] : [{ name, setup }]));
  test('the mutants of the database still fit it', async () => {
    const db = await createTestPglite();
    for (const { setup } of ofDatabase) {
      const change = db.transaction(async (tx) => {
        await tx.execute(setup);
        throw new Error('back');
      });
      await expect(change).rejects.toThrow('back');
    }
    await db.close();
  });
});

function never(): never {
  throw new Error('There is no such event.');
}
