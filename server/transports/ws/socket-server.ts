import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { AppError, errorMessage } from '../../errors.ts';
import type { Bus } from '../../ports.ts';
import { maxFrameBytes } from '../../protocol/version.ts';
import { createAgentLink } from './agent-link.ts';
import type { AgentLinkDeps } from './agent-link.ts';
import { createConnections } from './connections.ts';
import type { Connections, OpenConnection } from './connections.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { Heartbeat } from './heartbeat.ts';
import { createSenderLimits } from './keyed-limit.ts';
import type { ClassAllowances } from './keyed-limit.ts';
import type { Link, Peer } from './peer.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { createSessionWatch } from './session-watch.ts';
import { createStreamServer } from './stream-server.ts';
import type { HttpResponse, StreamRequest } from './stream-server.ts';
import { admit } from './upgrade.ts';
import type { AdmissionDeps, Caller } from './upgrade.ts';
import { createVisitorLink } from './visitor-link.ts';
import type { VisitorLinkDeps } from './visitor-link.ts';
import { attachWebSocket } from './websocket-peer.ts';

/** How often each side is to give a sign of life. */
export const defaultHeartbeatMs = 25_000;

/** Twenty kilobytes each: 400 MB. */
const defaultMaxConnections = 20_000;
const wireLimits = {
  /** Milliseconds that the other side may take to agree to a close. */
  closeTimeout: 2_000,
  /** Frames and TCP chunks of one message: honest clients need one and about fifty. */
  maxFragments: 128,
  maxBufferedChunks: 1_024,
};

export interface SocketServerDeps
  extends
    Omit<AdmissionDeps, 'senderLimits'>,
    Omit<VisitorLinkDeps, 'heartbeatMs' | 'senderLimits'>,
    Omit<AgentLinkDeps, 'heartbeatMs' | 'senderLimits'> {
  bus: Bus;
  heartbeatMs?: number;
  sessionCheckMs?: number;
  random?: () => number;
  /** What may come from one person, address and site over all their connections; see `keyed-limit.ts`. */
  allowances?: Partial<ClassAllowances>;
  /** How long the frames of one POST may take to come in. */
  bodyTimeoutMs?: number;
  /** Connections that this instance holds at most. */
  maxConnections?: number;
}

/** `http.IncomingMessage`, as `ws` takes it. */
type HttpRequest = Parameters<WebSocketServer['handleUpgrade']>[0];

export interface SocketServer {
  /** Begins to listen for ended sessions and for frames that other instances hand on. */
  start(): Promise<void>;
  /** For `server.on('upgrade', ...)`. */
  handleUpgrade(request: HttpRequest, socket: Duplex, head: Buffer): void;
  /**
   * For every request before the HTTP app gets it: answers the fallback for networks without WebSocket (POST to
   * `/ws/visitor` and `/ws/agent`). False: the request is somebody else's.
   */
  handleRequest(request: StreamRequest, response: HttpResponse): boolean;
  /** Refuses newcomers, tells everybody when to come back, and resolves when all are gone. */
  drain(): Promise<void>;
  /** Cuts what is left. */
  close(): Promise<void>;
  /** Open connections, for the metrics. */
  count(): { visitors: number; agents: number };
}

const paths: Readonly<Record<string, Caller['kind']>> = { '/ws/visitor': 'visitor', '/ws/agent': 'agent' };

/** The live side of the server: who may connect, over WebSocket or the fallback, and what becomes of it. */
export function createSocketServer(given: SocketServerDeps): SocketServer {
  const heartbeat = createHeartbeat(given.heartbeatMs ?? defaultHeartbeatMs);
  const deps = {
    ...given,
    heartbeat,
    heartbeatMs: heartbeat.intervalMs,
    senderLimits: createSenderLimits(given.allowances),
  };
  const { instanceId } = deps.live.hub;
  const connections = createConnections();
  let isDraining = false;
  const closedBecause = (): string | null => {
    if (isDraining) return 'The server is going away. Come back in a moment.';
    const isFull = connections.size >= (given.maxConnections ?? defaultMaxConnections);
    return isFull ? 'The server is full. Come back in a moment.' : null;
  };
  const makeLink = (peer: Peer, caller: Caller): Link =>
    caller.kind === 'agent' ? createAgentLink(peer, caller, deps) : createVisitorLink(peer, caller, deps);
  const parts = { ...deps, instanceId, connections, makeLink, closedBecause };
  const upgrades = createUpgrades(parts);
  const streams = createStreamServer(parts);
  const sessions = createSessionWatch({
    ...deps,
    connections,
    livingSessions: (hashes) => deps.live.livingSessions(hashes),
  });

  return {
    async start() {
      await sessions.start();
      await streams.start();
    },
    handleUpgrade: upgrades.handle,
    handleRequest(request, response) {
      const kind = kindOf(request.url);
      return kind !== undefined && streams.handle(request, response, kind);
    },
    drain() {
      isDraining = true;
      return connections.drain(deps.random ?? Math.random);
    },
    async close() {
      isDraining = true;
      await sessions.close();
      await streams.close();
      connections.cutAll();
      heartbeat.close();
      upgrades.close();
    },
    count: connections.count,
  };
}

/** Which path of the protocol a request is for. */
function kindOf(url: string | undefined): Caller['kind'] | undefined {
  const path = (url ?? '/').split('?', 1)[0] ?? '/';
  return Object.hasOwn(paths, path) ? paths[path] : undefined;
}

interface UpgradeDeps extends AdmissionDeps, Pick<SocketServerDeps, 'ids' | 'logger'> {
  heartbeat: Heartbeat;
  connections: Connections;
  makeLink: (peer: Peer, caller: Caller) => Link;
  /** Why nobody may come in now, or null. */
  closedBecause: () => string | null;
}

/** Turns requests into sockets, or refuses them with an HTTP status. */
function createUpgrades(deps: UpgradeDeps) {
  const server = new WebSocketServer({
    noServer: true,
    // deflate costs 240 kB a connection and invites decompression bombs
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    clientTracking: false,
    ...wireLimits,
  });

  function attach(socket: WebSocket, stream: Duplex, caller: Caller): void {
    let connection: OpenConnection | null = null;
    const options = {
      id: deps.ids.uuid(),
      heartbeat: deps.heartbeat,
      stream,
      onClosed() {
        if (connection !== null) deps.connections.remove(connection);
      },
    };
    const peer = attachWebSocket(socket, options, (opened) => deps.makeLink(opened, caller));
    connection = { peer, caller, cut: () => socket.terminate() };
    deps.connections.add(connection);
  }

  async function upgrade(
    request: HttpRequest,
    socket: Duplex,
    head: Buffer,
    kind: Caller['kind'],
  ): Promise<void> {
    try {
      const admission = await admit(request, kind, deps);
      if (!admission.ok) return refuseUpgrade(socket, admission.status, admission.reason);
      const closed = deps.closedBecause();
      if (closed !== null) return refuseUpgrade(socket, 503, closed);
      if (socket.destroyed) return;
      socket.off('error', ignore);
      server.handleUpgrade(request, socket, head, (opened) => attach(opened, socket, admission.caller));
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'unavailable';
      if (!isAway) deps.logger.error('upgrade-failed', { cause: errorMessage(error) });
      refuseUpgrade(socket, isAway ? 503 : 500, 'The server cannot take connections now.');
    }
  }

  return {
    handle(request: HttpRequest, socket: Duplex, head: Buffer): void {
      // between here and the upgrade nobody else listens: a reset must not end the process
      socket.on('error', ignore);
      const kind = kindOf(request.url);
      const closed = deps.closedBecause();
      if (kind === undefined) refuseUpgrade(socket, 404, 'There is nothing here.');
      else if (closed !== null) refuseUpgrade(socket, 503, closed);
      else void upgrade(request, socket, head, kind);
    },
    close: () => server.close(),
  };
}

function ignore(): void {}
