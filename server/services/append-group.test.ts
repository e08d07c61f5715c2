import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../ports.ts';
import { listEvents } from '../store/event.ts';
import { insertVisitor } from '../store/visitor.ts';
import { systemClock, systemIds } from '../system.ts';
import { createTestDatabase } from '../testing/database.ts';
import { addSite } from '../testing/socket-stack.ts';
import { createConversationLog } from './conversation-log.ts';
import type { ConversationLog } from './conversation-log.ts';
import { defaultTimings } from './live-limits.ts';

const uuid = () => systemIds.uuid();
const owner = { siteId: 'default', visitorId: uuid() };
const agent = { id: uuid(), name: 'Ada' };

let database: Database;
/** What went to the database, in order: the first word of each trip. */
let trips: string[];
let published: string[];
let log: ConversationLog;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  await insertVisitor(database, { id: owner.visitorId, siteId: 'default', name: 'V', at: new Date() });
  await database.execute(
    `insert into agent (id, email, name, role, password_hash) values ($1, 'ada@shop.example', 'Ada', 'agent', '-')`,
    [agent.id],
  );
});
beforeEach(() => {
  trips = [];
  published = [];
  log = createLog();
});
afterAll(() => database?.close());

/** The log as one instance writes it. */
function createLog(): ConversationLog {
  const watched: Database = {
    ...database,
    query(sql, parameters, row) {
      trips.push(sql.includes('append_events') ? 'group' : 'query');
      return database.query(sql, parameters, row);
    },
    transaction(work) {
      trips.push('transaction');
      return database.transaction(work);
    },
  };
  const common = { db: watched, clock: systemClock, ids: systemIds, timings: defaultTimings };
  return createConversationLog({ ...common, published: (id) => void published.push(id) });
}

const say = (conversationId: string, text = 'Hello', clientId = uuid(), on = log) =>
  on.append({
    conversationId,
    clientId,
    owner,
    command: {
      type: 'visitor-message',
      messageId: uuid(),
      visitor: { id: owner.visitorId, name: 'V' },
      text,
      turnId: uuid(),
      partial: null,
    },
  });

/** Conversations that this instance knows already, each with two events. */
async function begin(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, uuid);
  for (const id of ids) await say(id);
  trips = [];
  published = [];
  return ids;
}

const seqsOf = async (conversationId: string) =>
  (await listEvents(database, { conversationId, after: 0, upTo: 1_000, limit: 1_000 })).map(({ seq }) => seq);

test('MSG-3 what comes at the same moment is one trip and one commit, whatever the number of conversations', async () => {
  const ids = await begin(5);
  const appended = await Promise.all(ids.map((id) => say(id)));
  expect(trips).toEqual(['group']);
  expect(appended.map(({ kind }) => kind)).toEqual(ids.map(() => 'appended'));
  expect([...published].sort()).toEqual([...ids].sort());
  for (const id of ids) expect(await seqsOf(id)).toEqual([1, 2, 3, 4, 5]);
});

test('MSG-3 one message that the database refuses does not fail those that came with it', async () => {
  const [bad = '', ...good] = await begin(4);
  const results = await Promise.allSettled([say(bad, 'A zero: \u0000'), ...good.map((id) => say(id))]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(await seqsOf(bad)).toEqual([1, 2]);
  for (const id of good) expect(await seqsOf(id)).toEqual([1, 2, 3, 4, 5]);
  expect((await say(bad, 'And now?')).kind).toBe('appended');
});

test('MSG-4 several for one conversation at the same moment get numbers without gap or repeat', async () => {
  const [id = ''] = await begin(1);
  const appended = await Promise.all(Array.from({ length: 6 }, () => say(id)));
  const seqs = appended.map((result) => (result.kind === 'appended' ? result.seq : 0));
  expect(new Set(seqs).size).toBe(6);
  expect(await seqsOf(id)).toEqual(Array.from({ length: 2 + 6 * 3 }, (_, index) => index + 1));
});

test('MSG-4 MSG-7 what another instance did meanwhile counts, whether it was heard of or not', async () => {
  const [id = ''] = await begin(1);
  const other = createLog();
  const command = { type: 'take', agent, partial: null } as const;
  const taken = await other.append({ conversationId: id, clientId: uuid(), owner: null, command });
  expect(taken).toMatchObject({ kind: 'appended', record: { status: { state: 'human', lastSeq: 4 } } });
  // the AI does not answer in a conversation that a person has
  expect(await say(id)).toMatchObject({ kind: 'appended', seq: 5, record: { status: { turnId: null } } });

  const back = { type: 'return', agent } as const;
  const returned = await other.append({ conversationId: id, clientId: uuid(), owner: null, command: back });
  if (returned.kind === 'appended') log.heard(id, returned.events);
  trips = [];
  expect(await say(id)).toMatchObject({ kind: 'appended', seq: 7 });
  expect(trips).toEqual(['group']);
});

test('MSG-2 a repeat gets the number that the first got: at the same time, later, and on another instance', async () => {
  const [id = ''] = await begin(1);
  const clientId = uuid();
  const [first, second] = await Promise.all([say(id, 'Once', clientId), say(id, 'Twice', clientId)]);
  // the second joins the first: a client that is impatient costs nothing more
  expect(trips).toEqual(['group']);
  const seq = first.kind === 'appended' ? first.seq : 0;
  expect(second).toEqual({ kind: 'repeated', seq });
  expect(await say(id, 'Later', clientId)).toEqual({ kind: 'repeated', seq });
  expect(await say(id, 'Elsewhere', clientId, createLog())).toEqual({ kind: 'repeated', seq });
  expect(await seqsOf(id)).toEqual([1, 2, 3, 4, 5]);
});

test('SEE-1 knowing the id of a conversation that this instance knows is not enough', async () => {
  const [id = ''] = await begin(1);
  const stranger = { siteId: 'default', visitorId: uuid() };
  const command = { type: 'mark-seen', by: 'visitor', upToSeq: 2 } as const;
  const seen = log.append({ conversationId: id, clientId: null, owner: stranger, command });
  await expect(seen).rejects.toMatchObject({ code: 'not-found' });
});
