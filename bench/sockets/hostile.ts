import { systemIds } from '../../server/system.ts';
import { mutatedFrames } from '../../server/testing/frame-mutations.ts';
import { encodeRawFrame, openUpgraded } from '../../server/testing/raw-tcp.ts';
import type { ServerChild } from './child.ts';
import type { LightSocket } from './light-socket.ts';
import { forEachOf, openClient, openMany, wait } from './load.ts';
import type { Token } from './load.ts';
import { measureRoundTrip } from './round-trip.ts';

const mutations = 10_000;
const mb = (bytes: number): number => Math.round(bytes / 1e6);

/** A1: as many broken frames, each on a connection of its own; what they leave behind in the server. */
export async function measureFuzz(server: ServerChild) {
  const url = `ws://127.0.0.1:${String(server.port)}`;
  const hello = Buffer.from(JSON.stringify({ type: 'hello', protocol: 1, site: 'default', token: 'x' }));
  const attack = async (bytes: Buffer): Promise<number | null> => {
    const tcp = await openUpgraded(url, ['Origin: http://bench.example']);
    tcp.socket.write(Buffer.concat([encodeRawFrame({ opcode: 1, payload: hello }), bytes]));
    tcp.socket.end();
    return tcp.closed;
  };
  // what code and pools cost once is not theirs
  await forEachOf(mutatedFrames({ seed: 1, count: 1_000 }), 50, attack);
  const before = await server.usage();
  const codes = await forEachOf(mutatedFrames({ seed: 2, count: mutations }), 50, attack);
  await wait(1_000);
  const after = await server.usage();
  const grownMb = mb(after.rss - before.rss);
  return { mutations, grownMb, heapGrownMb: mb(after.heap - before.heap), codes: [...new Set(codes)] };
}

const longText = 'x'.repeat(4_000);
const messagesEach = 30;
const questionsEach = 60;

/** I2: a hundred who ask for their long logs again and again and do not read; what others notice of it. */
export async function measureStoppedReaders(server: ServerChild, tokens: readonly Token[]) {
  const [talkers, readers] = [tokens.slice(0, 50), tokens.slice(50, 150)];
  const clients = await openMany(server.port, readers);
  const logs = await forEachOf(clients, 10, writeLog);
  const options = { rounds: 10, perSecond: 50 };
  const before = await measureRoundTrip(server, talkers, options);
  const { rss } = await server.usage();
  clients.forEach((client, index) => {
    client.pause();
    for (let count = 0; count < questionsEach; count += 1) client.send(resume(logs[index]));
  });
  const meanwhile = await measureRoundTrip(server, talkers, options);
  const grownMb = mb((await server.usage()).rss - rss);
  for (const client of clients) client.resume();
  const codes = await Promise.all(clients.map(({ closed }) => closed));
  const back = await forEachOf(readers, 20, async (token, index) => {
    const client = await openClient(server.port, token);
    const resumed = client.next('resumed');
    client.send(resume(logs[index]));
    const { events } = JSON.parse(await resumed);
    client.close();
    return Array.isArray(events) && events.length >= messagesEach;
  });
  return {
    before: { p50: before.p50, p99: before.p99 },
    meanwhile: { p50: meanwhile.p50, p99: meanwhile.p99 },
    cutOff: codes.length,
    grownMb,
    resumedWhole: back.filter(Boolean).length,
  };
}

const resume = (conversationId: string | undefined) => ({
  type: 'resume',
  conversationId,
  epoch: null,
  after: 0,
});

async function writeLog(client: LightSocket): Promise<string> {
  const conversationId = systemIds.uuid();
  for (let count = 0; count < messagesEach; count += 1) {
    const ack = client.next('ack');
    client.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text: longText });
    await ack;
  }
  return conversationId;
}
