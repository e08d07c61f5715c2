import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export type Direction = 'up' | 'down';

/** A relay for one client that cuts everything once, after an exact number of bytes. */
export interface CutProxy {
  port: number;
  /** Bytes that have passed, over all connections. */
  passed: Readonly<Record<Direction, number>>;
  /** True once it has cut. */
  hasCut(): boolean;
  close(): void;
}

/** `cut: null` lets everything pass and only counts. */
export async function startCutProxy(
  targetPort: number,
  cut: { direction: Direction; afterBytes: number } | null,
): Promise<CutProxy> {
  const passed = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  let hasCut = false;

  const cutAll = (): void => {
    hasCut = true;
    for (const socket of sockets) socket.destroy();
  };

  /** How many bytes of a chunk still go through before the cut. */
  const allowance = (direction: Direction): number =>
    cut === null || hasCut || cut.direction !== direction ? Infinity : cut.afterBytes - passed[direction];

  function pipe(from: Socket, to: Socket, direction: Direction): void {
    from.on('data', (chunk) => {
      const rest = allowance(direction);
      const through = chunk.subarray(0, Math.min(rest, chunk.byteLength));
      passed[direction] += through.byteLength;
      if (rest > chunk.byteLength) return void to.write(chunk);
      // what may pass has to arrive before the line goes
      if (through.byteLength === 0) cutAll();
      else to.write(through, () => setImmediate(cutAll));
      from.pause();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }

  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pipe(client, upstream, 'up');
    pipe(upstream, client, 'down');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    passed,
    hasCut: () => hasCut,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
