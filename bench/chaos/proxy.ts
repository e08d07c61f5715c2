import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Random } from './random.ts';

/** A balancer before the instances that treats connections badly. */
export interface Proxy {
  port: number;
  /** From now on every connection is left in peace. */
  calm(): void;
  /** From now on the connections there are pass nothing this way, and nobody closes them; new ones work. */
  swallow(direction: 'up' | 'down'): void;
  /** What was done to connections so far. */
  counts: { connections: number; cuts: number; blackholes: number };
  close(): void;
}

export interface ProxyOptions {
  random: Random;
  /** Ports of the instances that are up. */
  backends: () => number[];
}

/** What happens to one direction of a connection. */
interface Fate {
  /** After this many bytes, at any byte offset; Infinity: never. */
  afterBytes: number;
  /** Cut the connection, or silently swallow everything from there on. */
  kind: 'cut' | 'blackhole';
}

export async function startProxy({ random, backends }: ProxyOptions): Promise<Proxy> {
  let isCalm = false;
  const sockets = new Set<Socket>();
  const lines = { up: new Set<Line>(), down: new Set<Line>() };
  const counts = { connections: 0, cuts: 0, blackholes: 0 };

  function draw(): Fate {
    const never: Fate = { afterBytes: Infinity, kind: 'cut' };
    if (isCalm || !random.chance(0.25)) return never;
    return { afterBytes: random.int(0, 4_000), kind: random.chance(0.2) ? 'blackhole' : 'cut' };
  }

  const server = createServer((client) => {
    counts.connections += 1;
    const ports = backends();
    const port = ports[random.int(0, Math.max(ports.length - 1, 0))];
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => client.destroy());
    if (port === undefined) return void client.destroy();
    const upstream = connect(port, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const watch = { isCalm: () => isCalm, counts, cut };
    const [up, down] = [pipe(client, upstream, draw(), watch), pipe(upstream, client, draw(), watch)];
    lines.up.add(up);
    lines.down.add(down);
    client.on('close', () => {
      lines.up.delete(up);
      lines.down.delete(down);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    counts,
    calm() {
      isCalm = true;
      // connections that swallow would otherwise wait for their heartbeat
      for (const socket of sockets) socket.destroy();
    },
    swallow(direction) {
      for (const line of lines[direction]) line.isSwallowing = true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

interface Watch {
  isCalm: () => boolean;
  counts: Proxy['counts'];
  cut: () => void;
}

/** One direction of a connection. */
interface Line {
  isSwallowing: boolean;
}

/** Passes bytes on until fate strikes. */
function pipe(from: Socket, to: Socket, fate: Fate, watch: Watch): Line {
  let passed = 0;
  const line: Line = { isSwallowing: false };
  from.on('data', (chunk) => {
    const rest = watch.isCalm() ? Infinity : fate.afterBytes - passed;
    passed += chunk.byteLength;
    if (line.isSwallowing) return;
    if (chunk.byteLength <= rest) {
      to.write(chunk);
      return;
    }
    to.write(chunk.subarray(0, rest));
    if (fate.kind === 'cut') {
      watch.counts.cuts += 1;
      watch.cut();
    } else {
      watch.counts.blackholes += 1;
      line.isSwallowing = true;
    }
  });
  from.on('error', watch.cut);
  from.on('close', watch.cut);
  return line;
}
