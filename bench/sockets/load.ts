import { openLightSocket } from './light-socket.ts';
import type { LightSocket } from './light-socket.ts';

/** Somebody who connects: a visitor with a session, or, to the bare server, nobody in particular. */
export type Token = string | null;

/** Connections opened at the same time. */
const atOnce = 200;
const perAddress = 20_000;
const maxAttempts = 20;

let opened = 0;

/** One client; as a visitor it says hello and waits for the welcome. */
export async function openClient(port: number, token: Token): Promise<LightSocket> {
  opened += 1;
  const localAddress = `127.0.0.${String(2 + (Math.floor(opened / perAddress) % 50))}`;
  const path = token === null ? '/' : '/ws/visitor?site=default';
  const client = await openLightSocket({ port, path, localAddress });
  if (token === null) return client;
  const welcome = client.next('welcome');
  client.send({ type: 'hello', protocol: 1, site: 'default', token });
  await welcome;
  return client;
}

/** Opens many, some hundred at a time; who is turned away tries again, as real clients do. */
export async function openMany(port: number, tokens: readonly Token[]): Promise<LightSocket[]> {
  return forEachOf(tokens, atOnce, (token) => openPatiently(port, token));
}

async function openPatiently(port: number, token: Token): Promise<LightSocket> {
  for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
    const client = await openClient(port, token).catch(() => null);
    if (client !== null) return client;
    await wait(Math.random() * 500 * attempt);
  }
  return openClient(port, token);
}

/** Runs `work` for each item, `parallel` at a time, and keeps the order of the results. */
export async function forEachOf<Item, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let at = 0;
  async function worker(): Promise<void> {
    for (;;) {
      const index = at;
      at += 1;
      const item = items[index];
      if (index >= items.length || item === undefined) return;
      results[index] = await work(item, index);
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker));
  return results;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Middle and tail of some durations, milliseconds. */
export interface Spread {
  p50: number;
  p99: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

/** Two places after the point. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
