import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay on loopback that can misbehave on command. */
export interface FaultProxy {
  readonly port: number;
  /** Connections open now. */
  count(): number;
  /** Resets every connection; new ones work. */
  cut(): void;
  /** While true nothing passes in either direction and nothing is closed: a dead network. */
  blackhole(isOn: boolean): void;
  /** While true new connections are closed at once. */
  refuse(isOn: boolean): void;
  close(): Promise<void>;
}

/** Relays to `host:port`. */
export async function createFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let isBlackhole = false;
  let isRefusing = false;

  const server = createServer((near) => {
    if (isRefusing) return near.destroy();
    const far = connect(target.port, target.host);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near]] satisfies [Socket, Socket][]) {
      from.on('data', (data) => to.write(data));
      from.on('error', end);
      from.on('close', end);
      if (isBlackhole) from.pause();
    }
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  return {
    port: address.port,
    count: () => pairs.size,
    cut() {
      for (const [near, far] of pairs) {
        near.resetAndDestroy();
        far.destroy();
      }
    },
    blackhole(isOn) {
      isBlackhole = isOn;
      for (const socket of [...pairs].flat()) {
        if (isOn) socket.pause();
        else socket.resume();
      }
    },
    refuse(isOn) {
      isRefusing = isOn;
    },
    async close() {
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}

/** The same URL with the proxy's address. */
export function throughProxy(url: string, proxy: Pick<FaultProxy, 'port'>): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(proxy.port);
  return changed.href;
}

/** Host and port of a URL. */
export function targetOf(url: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === '' ? defaultPort : Number(port) };
}
