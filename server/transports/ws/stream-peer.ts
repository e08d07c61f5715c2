import type { Writable } from 'node:stream';
import { closeReasons } from '../../protocol/version.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { CloseReason, Link, Peer } from './peer.ts';
import { busyBytes, maxBacklogBytes } from './peer.ts';

/** A response that stays open and is written to as it goes. */
export type StreamResponse = Writable & {
  readonly writableLength: number;
  readonly socket?: { resetAndDestroy(): unknown } | null;
};

export interface StreamPeer {
  peer: Peer;
  /** Frames that came by POST. */
  receive(texts: readonly string[]): void;
}

/** One server-sent event. Frames are JSON, so they hold no line breaks. */
export function toEvent(frame: object): string {
  return `data: ${JSON.stringify(frame)}\n\n`;
}

/** Puts an event stream behind `Peer`, with the heartbeat and the backlog cap of a socket. */
export function attachStream(
  response: StreamResponse,
  options: { id: string; heartbeat: Heartbeat; onClosed: () => void },
  makeLink: (peer: Peer) => Link,
): StreamPeer {
  let isOpen = true;
  const waiting = new Set<() => void>();

  function release(): void {
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  function end(reason: CloseReason, isCut: boolean): void {
    if (!isOpen) return;
    // the close of a socket has a code and a reason; here it is the last event
    if (isCut) response.destroy();
    else response.end(toEvent({ type: 'stream-closed', code: reason.code, reason: reason.reason }));
  }

  const peer: Peer = {
    id: options.id,
    send(frame) {
      if (!isOpen || response.writableEnded) return;
      response.write(toEvent(frame));
      if (response.writableLength > maxBacklogBytes) end(closeReasons.backlog, true);
    },
    close: (reason) => end(reason, false),
    isBusy: () => response.writableLength >= busyBytes,
    ready() {
      if (!isOpen || response.writableLength < busyBytes) return Promise.resolve();
      return new Promise((resolve) => waiting.add(resolve));
    },
  };

  const pulse = options.heartbeat.add({
    ping: () => peer.send({ type: 'ping' }),
    dead() {
      // who may still hear us learns it at once, as over a WebSocket
      response.socket?.resetAndDestroy();
      response.destroy();
    },
  });
  const link = makeLink(peer);
  response.on('drain', release);
  response.on('error', () => response.destroy());
  response.on('close', () => {
    if (!isOpen) return;
    isOpen = false;
    pulse.stop();
    release();
    link.closed();
    options.onClosed();
  });
  return {
    peer,
    receive(texts) {
      pulse.heard();
      for (const text of texts) if (isOpen) link.receive(text);
    },
  };
}
