import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import { openLightSocket } from './light-socket.ts';
import type { LightSocket } from './light-socket.ts';
import { forEachOf, round, spreadOf, wait } from './load.ts';
import { createTalk } from './round-trip.ts';
import { within } from './within.ts';

const talkerCount = 50;
const manyCount = 200;
const partMs = 6_000;
const stepMs = 20;

/**
 * I3, under the limits of the product: one who sends 5,000 messages a second, then 200 who send 50 each, coming back
 * whenever they are cut off; what others notice who talk meanwhile.
 */
export async function measureFlood(server: ServerChild, tokens: readonly string[]) {
  const talkers = await forEachOf(tokens.slice(0, talkerCount), 20, (token, index) =>
    enter(server.port, token, index),
  );
  const talks = talkers.map((client) => createTalk(client, 'ack'));
  await talkFor(talks);
  const alone = await talkFor(talks);
  const many = tokens.slice(talkerCount, talkerCount + manyCount);
  const one = await floodBeside(server, many.slice(0, 1), 5_000, () => talkFor(talks));
  const all = await floodBeside(server, many, 50, () => talkFor(talks));
  for (const client of talkers) client.close();
  return { alone: spreadOf(alone), besideOne: one, besideMany: all };
}

async function enter(port: number, token: string, index: number): Promise<LightSocket> {
  const localAddress = `127.0.1.${String(1 + (index % 250))}`;
  const client = await openLightSocket({ port, path: '/ws/visitor?site=default', localAddress });
  const welcome = client.next('welcome');
  client.send({ type: 'hello', protocol: 1, site: 'default', token });
  await within(20, 'a welcome', welcome);
  return client;
}

async function talkFor(talks: readonly (() => Promise<number>)[]): Promise<number[]> {
  const times: number[] = [];
  const startedAt = performance.now();
  const speak = async (talk: () => Promise<number>, index: number): Promise<void> => {
    await wait((index / talks.length) * 1_000);
    while (performance.now() - startedAt < partMs) {
      const ms = await within(30, 'the ack of somebody who talks beside the flood', talk());
      times.push(ms);
      await wait(Math.max(0, 1_000 - ms));
    }
  };
  await Promise.all(talks.map(speak));
  return times;
}

async function floodBeside(
  server: ServerChild,
  tokens: readonly string[],
  perSecond: number,
  talk: () => Promise<number[]>,
) {
  const codes = new Map<string, number>();
  const counts = { sent: 0, acks: 0, nacks: 0, turnedAway: 0 };
  let isOver = false;
  const flood = async (token: string, index: number): Promise<void> => {
    while (!isOver) {
      // addresses of their own, away from those who talk
      const client = await enter(server.port, token, 60 + (index % 190)).catch(() => null);
      if (client === null) {
        counts.turnedAway += 1;
        await wait(200);
        continue;
      }
      let isCut = false;
      const closed = client.closed.then((code) => {
        isCut = true;
        if (!isOver) codes.set(String(code), (codes.get(String(code)) ?? 0) + 1);
      });
      const conversationId = systemIds.uuid();
      while (!isCut && !isOver) {
        for (let at = 0; at < (perSecond * stepMs) / 1_000; at += 1) {
          client.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text: 'Flood' });
          counts.sent += 1;
        }
        await wait(stepMs);
      }
      client.close();
      await closed;
      counts.acks += client.counts.get('ack') ?? 0;
      counts.nacks += client.counts.get('nack') ?? 0;
    }
  };
  const before = await server.usage();
  const flooding = Promise.all(tokens.map(flood));
  const times = await talk();
  isOver = true;
  await within(30, 'the end of the flood', flooding);
  const cpuMs = (await server.usage()).cpuMs - before.cpuMs;
  return {
    ...spreadOf(times),
    ...counts,
    closeCodes: Object.fromEntries(codes),
    busyShare: round(cpuMs / partMs),
  };
}
