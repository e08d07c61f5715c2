// eslint-disable-next-line no-restricted-imports -- it serves; requests to the outside go through ingest/fetch.ts
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, errorMessage } from './errors.ts';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  handleRequest: RequestListener;
  handleUpgrade: UpgradeListener;
  limits?: Partial<HttpLimits>;
}

/** How long a client may take, milliseconds. */
export interface HttpLimits {
  /** For the headers of a request. */
  headersMs: number;
  /** For a whole request, upload included. */
  requestMs: number;
  /** How often the two are looked after: they are over by this much at most. */
  checkMs: number;
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** Takes no more requests, lets the running ones end for a while, then cuts them. */
  close(): Promise<void>;
}

/** Slow headers are cut off within 10 s (reliability map, A4). */
export const defaultHttpLimits: HttpLimits = { headersMs: 8_000, requestMs: 300_000, checkMs: 2_000 };
/** Longer than the idle time of common proxies (60 s), so that they never write into a closing connection. */
const keepAliveTimeoutMs = 65_000;
const maxHeaderBytes = 16 * 1024;
const drainMs = 5000;
const idleCheckMs = 50;

function explain(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new AppError('start-failed', `Port ${port} is already in use.`, {
        fix: `Stop what uses it, or choose another port: PORT=${port + 1} npm start`,
      });
    case 'EACCES':
      return new AppError('start-failed', `This user may not listen on port ${port}.`, {
        fix: 'Choose a port of 1024 or above with PORT.',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AppError('start-failed', `HOST ${host} is no address of this machine.`, {
        fix: 'Use 127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses.',
      });
    default:
      return new AppError('start-failed', `The server cannot listen: ${errorMessage(error)}`, {
        cause: error,
      });
  }
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen({ host, port }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'));
      else resolve(address);
    });
  });
}

/**
 * Starts to listen, with limits against slow and oversized requests.
 * @throws AppError `start-failed` when the port or the address cannot be had.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits = { ...defaultHttpLimits, ...options.limits };
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: maxHeaderBytes,
    },
    options.handleRequest,
  );
  server.on('upgrade', options.handleUpgrade);
  const { port } = await listen(server, options.host, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), drainMs);
        // A connection that was busy when the closing began is kept alive after its answer.
        const tidy = setInterval(() => server.closeIdleConnections(), idleCheckMs);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(tidy);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** How this machine reaches the server, whatever browsers use. */
export function localUrl(host: string, port: number): string {
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
