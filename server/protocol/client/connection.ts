import { closeReasons } from '../version.ts';
import { backoffMs } from './backoff.ts';
import { createTimers } from './timers.ts';
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
}

/** A socket that has not been welcomed by then is given up. */
const welcomeTimeoutMs = 10_000;
/** Beats that may stay away before the line counts as dead. */
const missedBeats = 2;
/** How long the server may take to answer a `ping` that doubts the line. */
const probeTimeoutMs = 5_000;
/** A connection that lived this long was a good one: the next pause starts short again. */
const stableMs = 5_000;

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
  let state: ConnectionState = { status: 'idle' };
  let socket: SocketLike | null = null;
  let attempt = 0;
  let onlineSinceMs = 0;
  let heartbeatMs = 25_000;
  let drainDelayMs: number | null = null;
  const timers = createTimers<'retry' | 'welcome' | 'beat' | 'probe'>();
  let stopWatching: (() => void) | null = null;

  function setState(next: ConnectionState): void {
    state = next;
    options.onState(next);
  }

  function open(): void {
    timers.clear('retry');
    setState({ status: 'connecting' });
    let opened: SocketLike;
    try {
      opened = options.openSocket();
    } catch {
      lost('');
      return;
    }
    socket = opened;
    timers.set('welcome', welcomeTimeoutMs, drop);
    opened.onopen = () => {
      if (socket === opened) write(options.hello());
    };
    opened.onmessage = (event: { data: unknown }) => {
      if (socket === opened) receive(event.data);
    };
    opened.onclose = (event: { code: number; reason: string }) => {
      if (socket === opened) lost(event.reason);
    };
  }

  function receive(data: unknown): void {
    const frame = readFrame(data, options.isFrame);
    if (frame === null) return;
    timers.clear('probe');
    timers.set('beat', heartbeatMs * missedBeats + probeTimeoutMs, drop);
    if (frame.type === 'ping') write({ type: 'pong' });
    else if (frame.type === 'welcome') welcomed(frame);
    else if (frame.type === 'draining') drainDelayMs = numberField(frame, 'reconnectAfterMs');
    if (frame.type !== 'ping' && frame.type !== 'pong') options.onFrame(frame);
  }

  function welcomed(frame: Incoming): void {
    timers.clear('welcome');
    heartbeatMs = numberField(frame, 'heartbeatMs') ?? heartbeatMs;
    onlineSinceMs = options.now();
    setState({ status: 'online' });
  }

  /** Gives the present socket up without waiting for the other side to agree. */
  function drop(): void {
    const dead = socket;
    socket = null;
    dead?.close(closeReasons.heartbeatMissed.code, closeReasons.heartbeatMissed.reason);
    lost('');
  }

  function lost(reason: string): void {
    socket = null;
    timers.clearAll();
    if (refusals.has(reason)) {
      setState({ status: 'refused', reason });
      return;
    }
    const wasStable = state.status === 'online' && options.now() - onlineSinceMs >= stableMs;
    attempt = wasStable ? 0 : attempt + 1;
    const delayMs = drainDelayMs ?? backoffMs(Math.max(attempt - 1, 0), options.random);
    drainDelayMs = null;
    timers.set('retry', delayMs, open);
    setState({ status: 'waiting', retryAtMs: options.now() + delayMs });
  }

  /** The browser says that the world may have changed: come back now, or ask whether the line still lives. */
  function wake(): void {
    if (state.status === 'waiting') open();
    else if (state.status === 'online' && write({ type: 'ping' })) timers.set('probe', probeTimeoutMs, drop);
  }

  function write(frame: object): boolean {
    if (socket === null || socket.readyState !== 1) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  return {
    connect() {
      if (state.status !== 'idle' && state.status !== 'refused') return;
      stopWatching ??= watchBrowser(wake);
      attempt = 0;
      open();
    },
    close() {
      stopWatching?.();
      stopWatching = null;
      timers.clearAll();
      const closing = socket;
      socket = null;
      closing?.close(1000, 'closed');
      setState({ status: 'idle' });
    },
    isOnline: () => state.status === 'online',
    send: (frame) => state.status === 'online' && write(frame),
  };
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
