import type { z } from 'zod';
import type { PackedBlock } from './domain/retrieval/blocks.ts';
import type { IndexableDocument } from './domain/retrieval/index-document.ts';
import type {
  CombinedInfo,
  MergePortion,
  PackedInfo,
  PackedSegment,
} from './domain/retrieval/segment-work.ts';

/** Values that SQL parameters may take; vectors and JSON are passed as text and cast in the statement. */
export type SqlValue =
  string | number | boolean | null | Date | Uint8Array | readonly (string | number | null)[];

export interface QueryOptions {
  /**
   * Parsed and planned once per connection where the adapter can: for the statements that every search or message
   * runs. The plan must suit all parameters.
   */
  isPrepared?: boolean;
}

export interface StatementOptions {
  /** How long the client waits for a statement that may run longer than others; the server has a limit of its own. */
  timeoutMs?: number;
}

/** Anything that runs SQL: the database itself or a transaction of it. */
export interface Queryable {
  /**
   * Runs one statement with `$1`-style parameters and parses every row with `row`.
   * int8 arrives as number, timestamptz as Date, jsonb parsed, bytea as Uint8Array.
   * @throws AppError `unavailable` when the database cannot be reached.
   */
  query<Row extends z.ZodType>(
    sql: string,
    parameters: readonly SqlValue[],
    row: Row,
    options?: QueryOptions,
  ): Promise<z.output<Row>[]>;
  /** Runs one statement and gives the number of rows it touched. */
  execute(sql: string, parameters?: readonly SqlValue[], options?: StatementOptions): Promise<number>;
}

/** An open transaction; `Queryable` whose statements commit or roll back together. */
export interface Transaction extends Queryable {
  readonly isTransaction: true;
}

export interface TransactionOptions {
  /**
   * Whether `work` may be rolled back and called again, so that in the background it need not hold up others until
   * its end: it leaves nothing behind but what it writes in the transaction.
   */
  isRepeatable?: boolean;
}

export interface Database extends Queryable {
  readonly kind: 'pglite' | 'postgres';
  /** Commits when `work` resolves, rolls back when it rejects. Never await the network in `work`. */
  transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /**
   * Runs `work`, whose statements give way to others where all share one session: what nobody waits for must not hold
   * up those who do.
   */
  inBackground<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Calls `handler` with each NOTIFY payload on `channel` until the returned function is called. */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Fan-out between instances. A hint only: deliveries may be lost, the database is the truth. */
export interface Bus {
  /** `message` must be JSON-serialisable and under 7,000 bytes (NOTIFY's limit is 8,000). */
  publish(channel: string, message: unknown): Promise<void>;
  subscribe(channel: string, handler: (message: unknown) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface JobOptions {
  /** Jobs with the same key that still wait or run are one job. */
  key?: string;
  delayMs?: number;
}

/** At-least-once background work; handlers must be idempotent. */
export interface Jobs {
  enqueue(name: string, payload: unknown, options?: JobOptions): Promise<void>;
  /** Starts working; `handle` gets the name and the still unparsed payload. */
  work(
    handle: (name: string, payload: unknown, signal: AbortSignal) => Promise<void>,
    concurrency: number,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export type ChatChunk =
  | { type: 'delta'; text: string }
  | {
      type: 'end';
      /** Who wrote it: the second provider where the first was away. */
      model: string;
      finishReason: 'stop' | 'length' | 'filtered';
      inputTokens: number | null;
      outputTokens: number | null;
    };

/** A model that writes. The stream ends exactly once: with an `end` chunk or by throwing. */
export interface ChatModel {
  readonly name: string;
  /** @throws AppError `model-unavailable`, with `retryAfterMs` where the provider gave one. */
  stream(messages: readonly ChatMessage[], signal: AbortSignal): AsyncIterable<ChatChunk>;
}

/** Turns text into vectors of a fixed length. Vectors are L2-normalised. */
export interface Embedder {
  /** Changes whenever vectors of the same text would change; names the index version. */
  readonly id: string;
  readonly dimensions: number;
  /**
   * One vector per text, in order.
   * @throws AppError `model-unavailable` or `embedding-invalid` (wrong length, NaN, zero vector).
   */
  embed(texts: readonly string[], kind: 'query' | 'passage', signal?: AbortSignal): Promise<Float32Array[]>;
}

/** Computes what the text index is made of; see `segment-work.ts` for what each does. */
export interface Indexer {
  pack(documents: readonly IndexableDocument[]): Promise<PackedSegment>;
  combine(infos: readonly PackedInfo[], livingIds: readonly number[]): Promise<CombinedInfo>;
  merge(portion: MergePortion): Promise<PackedBlock[]>;
}

/** Reads a question and passages together and says how well each answers it. */
export interface Reranker {
  /**
   * One score per text, in order; higher is better.
   * @throws AppError `model-unavailable` with the reason (`details.kind` is `timeout` where it was too slow); the
   * caller goes on without.
   */
  rerank(query: string, texts: readonly string[], signal?: AbortSignal): Promise<number[]>;
}

export interface FetchedPage {
  /** After redirects. */
  url: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** How many redirects led here. */
  redirects: number;
}

/** The only way out: checks scheme, port and every resolved address, again on each redirect. */
export interface Outbound {
  /**
   * @throws AppError `fetch-refused` (address, scheme, port, too many redirects), `too-large`,
   * `fetch-failed` (DNS, connect, TLS, time-out, broken body).
   */
  get(url: string, options: OutboundOptions): Promise<FetchedPage>;
}

export interface OutboundOptions {
  maxBytes: number;
  timeoutMs: number;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** 5 unless told; fewer where some were followed before. */
  maxRedirects?: number;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Ids {
  /** A fresh UUIDv7: unique, and ordered by time of making. */
  uuid(): string;
  /** `bytes` random bytes as unpadded base64url. */
  secret(bytes: number): string;
}

/** Structured log lines: an event name and ids, never message text or personal data. */
export interface Logger {
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
}
