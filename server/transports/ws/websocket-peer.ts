import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeReasons } from '../../protocol/version.ts';
import type { Beating, Heartbeat, Pulse } from './heartbeat.ts';
import { busyBytes, maxBacklogBytes } from './peer.ts';
import type { CloseReason, Link, Peer } from './peer.ts';

/** What a WebSocket runs on; TCP can be reset, which `Duplex` does not know. */
type Carrier = Duplex & { resetAndDestroy?: () => unknown };

export interface WebSocketPeerOptions {
  id: string;
  heartbeat: Heartbeat;
  stream: Carrier;
  /** Called for every socket that is gone. */
  onClosed: () => void;
}

/** Puts a `ws` socket behind `Peer`, with heartbeat and backlog cap; `makeLink` says what happens with frames. */
export function attachWebSocket(
  socket: WebSocket,
  options: WebSocketPeerOptions,
  makeLink: (peer: Peer) => Link,
): Peer {
  const peer = new WebSocketPeer(socket, options);
  const link = makeLink(peer);
  const pulse = options.heartbeat.add(peer);
  socket.on('message', (data, isBinary) => {
    pulse.heard();
    if (isBinary) peer.close(closeReasons.invalidFrame);
    else link.receive(data.toString());
  });
  // `ws` answers pings itself; they count like frames
  socket.on('ping', () => receiveControl(pulse, link));
  socket.on('pong', () => receiveControl(pulse, link));
  // what `ws` refuses (size, UTF-8, opcodes) arrives here; it has sent the code, and `close` follows
  socket.on('error', ignore);
  socket.on('close', () => {
    pulse.stop();
    peer.release();
    link.closed();
    options.onClosed();
  });
  return peer;
}

/** A class and no closures: there are as many of these as connections. */
class WebSocketPeer implements Peer, Beating {
  readonly id: string;
  readonly #socket: WebSocket;
  readonly #stream: Carrier;
  /** Who waits until more may be sent. */
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket, { id, stream }: WebSocketPeerOptions) {
    this.id = id;
    this.#socket = socket;
    this.#stream = stream;
  }

  send(frame: object): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(frame));
    if (socket.bufferedAmount > maxBacklogBytes) this.#cut(closeReasons.backlog);
  }

  close({ code, reason }: CloseReason): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, reason);
    // whoever floods is not listened to while the close is under way
    if (code === closeReasons.rateLimited.code) socket.pause();
  }

  isBusy(): boolean {
    return this.#socket.bufferedAmount >= busyBytes;
  }

  ready(): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN || !this.isBusy()) return Promise.resolve();
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) this.#stream.once('drain', () => this.release());
    });
  }

  /** Lets everybody go on who waits. */
  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  ping(): void {
    this.send({ type: 'ping' });
  }

  dead(): void {
    const { code, reason } = closeReasons.heartbeatMissed;
    this.#socket.close(code, reason);
    // the other side may still hear us: an end waits behind what TCP has no acknowledgement for, a reset does not
    this.#stream.resetAndDestroy?.();
    this.#socket.terminate();
  }

  /** For lines on which a close frame would wait behind what is not being read. */
  #cut({ code, reason }: CloseReason): void {
    this.#socket.close(code, reason);
    this.#socket.terminate();
  }
}

function receiveControl(pulse: Pulse, link: Link): void {
  pulse.heard();
  link.receiveControl();
}

function ignore(): void {}
