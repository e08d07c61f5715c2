import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { AppError, errorMessage } from '../../errors.ts';
import type { Bus } from '../../ports.ts';
import { closeReasons, maxFrameBytes } from '../../protocol/version.ts';
import { sessionRevokedChannel, sessionRevokedSchema } from '../../services/access-revoked.ts';
import { createAgentLink } from './agent-link.ts';
import type { AgentLinkDeps } from './agent-link.ts';
import type { Peer } from './peer.ts';
import { admit } from './upgrade.ts';
import type { AdmissionDeps, Caller } from './upgrade.ts';
import { createVisitorLink } from './visitor-link.ts';
import type { VisitorLinkDeps } from './visitor-link.ts';
import { attachWebSocket } from './websocket-peer.ts';

/** How often each side is to give a sign of life. */
export const defaultHeartbeatMs = 25_000;
/** Clients of a server that goes away come back spread over this time per 1,000 connections. */
const drainSpreadMsPerThousand = 1_000;
const minDrainSpreadMs = 1_000;
/** Connections that have not agreed to the end of the service by then are cut. */
const drainTimeoutMs = 8_000;

export interface SocketServerDeps
  extends AdmissionDeps, Omit<VisitorLinkDeps, 'heartbeatMs'>, Omit<AgentLinkDeps, 'heartbeatMs'> {
  bus: Bus;
  heartbeatMs?: number;
  random?: () => number;
}

/** `http.IncomingMessage`, as `ws` takes it. */
type HttpRequest = Parameters<WebSocketServer['handleUpgrade']>[0];

export interface SocketServer {
  /** Begins to listen for ended sessions. */
  start(): Promise<void>;
  /** For `server.on('upgrade', ...)`. */
  handleUpgrade(request: HttpRequest, socket: Duplex, head: Buffer): void;
  /** Refuses newcomers, tells everybody when to come back, and resolves when all are gone. */
  drain(): Promise<void>;
  /** Cuts what is left. */
  close(): Promise<void>;
  /** Open connections, for the metrics. */
  count(): { visitors: number; agents: number };
}

const paths: Readonly<Record<string, Caller['kind']>> = { '/ws/visitor': 'visitor', '/ws/agent': 'agent' };

/** The WebSocket side of the server: who may connect, and what becomes of the connections. */
export function createSocketServer(deps: SocketServerDeps): SocketServer {
  const server = new Server(deps);
  return {
    start: () => server.start(),
    handleUpgrade: (request, socket, head) => server.handleUpgrade(request, socket, head),
    drain: () => server.drain(),
    close: () => server.close(),
    count: () => server.count(),
  };
}

class Server implements SocketServer {
  readonly #deps: SocketServerDeps & { heartbeatMs: number };
  readonly #wss = new WebSocketServer({
    noServer: true,
    // deflate costs 240 kB a connection and invites decompression bombs
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    clientTracking: false,
  });
  readonly #open = new Map<WebSocket, { peer: Peer; caller: Caller }>();
  readonly #random: () => number;
  #isDraining = false;
  #unsubscribe: (() => Promise<void>) | null = null;
  #emptied: (() => void) | null = null;

  constructor(deps: SocketServerDeps) {
    this.#deps = { ...deps, heartbeatMs: deps.heartbeatMs ?? defaultHeartbeatMs };
    this.#random = deps.random ?? Math.random;
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#deps.bus.subscribe(sessionRevokedChannel, (message) =>
      this.#revoked(message),
    );
  }

  handleUpgrade(request: HttpRequest, socket: Duplex, head: Buffer): void {
    // between here and the upgrade nobody else listens: a reset must not end the process
    socket.on('error', ignore);
    const kind = paths[new URL(request.url ?? '/', 'http://localhost').pathname];
    if (kind === undefined) refuse(socket, 404, 'There is nothing here.');
    else if (this.#isDraining) refuse(socket, 503, 'The server is going away. Come back in a moment.');
    else void this.#upgrade(request, socket, head, kind);
  }

  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#open.size === 0) return;
    const spreadMs = Math.max(minDrainSpreadMs, (this.#open.size / 1000) * drainSpreadMsPerThousand);
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    for (const { peer } of this.#open.values()) {
      peer.send({ type: 'draining', reconnectAfterMs: Math.floor(this.#random() * spreadMs) });
      peer.close(closeReasons.draining);
    }
    const timer = setTimeout(() => this.#cutAll(), drainTimeoutMs);
    await emptied;
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.#isDraining = true;
    await this.#unsubscribe?.();
    this.#cutAll();
    this.#wss.close();
  }

  count(): { visitors: number; agents: number } {
    const agents = [...this.#open.values()].filter(({ caller }) => caller.kind === 'agent').length;
    return { agents, visitors: this.#open.size - agents };
  }

  async #upgrade(request: HttpRequest, socket: Duplex, head: Buffer, kind: Caller['kind']): Promise<void> {
    try {
      const admission = await admit(request, kind, this.#deps);
      if (!admission.ok) return refuse(socket, admission.status, admission.reason);
      if (this.#isDraining) return refuse(socket, 503, 'The server is going away. Come back in a moment.');
      if (socket.destroyed) return;
      socket.off('error', ignore);
      this.#wss.handleUpgrade(request, socket, head, (opened) => this.#attach(opened, admission.caller));
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'unavailable';
      if (!isAway) this.#deps.logger.error('upgrade-failed', { cause: errorMessage(error) });
      refuse(socket, isAway ? 503 : 500, 'The server cannot take connections now. Come back in a moment.');
    }
  }

  #attach(socket: WebSocket, caller: Caller): void {
    const options = {
      id: this.#deps.ids.uuid(),
      heartbeatMs: this.#deps.heartbeatMs,
      onClosed: () => this.#closed(socket),
    };
    const peer = attachWebSocket(socket, options, (newPeer) =>
      caller.kind === 'agent'
        ? createAgentLink(newPeer, caller, this.#deps)
        : createVisitorLink(newPeer, caller, this.#deps),
    );
    this.#open.set(socket, { peer, caller });
  }

  #closed(socket: WebSocket): void {
    this.#open.delete(socket);
    if (this.#open.size === 0) this.#emptied?.();
  }

  #cutAll(): void {
    for (const socket of [...this.#open.keys()]) socket.terminate();
  }

  /** A session has ended somewhere: its sockets end here. */
  #revoked(message: unknown): void {
    const parsed = sessionRevokedSchema.safeParse(message);
    if (!parsed.success) return;
    const { agentId, sessionHash } = parsed.data;
    for (const { peer, caller } of this.#open.values()) {
      if (caller.kind !== 'agent' || caller.account.id !== agentId) continue;
      if (sessionHash === null || sessionHash === caller.sessionHash) peer.close(closeReasons.sessionRevoked);
    }
  }
}

const statusWords = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

function ignore(): void {}

/** Answers a request that wanted an upgrade with an HTTP status instead. */
function refuse(socket: Duplex, status: keyof typeof statusWords, reason: string): void {
  if (socket.destroyed) return;
  const body = `${reason}\n`;
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${statusWords[status]}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      '',
      body,
    ].join('\r\n'),
  );
}
