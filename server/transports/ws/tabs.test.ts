import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import type { Thread, VisitorClient } from '../../protocol/client.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
const stacks: SocketStack[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  const wire = createTestWire();
  // no turn is taken over on a machine that is busy
  const timings = { turnLeaseMs: 60_000 };
  for (let index = 0; index < 2; index += 1)
    stacks.push(await createSocketStack(database, { bus: wire.bus(), timings }));
});
afterAll(async () => {
  for (const stack of stacks) await stack.close();
  await database?.close();
});

const texts = (tab: { getSnapshot(): { thread: Thread | null } }): string[] =>
  (tab.getSnapshot().thread?.entries ?? []).flatMap((entry) =>
    entry.kind === 'message' ? [`${entry.author.role}: ${entry.text}`] : [],
  );

/** A tab of the visitor, on one of the two instances. */
function openTab(token: string, index: number): VisitorClient {
  const stack = stacks[index % stacks.length];
  if (stack === undefined) throw new Error('There is no instance.');
  const tab = stack.visitorClient({ token });
  tab.connect();
  return tab;
}

const turnOf = (id: string) =>
  stacks.flatMap(({ answers }) => answers.turns).findLast((turn) => turn.request.conversationId === id);

test('H8 two tabs write in turns, one closes, a third opens in the middle: all show the same, in full', async () => {
  const token = (await stacks[0]?.openVisitor())?.token ?? '';
  const first = openTab(token, 0);
  first.send('From the first tab');
  const id = await until(
    () => first.getSnapshot().thread?.turn && first.getSnapshot().thread?.conversationId,
  );
  const second = openTab(token, 1);
  await until(() => texts(second).includes('visitor: From the first tab'));
  (await until(() => turnOf(id))).finish({ text: 'One answer.' });
  await until(() => [first, second].every((tab) => texts(tab).includes('ai: One answer.')));

  second.send('From the second tab');
  const turn = await until(() => {
    const newest = turnOf(id);
    return newest?.request.question === 'From the second tab' && newest;
  });
  turn.say('Beginning, ');
  await until(() => [first, second].every((tab) => texts(tab).includes('ai: Beginning, ')));
  first.close();
  turn.say('middle, ');
  const third = openTab(token, 0);
  await until(() => texts(third).includes('ai: Beginning, middle, '));
  turn.say('end.');
  await until(
    () => [second, third].every((tab) => texts(tab).includes('ai: Beginning, middle, end.')),
    () => [second, third].map(texts),
  );
  turn.finish();
  await until(() => [second, third].every((tab) => tab.getSnapshot().thread?.turn === null));
  const fresh = openTab(token, 1);
  await until(() => fresh.getSnapshot().thread?.isLoaded);
  expect(texts(fresh)).toEqual([
    'visitor: From the first tab',
    'ai: One answer.',
    'visitor: From the second tab',
    'ai: Beginning, middle, end.',
  ]);
  expect(texts(second)).toEqual(texts(fresh));
  expect(texts(third)).toEqual(texts(fresh));
});

test('H8 two tabs write at the same time: one order for both, nothing lost or doubled', async () => {
  const token = (await stacks[0]?.openVisitor())?.token ?? '';
  const first = openTab(token, 0);
  first.send('Begin');
  await until(() => first.getSnapshot().thread?.turn);
  const second = openTab(token, 1);
  await until(() => second.getSnapshot().thread?.isLoaded);
  for (let index = 0; index < 4; index += 1) {
    first.send(`a${String(index)}`);
    second.send(`b${String(index)}`);
  }
  const own = (tab: VisitorClient) => texts(tab).filter((text) => text.startsWith('visitor: '));
  const isSettled = (tab: VisitorClient) =>
    own(tab).length === 9 && tab.getSnapshot().thread?.lastSeq === first.getSnapshot().thread?.lastSeq;
  await until(() => [first, second].every(isSettled));
  expect(own(second)).toEqual(own(first));
  expect(new Set(own(first)).size).toBe(9);
});
