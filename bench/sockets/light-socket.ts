import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/**
 * The least that can load a WebSocket server: no masking work, no validation, no object per frame. A load client
 * that is as heavy as the server would measure itself.
 */
export interface LightSocket {
  send(frame: object): void;
  /** Resolves with the next frame of this type; rejects when the line goes. */
  next(type: string): Promise<string>;
  /** Frames of each type so far. */
  readonly counts: ReadonlyMap<string, number>;
  /** Bytes of text in the frames of answers so far. */
  textBytes(): number;
  /** Stops or goes on with reading. */
  pause(): void;
  resume(): void;
  /** Resolves when the line is gone, with the code of the close frame, or null. */
  readonly closed: Promise<number | null>;
  close(): void;
}

export interface LightOptions {
  port: number;
  path: string;
  /** Loopback has many addresses; each has its own ports. */
  localAddress?: string;
}

/** Connects and upgrades; rejects with the status when it is refused. */
export function openLightSocket({ port, path, localAddress }: LightOptions): Promise<LightSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    const key = randomBytes(16).toString('base64');
    socket.setNoDelay(true);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: bench.example\r\nOrigin: http://bench.example\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    let head = Buffer.alloc(0);
    const onHead = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onHead);
      const status = head.toString('latin1', 9, 12);
      if (status === '101') return resolve(speak(socket, head.subarray(end + 4)));
      socket.destroy();
      reject(new Error(`The upgrade was answered with ${status}.`));
    };
    socket.on('data', onHead);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The line went before the upgrade.')));
  });
}

function speak(socket: ReturnType<typeof connect>, rest: Buffer): LightSocket {
  const counts = new Map<string, number>();
  const waiting = new Map<string, { got: (text: string) => void; gone: (error: Error) => void }>();
  let closeCode: number | null = null;
  let textBytes = 0;
  let buffer = rest;

  function take(opcode: number, payload: Buffer): void {
    if (opcode === closeOpcode) closeCode = payload.length < 2 ? null : payload.readUInt16BE(0);
    if (opcode !== textOpcode) return;
    // the type is the first field of every frame
    const type = payload.toString('latin1', 9, 40).split('"', 1)[0] ?? '';
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (type === 'ping') socket.write(pong);
    // the text is the last field of such a frame, and nothing in it needs an escape here
    if (type === 'answer-delta') textBytes += payload.length - payload.lastIndexOf('"', -3) - 3;
    const waiter = waiting.get(type);
    waiting.delete(type);
    waiter?.got(payload.toString());
  }

  function read(chunk: Buffer): void {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    for (let frame = firstFrame(buffer); frame !== null; frame = firstFrame(buffer)) {
      take(frame.opcode, buffer.subarray(frame.start, frame.end));
      buffer = buffer.subarray(frame.end);
    }
  }

  const closed = new Promise<number | null>((resolve) => {
    socket.once('close', () => {
      for (const { gone } of waiting.values()) gone(new Error('The line is gone.'));
      resolve(closeCode);
    });
  });
  socket.on('error', () => {});
  socket.on('data', read);
  read(Buffer.alloc(0));
  return {
    send: (frame) => void socket.write(masked(JSON.stringify(frame))),
    next: (type) =>
      new Promise((got, gone) => {
        if (socket.destroyed) gone(new Error('The line is gone.'));
        else waiting.set(type, { got, gone });
      }),
    counts,
    textBytes: () => textBytes,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    closed,
    close: () => void socket.destroy(),
  };
}

const textOpcode = 1;
const closeOpcode = 8;

/** The first whole frame of what has come, or null. */
function firstFrame(buffer: Buffer): { opcode: number; start: number; end: number } | null {
  if (buffer.length < 2) return null;
  const opcode = (buffer[0] ?? 0) & 0x0f;
  const short = (buffer[1] ?? 0) & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (buffer.length < start) return null;
  const length = short === 127 ? buffer.readUInt32BE(6) : short === 126 ? buffer.readUInt16BE(2) : short;
  return buffer.length < start + length ? null : { opcode, start, end: start + length };
}

const pong = masked('{"type":"pong"}');

/** A text frame with a mask of zeros, which leaves the payload as it is. */
function masked(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 6 : 8;
  const frame = Buffer.alloc(head + length);
  frame[0] = 0x81;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.write(text, head);
  return frame;
}
