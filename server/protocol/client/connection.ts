import { closeReasons } from '../version.ts';
import { backoffMs } from './backoff.ts';
import { createTimers } from './timers.ts';
import { betterWay } from './transport.ts';
import type { ConnectionState, SocketLike } from './types.ts';
import { watchBrowser } from './wake.ts';

/** What every server frame has; the rest is known by its `type`. */
export interface AnyFrame {
  type: string;
}

export interface ConnectionOptions<Incoming extends AnyFrame> {
  openSocket: () => SocketLike;
  /** First frame of every connection. */
  hello: () => object;
  /** True for what has the shape of a frame; the server is trusted by origin, so this may be light. */
  isFrame: (value: unknown) => value is Incoming;
  /** Called for every frame but heartbeats, `welcome` included. */
  onFrame: (frame: Incoming) => void;
  onState: (state: ConnectionState) => void;
  now: () => number;
  random: () => number;
}

export interface Connection {
  connect(): void;
  close(): void;
  isOnline(): boolean;
  /** False when there is no connection: the caller keeps the frame. */
  send(frame: object): boolean;
  /** Asks the server for a sign of life; without one the connection is given up and made anew. */
  doubt(): void;
}

/** A socket that has not been welcomed by then is given up. */
const welcomeTimeoutMs = 10_000;
/** Beats that may stay away before the line counts as dead. */
const missedBeats = 2;
/** How long the server may take to answer a `ping` that doubts the line. */
const probeTimeoutMs = 5_000;
/** A connection that lived this long was a good one: the next pause starts short again. */
const stableMs = 5_000;

/** `readyState` of a socket that can send. */
const openState = 1;

/** Closes that trying again does not heal. */
const refusals: ReadonlySet<string> = new Set([
  closeReasons.protocolTooOld.reason,
  closeReasons.protocolTooNew.reason,
  closeReasons.unauthenticated.reason,
  closeReasons.sessionRevoked.reason,
]);

/**
 * Keeps one socket to the server: greets, answers heartbeats, finds a dead line, and comes back after a pause
 * with full jitter; at once when the browser is online again or the page is looked at again.
 */
export function createConnection<Incoming extends AnyFrame>(
  options: ConnectionOptions<Incoming>,
): Connection {
  return new SocketKeeper(options);
}

class SocketKeeper<Incoming extends AnyFrame> implements Connection {
  readonly #options: ConnectionOptions<Incoming>;
  readonly #timers = createTimers<'retry' | 'welcome' | 'beat' | 'probe'>();
  #state: ConnectionState = { status: 'idle' };
  #socket: SocketLike | null = null;
  #attempt = 0;
  #onlineSinceMs = 0;
  #heartbeatMs = 25_000;
  #drainDelayMs: number | null = null;
  #stopWatching: (() => void) | null = null;

  constructor(options: ConnectionOptions<Incoming>) {
    this.#options = options;
  }

  connect(): void {
    if (this.#state.status !== 'idle' && this.#state.status !== 'refused') return;
    this.#stopWatching ??= watchBrowser(() => this.#wake());
    this.#attempt = 0;
    this.#open();
  }

  close(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#timers.clearAll();
    const closing = this.#socket;
    this.#socket = null;
    closing?.close(1000, 'closed');
    this.#setState({ status: 'idle' });
  }

  isOnline(): boolean {
    return this.#state.status === 'online';
  }

  send(frame: object): boolean {
    return this.isOnline() && this.#write(frame);
  }

  doubt(): void {
    if (this.#timers.has('probe') || !this.send({ type: 'ping' })) return;
    this.#timers.set('probe', probeTimeoutMs, () => this.#drop());
  }

  #setState(next: ConnectionState): void {
    this.#state = next;
    this.#options.onState(next);
  }

  #open(): void {
    this.#timers.clear('retry');
    this.#setState({ status: 'connecting' });
    let opened: SocketLike;
    try {
      opened = this.#options.openSocket();
    } catch {
      this.#lost('');
      return;
    }
    this.#socket = opened;
    this.#timers.set('welcome', welcomeTimeoutMs, () => this.#drop());
    opened.onopen = () => {
      if (this.#socket === opened) this.#write(this.#options.hello());
    };
    opened.onmessage = (event: { data: unknown }) => {
      if (this.#socket === opened) this.#receive(event.data);
    };
    // a close follows; `ws` would throw without a listener
    opened.onerror = () => {};
    opened.onclose = (event: { code: number; reason: string }) => {
      if (this.#socket === opened) this.#lost(event.reason);
    };
  }

  #receive(data: unknown): void {
    const frame = readFrame(data, this.#options.isFrame);
    if (frame === null) return;
    this.#timers.set('beat', this.#heartbeatMs * missedBeats, () => this.#drop());
    if (frame.type === 'ping') this.#write({ type: 'pong' });
    // only its answer shows that the line carries both ways
    else if (frame.type === 'pong') this.#timers.clear('probe');
    else if (frame.type === 'welcome') this.#welcomed(frame);
    else if (frame.type === 'draining') this.#drainDelayMs = numberField(frame, 'reconnectAfterMs');
    if (frame.type !== 'ping' && frame.type !== 'pong') this.#options.onFrame(frame);
  }

  #welcomed(frame: Incoming): void {
    this.#timers.clear('welcome');
    this.#heartbeatMs = numberField(frame, 'heartbeatMs') ?? this.#heartbeatMs;
    this.#onlineSinceMs = this.#options.now();
    this.#setState({ status: 'online' });
  }

  /** Gives the present socket up without waiting for the other side to agree. */
  #drop(): void {
    const dead = this.#socket;
    this.#socket = null;
    dead?.close(closeReasons.heartbeatMissed.code, closeReasons.heartbeatMissed.reason);
    this.#lost('');
  }

  #lost(reason: string): void {
    this.#socket = null;
    this.#timers.clearAll();
    if (refusals.has(reason)) {
      this.#setState({ status: 'refused', reason });
      return;
    }
    const now = this.#options.now();
    const wasStable = this.isOnline() && now - this.#onlineSinceMs >= stableMs;
    this.#attempt = wasStable ? 1 : this.#attempt + 1;
    const pauseMs = reason === betterWay ? 0 : backoffMs(this.#attempt - 1, this.#options.random);
    const delayMs = this.#drainDelayMs ?? pauseMs;
    this.#drainDelayMs = null;
    this.#timers.set('retry', delayMs, () => this.#open());
    this.#setState({ status: 'waiting', retryAtMs: now + delayMs });
  }

  /** The browser says that the world may have changed: come back now, or ask whether the line still lives. */
  #wake(): void {
    if (this.#state.status === 'waiting') this.#open();
    else this.doubt();
  }

  #write(frame: object): boolean {
    if (this.#socket === null || this.#socket.readyState !== openState) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }
}

function readFrame<Incoming extends AnyFrame>(
  data: unknown,
  isFrame: (value: unknown) => value is Incoming,
): Incoming | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return isFrame(value) ? value : null;
  } catch {
    return null;
  }
}

function numberField(frame: object, name: string): number | null {
  const value: unknown = Object.entries(frame).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : null;
}
