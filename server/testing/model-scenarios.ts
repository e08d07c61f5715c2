/**
 * How the scripted model server behaves for one request. Without any knob it streams `text` in small pieces,
 * gives a finish reason, usage and `[DONE]`.
 */
export interface Scenario {
  text?: string;
  /** The pieces of the stream; by default `text` cut after each space. */
  tokens?: readonly string[];
  /** Before the response headers. */
  headersDelayMs?: number;
  /** Before each token. */
  tokenDelayMs?: number;
  /** After this many tokens: nothing more, socket open. */
  silenceAfter?: number;
  /** After this many tokens: the connection is reset (RST). */
  resetAfter?: number;
  /** After this many tokens: the stream ends without finish reason and `[DONE]` (FIN). */
  endAfter?: number;
  /** Null: none is ever given. */
  finishReason?: 'stop' | 'length' | 'content_filter' | null;
  /** Leaves `[DONE]` out. */
  omitsDone?: boolean;
  newline?: '\n' | '\r\n' | 'mixed';
  /** Cuts the byte stream into pieces of this size, through characters and lines alike. */
  pieceBytes?: number;
  /** A reply that is not a stream. */
  raw?: { status: number; headers?: Readonly<Record<string, string>>; body: string };
  /** A JSON error object in the stream after this many tokens. */
  errorAfter?: { tokens: number; error: Readonly<Record<string, unknown>> };
}

const errorReply = (
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Scenario => ({
  raw: {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error }),
  },
});

/** Scenarios by name; each misbehaves in one way. */
export const scenarios = {
  text: (text: string): Scenario => ({ text }),
  silence: (tokens: number): Scenario => ({ silenceAfter: tokens }),
  reset: (tokens: number): Scenario => ({ resetAfter: tokens }),
  cutShort: (tokens: number): Scenario => ({ endAfter: tokens }),
  noFinishReason: (): Scenario => ({ finishReason: null }),
  noDone: (): Scenario => ({ omitsDone: true }),
  rateLimited: (retryAfterSeconds: number): Scenario =>
    errorReply(
      429,
      { code: 'rate_limit_exceeded', message: 'Slow down.' },
      { 'retry-after': String(retryAfterSeconds) },
    ),
  quota: (): Scenario => errorReply(429, { code: 'insufficient_quota', message: 'No quota.' }),
  unauthorised: (): Scenario => errorReply(401, { code: 'invalid_api_key', message: 'Wrong key.' }),
  failing: (status: number): Scenario => errorReply(status, { message: 'Failed.' }),
  webPage: (): Scenario => ({
    raw: { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome to the proxy</h1>' },
  }),
  splitBytes: (pieceBytes: number): Scenario => ({ pieceBytes }),
  crlf: (): Scenario => ({ newline: 'mixed' }),
  empty: (): Scenario => ({ tokens: [] }),
  slow: (tokenDelayMs: number): Scenario => ({ tokenDelayMs }),
  errorInStream: (tokens: number): Scenario => ({
    errorAfter: { tokens, error: { message: 'The engine is overloaded.', type: 'server_error' } },
  }),
  hugeLine: (bytes: number): Scenario => ({ tokens: ['x'.repeat(bytes)] }),
  notJson: (): Scenario => ({
    raw: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: {"choices": [oops\n\n',
    },
  }),
} as const;
