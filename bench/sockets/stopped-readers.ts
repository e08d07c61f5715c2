import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import type { LightSocket } from './light-socket.ts';
import { forEachOf, openClient, openMany, round, spreadOf, wait } from './load.ts';
import type { Token } from './load.ts';
import { createTalk } from './round-trip.ts';
import { within } from './within.ts';

const longText = 'x'.repeat(4_000);
const messagesEach = 30;
const questionsEach = 60;
const talkerCount = 50;
const readerCount = 100;
/** Of the others, in each part: 5 s. */
const rounds = 5;
const pauseMs = 1_000;

type Talk = () => Promise<number>;

interface Part {
  times: number[];
  /** How late the server's event loop was, at its worst hundredth. */
  lagP99Ms: number;
}

/**
 * I2: a hundred who ask for their long logs again and again and do not read, in turn with nobody doing so, on one
 * server and with the same 50 who talk; then, with a hundred answers streaming, whose readers read or stop.
 */
export async function measureStoppedReaders(
  server: ServerChild,
  tokens: readonly Token[],
  { turns }: { turns: number },
) {
  const talkers = await openMany(server.port, tokens.slice(0, talkerCount));
  const talks = talkers.map((client) => createTalk(client, 'ack'));
  const readers = tokens.slice(talkerCount, talkerCount + readerCount);
  const logs = await writeLogs(server, readers);
  await talk(server, talks);
  const parts: Record<'alone' | 'logs' | 'read' | 'unread', Part[]> = {
    alone: [],
    logs: [],
    read: [],
    unread: [],
  };
  const { rss } = await server.usage();
  let [grown, cutOffMs] = [0, 0];
  for (let turn = 0; turn < turns; turn += 1) {
    parts.alone.push(await talk(server, talks));
    const stopped = await stopReading(server, readers, logs);
    parts.logs.push(await talk(server, talks));
    grown = Math.max(grown, (await server.usage()).rss - rss);
    if (turn === turns - 1) cutOffMs = await untilCutOff(server, stopped);
    else await leave(server, stopped);
    for (const kind of ['read', 'unread'] as const) {
      const streams = await stream(server, readers, kind === 'unread');
      parts[kind].push(await talk(server, talks));
      await leave(server, streams);
    }
  }
  const back = await forEachOf(readers, 20, (token, index) => readWhole(server, token, logs[index] ?? ''));
  for (const client of talkers) client.close();
  return {
    alone: summary(parts.alone),
    logsNotRead: summary(parts.logs),
    streamsRead: summary(parts.read),
    streamsNotRead: summary(parts.unread),
    allCutOffMs: cutOffMs,
    grownMb: Math.round(grown / 1e6),
    resumedWhole: back.filter(Boolean).length,
  };
}

/** All talk at a steady pace; how long each waited for the ack, and what the event loop was late meanwhile. */
async function talk(server: ServerChild, talks: readonly Talk[]): Promise<Part> {
  await server.usage();
  const times: number[] = [];
  const speak = async (say: Talk, index: number): Promise<void> => {
    await wait((index / talks.length) * pauseMs);
    for (let at = 0; at < rounds; at += 1) {
      const ms = await within(60, 'the ack of somebody who talks beside the readers', say());
      times.push(ms);
      await wait(Math.max(0, pauseMs - ms));
    }
  };
  await Promise.all(talks.map(speak));
  return { times, lagP99Ms: (await server.usage()).lagP99Ms };
}

function summary(parts: readonly Part[]) {
  return {
    ...spreadOf(parts.flatMap(({ times }) => times)),
    p99Each: parts.map(({ times }) => spreadOf(times).p99),
    lagP99Ms: parts.map(({ lagP99Ms }) => round(lagP99Ms)),
  };
}

async function writeLogs(server: ServerChild, tokens: readonly Token[]): Promise<string[]> {
  const clients = await openMany(server.port, tokens);
  const logs = await forEachOf(clients, 10, async (client) => {
    const conversationId = systemIds.uuid();
    for (let count = 0; count < messagesEach; count += 1) await write(client, conversationId, longText);
    return conversationId;
  });
  for (const client of clients) client.close();
  return logs;
}

/** Sends one message; one that is refused for the moment goes again, as with real clients. */
async function write(client: LightSocket, conversationId: string, text: string): Promise<void> {
  const frame = { type: 'message-send', clientId: systemIds.uuid(), conversationId, text };
  let isKept = false;
  while (!isKept) {
    const answer = Promise.race([
      client.next('ack').then(() => true),
      client.next('nack').then(() => wait(200).then(() => false)),
    ]);
    client.send(frame);
    isKept = await within(30, 'the ack of a message', answer);
  }
}

const resume = (conversationId: string) => ({ type: 'resume', conversationId, epoch: null, after: 0 });

async function stopReading(
  server: ServerChild,
  tokens: readonly Token[],
  logs: readonly string[],
): Promise<LightSocket[]> {
  const clients = await openMany(server.port, tokens);
  clients.forEach((client, index) => {
    client.pause();
    for (let count = 0; count < questionsEach; count += 1) client.send(resume(logs[index] ?? ''));
  });
  return clients;
}

/** Waits until the server has cut off all that do not read; how long that takes, milliseconds. */
async function untilCutOff(server: ServerChild, clients: readonly LightSocket[]): Promise<number> {
  const startedAt = performance.now();
  await untilOnlyTalkers(server);
  const ms = Math.round(performance.now() - startedAt);
  for (const client of clients) client.resume();
  await within(30, 'the end of the cut lines', Promise.all(clients.map(({ closed }) => closed)));
  return ms;
}

async function leave(server: ServerChild, clients: readonly LightSocket[]): Promise<void> {
  for (const client of clients) client.close();
  await untilOnlyTalkers(server);
}

/** Two beats and some, which end whoever does not read at the latest. */
const patienceMs = 90_000;

async function untilOnlyTalkers(server: ServerChild): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    const { connections } = await server.usage();
    if (connections <= talkerCount) return;
    if (performance.now() > giveUpAtMs)
      throw new Error(`${String(connections - talkerCount)} readers that have stopped are not cut off.`);
    await wait(200);
  }
}

/** A hundred answers begin to stream, one to each. */
async function stream(
  server: ServerChild,
  tokens: readonly Token[],
  isUnread: boolean,
): Promise<LightSocket[]> {
  const clients = await openMany(server.port, tokens);
  const firsts = clients.map((client) => client.next('answer-delta'));
  await forEachOf(clients, 20, async (client) => {
    const conversationId = systemIds.uuid();
    await write(client, conversationId, 'stream');
    client.send(resume(conversationId));
  });
  await within(30, 'the first piece of each answer', Promise.all(firsts));
  if (isUnread) for (const client of clients) client.pause();
  return clients;
}

async function readWhole(server: ServerChild, token: Token, log: string): Promise<boolean> {
  const client = await openClient(server.port, token);
  const resumed = client.next('resumed');
  client.send(resume(log));
  const { events } = JSON.parse(await within(30, 'a log that was cut off before', resumed));
  client.close();
  return Array.isArray(events) && events.length >= messagesEach;
}
