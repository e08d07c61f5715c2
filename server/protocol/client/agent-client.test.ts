import { expect, test } from 'vitest';
import { createFakeSockets } from '../../testing/socket-fake.ts';
import { createAgentClient } from './agent-client.ts';
import { createMemoryOutbox } from './outbox.ts';

const id = (last: number) => `01900000-0000-7000-8000-${String(last).padStart(12, '0')}`;

test('MSG-5 an agent sends what an earlier page could not', async () => {
  const outbox = createMemoryOutbox();
  const at = new Date(0).toISOString();
  await outbox.put({ clientId: id(1), conversationId: id(2), kind: 'message', text: 'I am on it.', at });
  const fake = createFakeSockets();
  const client = createAgentClient({ url: 'ws://x/ws/agent', openSocket: fake.openSocket, outbox });
  client.connect();
  const socket = fake.sockets.at(-1);
  socket?.open();
  socket?.say({
    type: 'welcome',
    protocol: 1,
    agentId: id(3),
    agentName: 'Ana',
    role: 'agent',
    heartbeatMs: 25_000,
  });
  await expect
    .poll(() => socket?.sent.filter((frame) => frame.type === 'message-send'))
    .toMatchObject([{ clientId: id(1), conversationId: id(2), text: 'I am on it.' }]);
  client.close();
});
