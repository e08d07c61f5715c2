import { expect, test } from 'vitest';
import { createFakeSockets } from '../../testing/socket-fake.ts';
import { createAgentClient } from './agent-client.ts';
import { createMemoryOutbox } from './outbox.ts';

const id = (last: number) => `01900000-0000-7000-8000-${String(last).padStart(12, '0')}`;

const welcome = {
  type: 'welcome',
  protocol: 1,
  agentId: id(3),
  agentName: 'Ana',
  role: 'agent',
  heartbeatMs: 25_000,
};

test('RES-2 of a conversation that is left and opened again no part stands for the whole', () => {
  const fake = createFakeSockets();
  const client = createAgentClient({ url: 'ws://x/ws/agent', openSocket: fake.openSocket });
  client.connect();
  const socket = fake.sockets.at(-1);
  socket?.open();
  socket?.say(welcome);
  const conversationId = id(2);
  const event = (seq: number) => ({
    conversationId,
    seq,
    at: '',
    clientId: null,
    body: { type: 'message-seen', by: 'visitor', upToSeq: seq },
  });
  const resumed = { type: 'resumed', conversationId, epoch: 'e', state: 'ai', turn: null };
  client.open(conversationId);
  socket?.say({ ...resumed, mode: 'snapshot', upTo: 1, events: [event(1)] });
  socket?.say({ type: 'event', event: event(3) });
  // a gap: it asks again; before the answer comes the conversation is left and opened once more
  client.leave();
  client.open(conversationId);
  socket?.say({ ...resumed, mode: 'replay', upTo: 3, events: [event(2), event(3)] });
  expect(client.getSnapshot().thread).toMatchObject({ lastSeq: 0, isLoaded: false });
  socket?.say({ ...resumed, mode: 'snapshot', upTo: 3, events: [event(1), event(2), event(3)] });
  expect(client.getSnapshot().thread).toMatchObject({ lastSeq: 3, isLoaded: true });
  client.close();
});

test('MSG-5 an agent sends what an earlier page could not', async () => {
  const outbox = createMemoryOutbox();
  const at = new Date(0).toISOString();
  await outbox.put({ clientId: id(1), conversationId: id(2), kind: 'message', text: 'I am on it.', at });
  const fake = createFakeSockets();
  const client = createAgentClient({ url: 'ws://x/ws/agent', openSocket: fake.openSocket, outbox });
  client.connect();
  const socket = fake.sockets.at(-1);
  socket?.open();
  socket?.say(welcome);
  await expect
    .poll(() => socket?.sent.filter((frame) => frame.type === 'message-send'))
    .toMatchObject([{ clientId: id(1), conversationId: id(2), text: 'I am on it.' }]);
  client.close();
});
