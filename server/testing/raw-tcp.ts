import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** The header and payload of one WebSocket frame, right or wrong. */
export interface RawFrameParts {
  opcode: number;
  payload?: Buffer | string;
  isFinal?: boolean;
  /** The three reserved bits, 0 to 7. */
  reserved?: number;
  isMasked?: boolean;
  /** What the header says; the payload's own length when left out. */
  length?: bigint;
}

/** A frame as bytes, without any check. */
export function encodeRawFrame(parts: RawFrameParts): Buffer {
  const { opcode, isFinal = true, reserved = 0, isMasked = true } = parts;
  const payload = Buffer.from(parts.payload ?? '');
  const mask = isMasked ? randomBytes(4) : Buffer.alloc(0);
  const body = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  return Buffer.concat([
    Buffer.from([first]),
    encodeLength(parts.length ?? BigInt(payload.length), isMasked),
    mask,
    body,
  ]);
}

function encodeLength(length: bigint, isMasked: boolean): Buffer {
  const bit = isMasked ? 0x80 : 0;
  if (length < 126n) return Buffer.from([bit | Number(length)]);
  if (length < 65_536n) return Buffer.from([bit | 126, Number(length >> 8n), Number(length & 0xffn)]);
  const long = Buffer.alloc(9);
  long[0] = bit | 127;
  long.writeBigUInt64BE(length, 1);
  return long;
}

/** A TCP connection that says what it likes. */
export interface RawTcp {
  socket: Socket;
  /** Everything that came, as Latin-1. */
  text(): string;
  /** Resolves when the line is gone, with the code of the server's close frame, or null. */
  closed: Promise<number | null>;
}

export function openTcp(url: string): RawTcp {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = new Promise<number | null>((resolve) => {
    socket.on('close', () => resolve(closeCodeOf(Buffer.concat(chunks))));
  });
  return { socket, text: () => Buffer.concat(chunks).toString('latin1'), closed };
}

/** The request of an upgrade, with more headers where the test wants some. */
export function upgradeRequest(url: string, path: string, headers: readonly string[] = []): string {
  const { host } = new URL(url);
  const key = randomBytes(16).toString('base64');
  const own = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...own,
    `Sec-WebSocket-Key: ${key}`,
    ...headers,
    '',
    '',
  ].join('\r\n');
}

/** A connection that is upgraded on `/ws/visitor`, ready for frames. */
export async function openUpgraded(url: string, headers: readonly string[] = []): Promise<RawTcp> {
  const tcp = openTcp(url);
  tcp.socket.write(upgradeRequest(url, '/ws/visitor', headers));
  await new Promise<void>((resolve, reject) => {
    tcp.socket.once('data', () => resolve());
    tcp.socket.once('close', () => reject(new Error('The line went before the upgrade.')));
  });
  return tcp;
}

/** The code of the first close frame among the frames of a server. */
function closeCodeOf(bytes: Buffer): number | null {
  const start = bytes.indexOf('\r\n\r\n');
  let at = start < 0 ? bytes.length : start + 4;
  while (at + 2 <= bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const from = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
    if (from > bytes.length) return null;
    const length =
      short === 127 ? bytes.readUInt32BE(at + 6) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
    if (((bytes[at] ?? 0) & 0x0f) === 8) return length < 2 ? null : bytes.readUInt16BE(from);
    at = from + length;
  }
  return null;
}
