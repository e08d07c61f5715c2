/** What the main thread may ask of the PGlite worker thread; every request gets one response. */
export type PgliteRequest =
  | { id: number; type: 'query'; sql: string; parameters: (string | null)[] }
  /** Several statements at once, without parameters. */
  | { id: number; type: 'script'; sql: string }
  | { id: number; type: 'dump' }
  | { id: number; type: 'close' };

/** The parts of a PostgreSQL error that survive the way between threads. */
export interface PgliteFailure {
  message: string;
  code: string | null;
  detail: string | null;
  constraint: string | null;
}

export interface PgliteField {
  name: string;
  dataTypeID: number;
}

export interface PgliteResult {
  rows: Record<string, unknown>[];
  fields: PgliteField[];
  /** Rows given or touched by the (last) statement. */
  rowCount: number;
  command: string;
}

export type PgliteResponse =
  | { type: 'ready' }
  | { type: 'start-failed'; failure: PgliteFailure }
  | { type: 'result'; id: number; result: PgliteResult }
  | { type: 'dumped'; id: number; archive: ArrayBuffer }
  | { type: 'closed'; id: number }
  | { type: 'failed'; id: number; failure: PgliteFailure }
  | { type: 'notification'; channel: string; payload: string };

export interface PgliteWorkerOptions {
  /** Folder of the database, or null for one in memory. */
  dataDir: string | null;
  /** A dumped data folder (tar) to begin from; only for a new database. */
  archive: ArrayBuffer | null;
}
