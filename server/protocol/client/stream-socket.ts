import type { SocketLike } from './types.ts';

/** Header of a POST that carries frames: which stream they belong to. */
const streamHeader = 'x-deskbell-stream';
/** Frames in one POST; the server takes no more. */
const maxFramesPerPost = 50;
/**
 * Tries of one POST. Where several instances stand behind a balancer, a POST may reach one that cannot hand it on
 * (what connects them is away, or lost it): the next try may reach another.
 */
const maxPostTries = 6;
/** Answer of an instance that neither has the stream nor could hand the frames on. */
const goneStatus = 410;
/** A stream whose first event is not there by then is given up: something on the way holds it back. */
const openTimeoutMs = 5_000;

interface StreamFrame {
  type: string;
  stream?: unknown;
  code?: unknown;
  reason?: unknown;
}

/**
 * The way around networks that let no WebSocket through: frames come as server-sent events of one long POST and
 * go as further POSTs, one at a time, so that they stay in order. Behaves like a WebSocket.
 * @param url the `ws:` or `wss:` address; the same path is asked over http.
 */
export function createStreamSocket(url: string, request: typeof fetch = fetch): SocketLike {
  // wrapped: a browser's fetch refuses to be called as anybody's method
  return new StreamSocket(url.replace(/^ws/, 'http'), (to, init) => request(to, init));
}

class StreamSocket implements SocketLike {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #url: string;
  readonly #request: typeof fetch;
  readonly #abort = new AbortController();
  readonly #waiting: string[] = [];
  #stream: string | null = null;
  #isPosting = false;

  constructor(url: string, request: typeof fetch) {
    this.#url = url;
    this.#request = request;
    void this.#run();
  }

  send(data: string): void {
    this.#waiting.push(data);
    if (!this.#isPosting) void this.#post();
  }

  close(code = 1000, reason = ''): void {
    this.#end(code, reason);
  }

  async #run(): Promise<void> {
    const timer = setTimeout(() => this.#end(1006, 'timeout'), openTimeoutMs);
    try {
      const response = await this.#call({ accept: 'text/event-stream' }, null);
      if (response.status === 401) return this.#end(4003, 'unauthenticated');
      if (!response.ok || response.body === null) return this.#end(1006, '');
      for await (const text of eventsOf(response.body)) {
        clearTimeout(timer);
        this.#receive(text);
      }
      this.#end(1006, '');
    } catch {
      this.#end(1006, '');
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(text: string): void {
    const frame: StreamFrame = JSON.parse(text);
    if (frame.type === 'stream-opened') {
      this.#stream = String(frame.stream);
      this.readyState = 1;
      this.onopen?.();
    } else if (frame.type === 'stream-closed') this.#end(Number(frame.code), String(frame.reason));
    else if (this.readyState === 1) this.onmessage?.({ data: text });
  }

  /** Sends what waits, all of it in one request, then what came meanwhile. */
  async #post(): Promise<void> {
    this.#isPosting = true;
    while (this.#waiting.length > 0 && this.readyState === 1 && this.#stream !== null) {
      const frames = this.#waiting.splice(0, maxFramesPerPost);
      const isTaken = await this.#deliver(this.#stream, `[${frames.join(',')}]`).catch(() => false);
      if (!isTaken) this.#end(1006, '');
    }
    this.#isPosting = false;
  }

  /** What arrives twice does no harm: messages have ids, and all else is a state. */
  async #deliver(stream: string, body: string): Promise<boolean> {
    for (let tries = 0; tries < maxPostTries; tries += 1) {
      const response = await this.#call({ [streamHeader]: stream }, body);
      await response.body?.cancel();
      if (response.status !== goneStatus) return response.ok;
    }
    return false;
  }

  #call(headers: Record<string, string>, body: string | null): Promise<Response> {
    return this.#request(this.#url, {
      method: 'POST',
      headers,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: this.#abort.signal,
    });
  }

  #end(code: number, reason: string): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#abort.abort();
    this.onclose?.({ code, reason });
  }
}

/** The data of the server-sent events in a body, as they come. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data: ')) yield event.slice(6);
  }
}
