import type { WebSocket } from 'ws';
import { visitorServerFrameSchema } from '../protocol/visitor.ts';
import { until } from './socket-stack.ts';

/** A frame as it came, unparsed beyond JSON. */
export type RawFrame = Record<string, unknown> & { type: string };

/** A bare socket with everything it got, for what the reference client would never do. */
export interface RawSocket {
  frames: RawFrame[];
  send(frame: object | string): void;
  /** The first frame that fits; waits for it. */
  next(matches: (frame: RawFrame) => boolean): Promise<RawFrame>;
  /** Resolves with the code and reason of the close. */
  closed: Promise<{ code: number; reason: string }>;
  /** The HTTP status that the upgrade was refused with, or 101. */
  status: Promise<number>;
  socket: WebSocket;
}

/** Listens to a socket that has just been made. */
export function listenRaw(socket: WebSocket): RawSocket {
  const frames: RawFrame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(data.toString())));
  socket.on('error', () => {});
  const status = new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return {
    frames,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next: (matches) =>
      until(
        () => frames.find(matches),
        () => frames,
      ),
    closed,
    status,
    socket,
  };
}

/** Says hello as a visitor of `site`, or without a token as an agent, and waits for the welcome. */
export async function greet(raw: RawSocket, token?: string, site = 'default'): Promise<RawFrame> {
  await raw.status;
  raw.send({ type: 'hello', protocol: 1, ...(token === undefined ? {} : { site, token }) });
  return raw.next((frame) => frame.type === 'welcome');
}

/** The numbers of all events that a visitor's socket got, in the order in which they came. */
export function seqsOf(raw: RawSocket): number[] {
  return raw.frames.flatMap((frame) => {
    const parsed = visitorServerFrameSchema.parse(frame);
    if (parsed.type === 'resumed') return parsed.events.map((event) => event.seq);
    return parsed.type === 'event' ? [parsed.event.seq] : [];
  });
}
