import { once } from 'node:events';
import type { Response } from 'express';
import type { ServerEvent } from './route.ts';

const heartbeatMs = 15_000;

function frame({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Writes and waits while the reader is slower than we are. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (!response.write(text)) await once(response, 'drain', { signal });
}

/**
 * Writes server-sent events until there are no more or the reader goes away. A failure of the source becomes a last
 * event `error`, made by `describe`; comments keep proxies from closing a quiet stream.
 */
export async function sendEvents(
  response: Response,
  events: AsyncIterable<ServerEvent>,
  signal: AbortSignal,
  describe: (error: unknown) => unknown,
): Promise<void> {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  try {
    for await (const event of events) await write(response, frame(event), signal);
  } catch (error) {
    if (!signal.aborted) await write(response, frame({ event: 'error', data: describe(error) }), signal);
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
