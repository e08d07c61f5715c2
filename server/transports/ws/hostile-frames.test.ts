import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { mutatedFrames, textFrame as text } from '../../testing/frame-mutations.ts';
import { encodeRawFrame, openUpgraded } from '../../testing/raw-tcp.ts';
import type { RawTcp } from '../../testing/raw-tcp.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let stack: SocketStack;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database);
  ({ token } = await stack.openVisitor());
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});
beforeEach(() => {
  stack.logger.lines.length = 0;
});

const hello = () => JSON.stringify({ type: 'hello', protocol: 1, site: 'default', token });

/** A connection that was welcomed. */
async function enter(): Promise<RawTcp> {
  const tcp = await openUpgraded(stack.url);
  tcp.socket.write(text(hello()));
  await until(() => tcp.text().includes('"welcome"'));
  return tcp;
}

/** Others are served as before, nobody is left behind, and no handler has failed. */
async function expectUnharmed(): Promise<void> {
  const visitor = stack.visitorClient({ token });
  visitor.connect();
  await until(() => visitor.getSnapshot().connection.status === 'online');
  visitor.close();
  await until(
    () => stack.sockets.count().visitors === 0,
    () => stack.sockets.count(),
  );
  expect(stack.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

const badUtf8 = Buffer.from([0x22, 0xc3, 0x28, 0x22]);
const hostile: [string, Buffer, number][] = [
  ['a first reserved bit, as of a compressed frame', text('x', { reserved: 4 }), 1002],
  ['another reserved bit', text('x', { reserved: 2 }), 1002],
  ['an unknown opcode', encodeRawFrame({ opcode: 3, payload: 'x' }), 1002],
  ['an unknown control opcode', encodeRawFrame({ opcode: 11 }), 1002],
  ['a frame without a mask', text('x', { isMasked: false }), 1002],
  ['a length of 2^63', text('x', { length: 2n ** 63n }), 1009],
  ['a length of 2^53', text('x', { length: 2n ** 53n }), 1009],
  ['a length of one byte too many', text('x', { length: 65_537n }), 1009],
  ['bytes that are not UTF-8', text(badUtf8), 1007],
  ['half a character at the end', text(Buffer.from([0xe2, 0x82])), 1007],
  ['a control frame in parts', encodeRawFrame({ opcode: 9, isFinal: false }), 1002],
  ['a control frame that is too long', encodeRawFrame({ opcode: 9, payload: 'x'.repeat(126) }), 1002],
  ['a continuation of nothing', encodeRawFrame({ opcode: 0, payload: 'x' }), 1002],
  [
    'a message within a message',
    Buffer.concat([text('x', { isFinal: false }), text('x', { isFinal: false })]),
    1002,
  ],
  ['a close of one byte', encodeRawFrame({ opcode: 8, payload: 'x' }), 1002],
  [
    'a close with a code that nobody may send',
    encodeRawFrame({ opcode: 8, payload: Buffer.from([3, 237]) }),
    1002,
  ],
  [
    'a close with a broken reason',
    encodeRawFrame({ opcode: 8, payload: Buffer.concat([Buffer.from([3, 232]), badUtf8]) }),
    1007,
  ],
  ['more parts than any message has', partsOf(200), 1008],
  ['binary', encodeRawFrame({ opcode: 2, payload: '{"type":"ping"}' }), 4006],
];

/** One message in many frames of nothing. */
function partsOf(count: number): Buffer {
  const part = encodeRawFrame({ opcode: 0, isFinal: false });
  return Buffer.concat([text('', { isFinal: false }), ...Array.from({ length: count }, () => part)]);
}

describe('A1 frames against the rules', () => {
  test.each(hostile)('A1 %s', async (_name, bytes, code) => {
    const tcp = await enter();
    tcp.socket.write(bytes);
    expect(await tcp.closed).toBe(code);
    await expectUnharmed();
  });

  test('A1 a frame that comes byte by byte is a frame', async () => {
    const tcp = await openUpgraded(stack.url);
    for (const byte of text(hello())) {
      tcp.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => tcp.text().includes('"welcome"'));
    tcp.socket.destroy();
    await expectUnharmed();
  });

  test('A1 a flood of pings is cut off like any other', async () => {
    const tcp = await enter();
    // one by one: of many at once `ws` itself would tire
    for (let count = 0; count < 300 && !tcp.socket.destroyed; count += 1) {
      tcp.socket.write(encodeRawFrame({ opcode: 9 }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await tcp.closed).toBe(4008);
    await expectUnharmed();
  });

  test('A1 thousands of mutated frames end connections, and nothing else', async () => {
    const codes = new Set<number | null>();
    const all = mutatedFrames({ seed: 20_261_124, count: 2_000 });
    while (all.length > 0) {
      const some = all.splice(0, 50).map(async (bytes) => {
        const tcp = await openUpgraded(stack.url);
        tcp.socket.write(Buffer.concat([text(hello()), bytes]));
        tcp.socket.end();
        codes.add(await tcp.closed);
      });
      await Promise.all(some);
    }
    const known = new Set([null, 1000, 1002, 1005, 1007, 1008, 1009, 4003, 4006, 4008]);
    expect([...codes].filter((code) => !known.has(code))).toEqual([]);
    expect(codes.has(1002)).toBe(true);
    await expectUnharmed();
  }, 120_000);
});
