import { execFileSync } from 'node:child_process';

/** Two namespaces beside our own: a router in the middle, and the one that instances live in. */
export interface Nets {
  /** Where instances listen, as seen from here. */
  serverAddress: string;
  /** Prefix of a command that runs it beside the instances. */
  inServer: readonly string[];
  /** From now on the router silently drops what goes this way; null: everything passes. */
  blackhole(direction: 'up' | 'down' | null): void;
  remove(): void;
}

const client = '10.213.1.1';
const routerNear = '10.213.1.2';
const routerFar = '10.213.2.1';
const server = '10.213.2.2';

/**
 * Real network namespaces, so that the kernel itself loses packets of one direction and no connection is closed:
 * here -> router -> server. Needs root and Debian's iproute2.
 */
export function createNets(): Nets {
  const id = String(process.pid % 10_000);
  const [router, far] = [`dbr${id}`, `dbs${id}`];
  const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
  const link = (near: string, other: string, peerNet: string): void => {
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', other);
    ip('link', 'set', other, 'netns', peerNet);
  };
  const up = (net: string, device: string, address: string): void => {
    ip('-n', net, 'addr', 'add', `${address}/24`, 'dev', device);
    ip('-n', net, 'link', 'set', device, 'up');
  };
  ip('netns', 'add', router);
  ip('netns', 'add', far);
  link(`dbc${id}`, 'near', router);
  ip('addr', 'add', `${client}/24`, 'dev', `dbc${id}`);
  ip('link', 'set', `dbc${id}`, 'up');
  up(router, 'near', routerNear);
  ip('-n', router, 'link', 'add', 'far', 'type', 'veth', 'peer', 'name', 'eth');
  ip('-n', router, 'link', 'set', 'eth', 'netns', far);
  up(router, 'far', routerFar);
  up(far, 'eth', server);
  ip('netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  ip('route', 'add', '10.213.2.0/24', 'via', routerNear);
  ip('-n', far, 'route', 'add', 'default', 'via', routerFar);

  return {
    serverAddress: server,
    inServer: ['ip', 'netns', 'exec', far],
    blackhole(direction) {
      for (const target of [client, server]) {
        const isLost =
          (direction === 'up' && target === server) || (direction === 'down' && target === client);
        try {
          ip('-n', router, 'route', isLost ? 'replace' : 'del', 'blackhole', `${target}/32`);
        } catch {
          // there was none to take away
        }
      }
    },
    remove() {
      for (const net of [router, far]) ip('netns', 'del', net);
      try {
        ip('link', 'del', `dbc${id}`);
      } catch {
        // it went with its peer
      }
    },
  };
}
