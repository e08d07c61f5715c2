import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeSockets } from '../../testing/socket-fake.ts';
import type { FakeSocket } from '../../testing/socket-fake.ts';
import { createMemoryOutbox } from './outbox.ts';
import type { OutboxStore, ThreadMessage, VisitorClient } from './types.ts';
import { createVisitorClient } from './visitor-client.ts';

const visitorId = '01900000-0000-7000-8000-0000000000aa';
const welcome = {
  type: 'welcome',
  protocol: 1,
  visitorId,
  conversationId: null,
  heartbeatMs: 25_000,
  isTypingShown: false,
};

let fake: ReturnType<typeof createFakeSockets>;
let made: number;

beforeEach(() => {
  vi.useFakeTimers();
  fake = createFakeSockets();
  made = 0;
});
afterEach(() => vi.useRealTimers());

function create(outbox?: OutboxStore): VisitorClient {
  return createVisitorClient({
    url: 'ws://x/ws/visitor',
    site: 'shop',
    token: 't',
    conversationId: null,
    openSocket: fake.openSocket,
    random: () => 0.5,
    uuid: () => `id-${String((made += 1))}`,
    ...(outbox === undefined ? {} : { outbox }),
  });
}

const last = (): FakeSocket => fake.sockets.at(-1) ?? fake.openSocket('none');
const typesOf = (socket: FakeSocket) => socket.sent.map((frame) => frame.type);
const sentTexts = (socket: FakeSocket) =>
  socket.sent.flatMap((frame) => (frame.type === 'message-send' ? [frame['text']] : []));
const statuses = (client: VisitorClient) =>
  (client.getSnapshot().thread?.entries ?? [])
    .filter((entry): entry is ThreadMessage => entry.kind === 'message')
    .map((entry) => entry.outgoing?.status);

function online(client: VisitorClient): FakeSocket {
  client.connect();
  last().open();
  last().say(welcome);
  return last();
}

test('CON-6 says hello first, with the site in the address and the token only in the frame', () => {
  const client = create();
  client.connect();
  expect(client.getSnapshot().connection.status).toBe('connecting');
  last().open();
  expect(last().url).toBe('ws://x/ws/visitor?site=shop');
  expect(last().sent).toEqual([{ type: 'hello', protocol: 1, site: 'shop', token: 't' }]);
  last().say(welcome);
  expect(client.getSnapshot().connection.status).toBe('online');
});

test('CON-8 answers ping, and gives up a line that is silent for two beats', () => {
  const client = create();
  const socket = online(client);
  socket.say({ type: 'ping' });
  expect(typesOf(socket)).toEqual(['hello', 'pong']);
  vi.advanceTimersByTime(49_900);
  expect(client.getSnapshot().connection.status).toBe('online');
  vi.advanceTimersByTime(200);
  expect(client.getSnapshot().connection.status).toBe('waiting');
  expect(socket.readyState).toBe(3);
});

test('CON-8 a line that brings but does not carry is given up when an ack stays away', () => {
  const client = create();
  const socket = online(client);
  client.send('Hello?');
  for (let beat = 0; beat < 4; beat += 1) {
    vi.advanceTimersByTime(2_000);
    socket.say({ type: 'ping' });
  }
  expect(typesOf(socket).filter((type) => type === 'ping')).toHaveLength(1);
  expect(client.getSnapshot().connection.status).toBe('online');
  vi.advanceTimersByTime(2_000);
  expect(client.getSnapshot().connection.status).toBe('waiting');
});

test('CON-8 a line that carries stays, however long the ack takes', () => {
  const client = create();
  const socket = online(client);
  client.send('Hello?');
  for (let second = 0; second < 20; second += 1) {
    vi.advanceTimersByTime(1_000);
    if (typesOf(socket).at(-1) === 'ping') socket.say({ type: 'pong' });
  }
  expect(typesOf(socket).filter((type) => type === 'ping').length).toBeGreaterThan(2);
  expect(client.getSnapshot().connection.status).toBe('online');
});

test('CON-9 comes back at once when the browser is online again or the page is looked at', () => {
  const page = new EventTarget();
  const sight = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', sight);
  try {
    const client = create();
    client.connect();
    const attempts = (wake: () => void): number => {
      last().drop();
      const before = fake.sockets.length;
      wake();
      return fake.sockets.length - before;
    };
    expect(attempts(() => page.dispatchEvent(new Event('online')))).toBe(1);
    expect(attempts(() => page.dispatchEvent(new Event('pageshow')))).toBe(1);
    const look = () => sight.dispatchEvent(new Event('visibilitychange'));
    expect(attempts(look)).toBe(0);
    sight.visibilityState = 'visible';
    look();
    expect(client.getSnapshot().connection.status).toBe('connecting');
    // a line that looks well is asked
    last().open();
    last().say(welcome);
    look();
    expect(typesOf(last()).at(-1)).toBe('ping');
    client.close();
  } finally {
    vi.unstubAllGlobals();
  }
});

test('SIG-2 a mark that may be lost is made again', () => {
  const client = create();
  const socket = online(client);
  client.send('Hi');
  const conversationId = client.getSnapshot().thread?.conversationId;
  const turnId = visitorId;
  const log = [1, 2].map((seq) => ({
    conversationId,
    seq,
    at: '',
    clientId: null,
    body: { type: 'turn-started', turnId },
  }));
  const resumed = { conversationId, epoch: 'e', upTo: 2, state: 'ai', turn: null };
  socket.say({ type: 'resumed', ...resumed, mode: 'snapshot', events: log });
  client.markSeen(2);
  expect(client.getSnapshot().thread?.seenSeq).toBe(2);
  socket.drop();
  expect(client.getSnapshot().thread?.seenSeq).toBe(0);
});

test('CON-9 waits half of 1, 2, 4 ... 30 s at an even chance, and begins anew after a good connection', () => {
  const client = create();
  client.connect();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    last().drop();
    const state = client.getSnapshot().connection;
    if (state.status !== 'waiting') throw new Error(state.status);
    pauses.push(state.retryAtMs - Date.now());
    vi.advanceTimersByTime(state.retryAtMs - Date.now());
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  last().open();
  last().say(welcome);
  vi.advanceTimersByTime(6_000);
  last().drop();
  expect(client.getSnapshot().connection).toEqual({ status: 'waiting', retryAtMs: Date.now() + 500 });
});

test('CON-9 some closes are final, until somebody connects again', () => {
  const client = create();
  online(client).drop(4003, 'unauthenticated');
  expect(client.getSnapshot().connection).toEqual({ status: 'refused', reason: 'unauthenticated' });
  vi.advanceTimersByTime(120_000);
  expect(fake.sockets).toHaveLength(1);
  client.connect();
  expect(fake.sockets).toHaveLength(2);
});

test('CON-10 comes back when a server that goes away says', () => {
  const client = create();
  const socket = online(client);
  socket.say({ type: 'draining', reconnectAfterMs: 7_000 });
  socket.drop(1012, 'draining');
  vi.advanceTimersByTime(6_999);
  expect(fake.sockets).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(fake.sockets).toHaveLength(2);
});

test('MSG-1 MSG-5 shows a message at once, sends it when there is a line, and again until it is acknowledged', () => {
  const client = create();
  client.connect();
  client.send('  Hello  ');
  client.send('   ');
  expect(statuses(client)).toEqual(['queued']);
  last().open();
  last().say(welcome);
  expect(statuses(client)).toEqual(['sent']);
  last().drop();
  expect(statuses(client)).toEqual(['queued']);
  vi.advanceTimersByTime(1_000);
  last().open();
  last().say(welcome);
  const send = last().sent.find((frame) => frame.type === 'message-send');
  expect(send).toEqual(fake.sockets[0]?.sent.find((frame) => frame.type === 'message-send'));
  last().say({ type: 'ack', clientId: send?.['clientId'], conversationId: send?.['conversationId'], seq: 1 });
  last().drop();
  vi.advanceTimersByTime(2_000);
  last().open();
  last().say(welcome);
  expect(typesOf(last())).not.toContain('message-send');
});

test('MSG-8 a message that must wait is not overtaken', () => {
  const client = create();
  const socket = online(client);
  for (const text of ['one', 'two', 'three']) client.send(text);
  expect(sentTexts(socket)).toEqual(['one']);
  const ids = () => socket.sent.findLast((frame) => frame.type === 'message-send');
  socket.say({
    type: 'nack',
    clientId: ids()?.['clientId'],
    code: 'rate-limited',
    message: '',
    retryAfterMs: 800,
  });
  expect(statuses(client)).toEqual(['queued', 'queued', 'queued']);
  vi.advanceTimersByTime(800);
  expect(sentTexts(socket)).toEqual(['one', 'one']);
  socket.say({ type: 'ack', clientId: ids()?.['clientId'], conversationId: 'x', seq: 1 });
  expect(sentTexts(socket)).toEqual(['one', 'one', 'two']);
  socket.say({
    type: 'nack',
    clientId: ids()?.['clientId'],
    code: 'invalid-request',
    message: 'No.',
    retryAfterMs: null,
  });
  expect(sentTexts(socket)).toEqual(['one', 'one', 'two', 'three']);
  const failed = client.getSnapshot().thread?.entries[1];
  expect(failed).toMatchObject({ text: 'two', outgoing: { status: 'failed', error: 'No.' } });
  client.retry(failed?.key ?? '');
  socket.say({ type: 'ack', clientId: ids()?.['clientId'], conversationId: 'x', seq: 2 });
  expect(sentTexts(socket).at(-1)).toBe('two');
});

test('the outbox survives the page: a new client sends what the old one could not', async () => {
  const outbox = createMemoryOutbox();
  const first = create(outbox);
  first.connect();
  first.send('Kept');
  first.close();
  const second = create(outbox);
  second.connect();
  await vi.advanceTimersByTimeAsync(0);
  last().open();
  last().say(welcome);
  expect(sentTexts(last())).toEqual(['Kept']);
  expect(second.getSnapshot().thread?.entries).toMatchObject([{ text: 'Kept' }]);
});

const refused = { code: 'invalid-request', message: 'No.', retryAfterMs: null };

/** The next page of a browser whose outbox holds what the first page was refused. */
async function reloadAfterRefusal(present: string | null) {
  const outbox = createMemoryOutbox();
  const first = create(outbox);
  const socket = online(first);
  first.send('Too much');
  socket.say({ type: 'nack', clientId: 'id-2', ...refused });
  first.close();
  const second = create(outbox);
  second.connect();
  await vi.advanceTimersByTimeAsync(0);
  last().open();
  last().say({ ...welcome, conversationId: present });
  return { outbox, second };
}

test('MSG-5 what was refused is there after a reload, and goes again when its author wants it', async () => {
  const { outbox, second } = await reloadAfterRefusal(null);
  const entry = () => second.getSnapshot().thread?.entries[0];
  expect(entry()).toMatchObject({ text: 'Too much', outgoing: { status: 'failed', error: 'No.' } });
  expect(sentTexts(last())).toEqual([]);
  second.retry(entry()?.key ?? '');
  expect(sentTexts(last())).toEqual(['Too much']);
  last().say({ type: 'ack', clientId: 'id-2', conversationId: 'id-1', seq: 1 });
  expect(await outbox.load()).toEqual([]);
});

test('MSG-5 what was refused elsewhere does not take the place of the present conversation', async () => {
  const { second } = await reloadAfterRefusal('present');
  expect(second.getSnapshot().thread).toMatchObject({ conversationId: 'present', entries: [] });
});

test('MSG-5 what was refused here and sent from another tab is no longer refused', async () => {
  const { outbox, second } = await reloadAfterRefusal(null);
  const author = { role: 'visitor', id: null, name: null };
  const body = { type: 'message-added', messageId: 'm1', author, text: 'Too much', citations: [] };
  const event = { seq: 1, at: '2026-11-25T10:00:00.000Z', clientId: 'id-2', conversationId: 'id-1', body };
  last().say({ type: 'event', event });
  await vi.advanceTimersByTimeAsync(0);
  expect(await outbox.load()).toEqual([]);
  second.retry('id-2');
  expect(sentTexts(last())).toEqual([]);
});

test('RES-1 a conversation that the welcome names is asked for once', () => {
  const client = create();
  client.connect();
  last().open();
  last().say({ ...welcome, conversationId: 'present' });
  expect(typesOf(last()).filter((type) => type === 'resume')).toHaveLength(1);
});

test('RES-5 a second answer to a resume counts like the first', () => {
  const client = create();
  const socket = online(client);
  client.send('Hi');
  const conversationId = client.getSnapshot().thread?.conversationId;
  const resumed = { type: 'resumed', conversationId, epoch: 'e', mode: 'snapshot', state: 'ai', turn: null };
  socket.say({ ...resumed, upTo: 0, events: [] });
  const body = { type: 'turn-started', turnId: visitorId };
  socket.say({ ...resumed, upTo: 1, events: [{ conversationId, seq: 1, at: '', clientId: null, body }] });
  expect(client.getSnapshot().thread).toMatchObject({ lastSeq: 1, turn: { turnId: visitorId } });
});

test('RES-5 a gap asks for the log again', () => {
  const client = create();
  const socket = online(client);
  client.send('Hi');
  const conversationId = client.getSnapshot().thread?.conversationId;
  expect(socket.sent.at(-1)).toEqual({ type: 'resume', conversationId, epoch: null, after: 0 });
  socket.say({
    type: 'resumed',
    conversationId,
    epoch: 'e',
    mode: 'snapshot',
    upTo: 0,
    state: 'ai',
    events: [],
    turn: null,
  });
  const body = { type: 'turn-started', turnId: visitorId };
  socket.say({ type: 'event', event: { conversationId, seq: 2, at: '', clientId: null, body } });
  expect(socket.sent.at(-1)).toEqual({ type: 'resume', conversationId, epoch: 'e', after: 0 });
  expect(client.getSnapshot().thread?.lastSeq).toBe(0);
});

test('H1 RES-1 a conversation whose first ack came before the line went is asked for on the next one', () => {
  const client = create();
  const socket = online(client);
  client.send('Hi');
  const conversationId = client.getSnapshot().thread?.conversationId;
  const send = socket.sent.find((frame) => frame.type === 'message-send');
  socket.say({ type: 'ack', clientId: send?.['clientId'], conversationId, seq: 1 });
  socket.drop();
  vi.advanceTimersByTime(1_000);
  last().open();
  last().say(welcome);
  expect(last().sent.at(-1)).toEqual({ type: 'resume', conversationId, epoch: null, after: 0 });
});

test('RES-1 a log that cannot be read now is asked for again', () => {
  const client = create();
  const socket = online(client);
  client.send('Hi');
  const conversationId = client.getSnapshot().thread?.conversationId;
  const asked = () => socket.sent.filter((frame) => frame.type === 'resume').length;
  socket.say({ type: 'error', code: 'unavailable', message: 'Not now.', conversationId });
  expect(asked()).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect(asked()).toBe(2);
  socket.say({ type: 'error', code: 'not-found', message: 'No.', conversationId });
  vi.advanceTimersByTime(10_000);
  expect(asked()).toBe(2);
});
