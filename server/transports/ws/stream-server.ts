import { z } from 'zod';
import { AppError, errorMessage } from '../../errors.ts';
import type { Bus, Ids, Logger } from '../../ports.ts';
import { maxFrameBytes } from '../../protocol/version.ts';
import type { Connections, OpenConnection } from './connections.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Link, Peer } from './peer.ts';
import { readBody } from './read-body.ts';
import type { BodySource } from './read-body.ts';
import { retryAfterS } from './refuse-upgrade.ts';
import { createStreamRelay } from './stream-relay.ts';
import { attachStream } from './stream-peer.ts';
import type { StreamPeer, StreamResponse } from './stream-peer.ts';
import { admit } from './upgrade.ts';
import type { AdmissionDeps, Caller, UpgradeRequest } from './upgrade.ts';

/** Header of a POST that carries frames: which stream they belong to. */
export const streamHeader = 'x-deskbell-stream';

/** Proxies must neither keep nor gather what goes by. */
const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Frames in one POST, at most; what is more waits for the next. */
const maxFramesPerPost = 50;

/** The parts of `http.IncomingMessage` that are used. */
export interface StreamRequest extends UpgradeRequest, BodySource {
  method?: string | undefined;
  headers: UpgradeRequest['headers'] & Record<string, string | string[] | undefined>;
}

/** The parts of `http.ServerResponse` that are used. */
export interface HttpResponse extends StreamResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  flushHeaders(): void;
}

export interface StreamServerDeps extends AdmissionDeps {
  bus: Bus;
  ids: Ids;
  logger: Logger;
  instanceId: string;
  heartbeat: Heartbeat;
  connections: Connections;
  /** How long the frames of one POST may take to come in. */
  bodyTimeoutMs?: number;
  /** Why nobody may come in now, or null. */
  closedBecause: () => string | null;
  makeLink: (peer: Peer, caller: Caller) => Link;
}

/**
 * The way in for those whose network lets no WebSocket through: the same frames, down as server-sent events, up
 * as POST. A POST to another instance than the stream's is handed on over the bus.
 */
export function createStreamServer(deps: StreamServerDeps) {
  const streams = new Map<string, StreamPeer>();
  const relay = createStreamRelay(deps, (key, texts) => {
    const stream = streams.get(key);
    stream?.receive(texts);
    return stream !== undefined;
  });

  async function open(request: StreamRequest, response: HttpResponse, kind: Caller['kind']): Promise<void> {
    const closed = deps.closedBecause();
    if (closed !== null) return refuse(response, 503, closed);
    // a page always sends its Origin with a POST; cookies without one do not count here either
    const admission = await admit(request, kind, deps);
    if (!admission.ok) return refuse(response, admission.status, admission.reason);
    if (response.destroyed) return;
    const key = `${deps.instanceId}.${deps.ids.secret(24)}`;
    const { caller } = admission;
    response.writeHead(200, streamHeaders);
    let connection: OpenConnection | null = null;
    const options = {
      id: deps.ids.uuid(),
      heartbeat: deps.heartbeat,
      onClosed() {
        streams.delete(key);
        if (connection !== null) deps.connections.remove(connection);
      },
    };
    const stream = attachStream(response, options, (peer) => deps.makeLink(peer, caller));
    connection = { peer: stream.peer, caller, cut: () => response.destroy() };
    deps.connections.add(connection);
    streams.set(key, stream);
    stream.peer.send({ type: 'stream-opened', stream: key });
  }

  async function post(request: StreamRequest, response: HttpResponse, key: string): Promise<void> {
    const admission = await admitPost(request, deps);
    if (!admission) return refuse(response, 403, 'This page may not connect here.');
    const texts = readFrames(await readBody(request, maxFrameBytes, deps.bodyTimeoutMs));
    const known = streams.get(key);
    if (known !== undefined) known.receive(texts);
    else if (!(await relay.send(key, texts)))
      return refuse(response, 410, 'That stream is gone. Open another.');
    response.writeHead(204, {});
    response.end();
  }

  return {
    start: relay.start,
    close: relay.close,
    /** Answers requests to the two paths of the protocol; false for everything else. */
    handle(request: StreamRequest, response: HttpResponse, kind: Caller['kind']): boolean {
      if (request.method !== 'POST') return false;
      const key = request.headers[streamHeader];
      const work = typeof key === 'string' ? post(request, response, key) : open(request, response, kind);
      work.catch((error: unknown) => {
        const status = error instanceof AppError ? (statuses[error.code] ?? 500) : 500;
        if (status === 500) deps.logger.error('stream-failed', { cause: errorMessage(error) });
        refuse(response, status, 'That did not work. Try again in a moment.');
      });
      return true;
    },
  };
}

const statuses: Readonly<Record<string, number>> = {
  unavailable: 503,
  'invalid-request': 400,
  'too-large': 413,
};

/** Who holds the stream's name may write to it, but not from a foreign page. */
async function admitPost(request: StreamRequest, deps: AdmissionDeps): Promise<boolean> {
  const { origin, host } = request.headers;
  const anonymous = { url: '/', headers: { origin, host } };
  return (await admit(anonymous, 'visitor', deps)).ok;
}

const framesSchema = z.array(z.record(z.string(), z.unknown())).max(maxFramesPerPost);

/** The frames of a POST, each as the text that a socket would have brought. */
function readFrames(body: string): string[] {
  try {
    return framesSchema.parse(JSON.parse(body)).map((frame) => JSON.stringify(frame));
  } catch {
    throw new AppError('invalid-request', 'Send a JSON list of frames.');
  }
}

function refuse(response: HttpResponse, status: number, reason: string): void {
  if (response.destroyed || response.writableEnded) return;
  const retry = status === 429 || status === 503 ? { 'retry-after': String(retryAfterS) } : {};
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, { ...type, ...retry });
  response.end(`${reason}\n`);
}
