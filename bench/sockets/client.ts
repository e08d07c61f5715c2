import { WebSocket } from 'ws';

export interface LoadClient {
  send(frame: object): void;
  /** Resolves with the next frame of this type. */
  next(type: string): Promise<void>;
  /** Frames of each type so far. */
  counts: Map<string, number>;
  close(): void;
}

/** One light client: greets as a visitor when it has a token, else not at all. */
export function openClient(port: number, token: string | null): Promise<LoadClient> {
  return new Promise((resolve, reject) => {
    const path = token === null ? '/' : '/ws/visitor?site=default';
    const socket = new WebSocket(`ws://127.0.0.1:${String(port)}${path}`, {
      origin: 'http://bench.example',
      perMessageDeflate: false,
    });
    const counts = new Map<string, number>();
    const waiting = new Map<string, () => void>();
    const client: LoadClient = {
      counts,
      send: (frame) => socket.send(JSON.stringify(frame)),
      next: (type) => new Promise((got) => waiting.set(type, got)),
      close: () => socket.terminate(),
    };
    socket.on('error', reject);
    socket.on('open', () => {
      if (token === null) resolve(client);
      else client.send({ type: 'hello', protocol: 1, site: 'default', token });
    });
    socket.on('message', (data) => {
      // the type is the first field of every frame
      const type = data.toString().slice(9, 40).split('"', 1)[0] ?? '';
      counts.set(type, (counts.get(type) ?? 0) + 1);
      if (type === 'welcome') resolve(client);
      const got = waiting.get(type);
      waiting.delete(type);
      got?.();
    });
    socket.on('close', () => reject(new Error('closed')));
  });
}

/** Opens many, some hundred at a time; gives up on none. */
export async function openMany(port: number, tokens: readonly (string | null)[]): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  let at = 0;
  async function worker(): Promise<void> {
    while (at < tokens.length) {
      const token = tokens[at] ?? null;
      at += 1;
      clients.push(await openClient(port, token));
    }
  }
  await Promise.all(Array.from({ length: 200 }, worker));
  return clients;
}
