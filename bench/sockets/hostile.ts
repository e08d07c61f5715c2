import { mutatedFrames } from '../../server/testing/frame-mutations.ts';
import { encodeRawFrame, openUpgraded } from '../../server/testing/raw-tcp.ts';
import type { ServerChild } from './child.ts';
import { forEachOf, wait } from './load.ts';

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
