import type { Duplex } from 'node:stream';

const statusWords = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** When to knock again at a door that is closed for the moment, seconds. */
export const retryAfterS = 2;

/** Answers a request that wanted an upgrade with an HTTP status instead, and hangs up. */
export function refuseUpgrade(socket: Duplex, status: keyof typeof statusWords, reason: string): void {
  if (socket.destroyed) return;
  const body = `${reason}\n`;
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${statusWords[status]}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      ...(status === 429 || status === 503 ? [`Retry-After: ${String(retryAfterS)}`] : []),
      '',
      body,
    ].join('\r\n'),
  );
}
