import { createTimers } from './timers.ts';
import type { ClientOptions, SocketLike } from './types.ts';

/** A WebSocket that has brought nothing by then is blocked somewhere on the way. */
const patienceMs = 2_500;
/** How often it is tried whether WebSocket works again, at first; the pause doubles up to the cap. */
const defaultProbeMs = 30_000;
const maxProbeMs = 10 * 60_000;

/** Close reason of a fallback that is no longer needed. */
export const betterWay = 'better-way';

export interface TransportOptions {
  openWebSocket: (url: string) => SocketLike;
  /** Null: there is no other way. */
  openFallback: ((url: string) => SocketLike | Promise<SocketLike>) | null;
  firstProbeMs: number;
}

/** Fetched only where it is needed: most networks let WebSocket through. */
async function loadFallback(url: string): Promise<SocketLike> {
  const { createStreamSocket } = await import('./stream-socket.ts');
  return createStreamSocket(url);
}

/** How a client with these options reaches the server; own ways replace the browser's. */
export function transportOf(options: Pick<ClientOptions, 'openSocket' | 'openFallback' | 'probeMs'>) {
  const { openSocket, openFallback } = options;
  return createTransport({
    firstProbeMs: options.probeMs ?? defaultProbeMs,
    openWebSocket: openSocket ?? ((url) => new WebSocket(url)),
    openFallback: openFallback ?? (openSocket === undefined ? loadFallback : null),
  });
}

/**
 * Gives sockets that open over WebSocket where that works and over the fallback where it does not: the answer is
 * an error, nothing comes at all, or the upgrade succeeds and nothing follows. Tries WebSocket again from time to
 * time, and closes the fallback when it works, so that the connection comes back the better way.
 */
export function createTransport({ openWebSocket, openFallback, firstProbeMs }: TransportOptions) {
  let isBlocked = false;
  let probeMs = firstProbeMs;

  /** Asks whether an upgrade is let through; needs no session. */
  function probe(url: string, works: () => void): void {
    const socket = openQuietly(openWebSocket, url);
    if (socket === null) return;
    const timers = createTimers<'patience'>();
    const done = () => {
      timers.clearAll();
      socket.onclose = null;
      socket.close();
    };
    timers.set('patience', patienceMs, done);
    socket.onclose = () => timers.clearAll();
    socket.onopen = () => {
      done();
      isBlocked = false;
      probeMs = firstProbeMs;
      works();
    };
  }

  return (url: string): SocketLike => {
    if (openFallback === null) return openWebSocket(url);
    const socket = new SwitchingSocket();
    const useFallback = (): void => {
      isBlocked = true;
      void socket.useLater(openFallback(url));
      socket.every(probeMs, () => probe(url, () => socket.close(1000, betterWay)));
      probeMs = Math.min(probeMs * 2, maxProbeMs);
    };
    const first = isBlocked ? null : openQuietly(openWebSocket, url);
    if (first === null) useFallback();
    else socket.use(first, useFallback);
    return socket;
  };
}

function openQuietly(open: (url: string) => SocketLike, url: string): SocketLike | null {
  try {
    const socket = open(url);
    socket.onerror = () => {};
    return socket;
  } catch {
    return null;
  }
}

/** A socket whose carrier may be exchanged before the first frame has come. */
class SwitchingSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #timers = createTimers<'patience' | 'probe'>();
  #carrier: SocketLike | null = null;
  #isClosed = false;

  get readyState(): number {
    return this.#isClosed ? 3 : (this.#carrier?.readyState ?? 0);
  }

  /** @param giveUp called when this carrier brings nothing; null: its end is the end. */
  use(carrier: SocketLike, giveUp: (() => void) | null): void {
    this.#carrier = carrier;
    let hasWorked = giveUp === null;
    const change = () => {
      this.#timers.clearAll();
      if (this.#carrier !== carrier || this.#isClosed) return;
      this.#carrier = null;
      carrier.onclose = null;
      carrier.close();
      giveUp?.();
    };
    if (giveUp !== null) this.#timers.set('patience', patienceMs, change);
    carrier.onerror = () => {};
    carrier.onopen = () => this.onopen?.();
    carrier.onmessage = (event: { data: unknown }) => {
      if (!hasWorked) this.#timers.clear('patience');
      hasWorked = true;
      if (this.#carrier === carrier) this.onmessage?.({ data: event.data });
    };
    carrier.onclose = (event: { code: number; reason: string }) => {
      if (this.#carrier !== carrier) return;
      // a close with a reason of the protocol came from the server: the way is open, we are not wanted
      if (!hasWorked && event.code < 4000) change();
      else this.#end(event.code, event.reason);
    };
  }

  /** Goes on with a carrier that may have to be fetched first; without it, this socket has failed. */
  async useLater(coming: SocketLike | Promise<SocketLike>): Promise<void> {
    try {
      const carrier = await coming;
      if (this.#isClosed) carrier.close();
      else this.use(carrier, null);
    } catch {
      this.#end(1006, '');
    }
  }

  /** Does something once after a while, as long as this socket lives. */
  every(delayMs: number, action: () => void): void {
    this.#timers.set('probe', delayMs, () => {
      action();
      this.every(Math.min(delayMs * 2, maxProbeMs), action);
    });
  }

  send(data: string): void {
    this.#carrier?.send(data);
  }

  close(code?: number, reason?: string): void {
    const carrier = this.#carrier;
    this.#carrier = null;
    carrier?.close(code, reason);
    this.#end(code ?? 1000, reason ?? '');
  }

  #end(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timers.clearAll();
    this.onclose?.({ code, reason });
  }
}
