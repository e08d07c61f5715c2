import type { WebSocket } from 'ws';
import { closeReasons } from '../../protocol/version.ts';
import { createBeat } from './beat.ts';
import { busyBytes, maxBacklogBytes } from './peer.ts';
import type { CloseReason, Link, Peer } from './peer.ts';

/** How long the other side may take to agree to a close. */
const closeTimeoutMs = 2_000;

export interface WebSocketPeerOptions {
  id: string;
  heartbeatMs: number;
  /** Called for every socket that is gone. */
  onClosed: () => void;
}

/** Puts a `ws` socket behind `Peer`, with heartbeat and backlog cap; `makeLink` says what happens with frames. */
export function attachWebSocket(
  socket: WebSocket,
  options: WebSocketPeerOptions,
  makeLink: (peer: Peer) => Link,
): Peer {
  const waiting = new Set<() => void>();

  function release(): void {
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  const peer: Peer = {
    id: options.id,
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify(frame), () => {
        if (socket.bufferedAmount < busyBytes) release();
      });
      if (socket.bufferedAmount > maxBacklogBytes) cut(closeReasons.backlog);
    },
    close({ code, reason }) {
      if (socket.readyState !== socket.OPEN) return;
      socket.close(code, reason);
      closeTimer ??= setTimeout(() => socket.terminate(), closeTimeoutMs);
    },
    isBusy: () => socket.bufferedAmount >= busyBytes,
    ready() {
      if (socket.readyState !== socket.OPEN || socket.bufferedAmount < busyBytes) return Promise.resolve();
      return new Promise((resolve) => waiting.add(resolve));
    },
  };

  /** For lines on which a close frame would wait behind what is not being read. */
  function cut({ code, reason }: CloseReason): void {
    socket.close(code, reason);
    socket.terminate();
  }

  let closeTimer: NodeJS.Timeout | null = null;
  const beat = createBeat(options.heartbeatMs, peer, () => cut(closeReasons.heartbeatMissed));

  const link = makeLink(peer);
  socket.on('message', (data, isBinary) => {
    beat.heard();
    if (isBinary) peer.close(closeReasons.invalidFrame);
    else link.receive(data.toString());
  });
  // what `ws` itself refuses (size, UTF-8, opcodes) arrives here and is followed by `close`
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    beat.stop();
    if (closeTimer !== null) clearTimeout(closeTimer);
    release();
    link.closed();
    options.onClosed();
  });
  return peer;
}
