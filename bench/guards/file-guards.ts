import type { Guard } from './guard.ts';

const multipart = {
  id: 'J1',
  file: 'server/transports/http/multipart.ts',
  tests: ['server/transports/http/multipart.test.ts', 'server/transports/http/hostile-upload.test.ts'],
} as const;
const archive = {
  id: 'J2',
  file: 'ingest/parse/unzip.ts',
  tests: ['ingest/uploads.test.ts'],
  names: 'J2',
} as const;
const files = ['ingest/hostile-files.test.ts'] as const;
const quota = { id: 'J6', tests: ['ingest/quota.test.ts'] } as const;

/** J1 to J6: what is uploaded. */
export const fileGuards: readonly Guard[] = [
  {
    ...multipart,
    guard: 'a sender that goes away ends the upload',
    edits: [["if (!body.readableEnded) fail(new Error('the sender went away'));", '']],
  },
  {
    ...multipart,
    guard: 'a malformed body is an error of the request',
    edits: [["parser.on('error', fail);", "parser.on('error', () => {});"]],
  },
  {
    ...multipart,
    guard: 'a broken file is an error of the request',
    edits: [["content.on('error', fail);", '']],
  },
  {
    ...multipart,
    guard: 'what broke off leaves nothing behind',
    file: 'server/services/source-create.ts',
    edits: [['await db.transaction((tx) => deleteSource(tx, source.siteId, source.id));', '']],
  },
  {
    ...archive,
    guard: 'entries are counted from the directory',
    edits: [
      ['if (zip.entryCount > limits.entries)', 'if (zip.entryCount < 0)'],
      ['if (entries.length > limits.entries) throw tooLarge();', ''],
    ],
  },
  {
    ...archive,
    guard: 'the sizes of the directory together',
    edits: [['total > limits.totalBytes || ', '']],
  },
  { ...archive, guard: 'one to 250 at most', edits: [[' || isBomb(entry)', '']] },
  {
    ...archive,
    guard: 'inflated bytes are counted, by us and by yauzl',
    edits: [
      ['if (size > entry.uncompressedSize) throw tooLarge();', ''],
      ['validateEntrySizes: true', 'validateEntrySizes: false'],
    ],
  },
  {
    ...archive,
    guard: 'links are refused',
    edits: [['if (type === unixLink) return', 'if (type < 0) return']],
  },
  {
    ...archive,
    guard: 'locked entries are refused',
    edits: [['if (entry.isEncrypted()) return', 'if (entry.uncompressedSize < 0) return']],
  },
  {
    ...archive,
    guard: 'no archive within an archive',
    file: 'ingest/unpack.ts',
    edits: [["if (item.depth > 0 && file.container === 'archive') {", 'if (item.depth > 1e9) {']],
  },
  {
    ...archive,
    guard: 'names are no paths',
    file: 'ingest/unpack.ts',
    edits: [['${container}/${cleanFileName(name)}', '${container}/${name}']],
  },
  {
    ...archive,
    guard: 'equal names are told apart',
    file: 'ingest/unpack.ts',
    edits: [['return count === 1 ? clean :', 'return count > 0 ? clean :']],
  },
  {
    id: 'J3',
    guard: 'an office file may not unpack to more than 1 to 250',
    file: 'ingest/extract/archive.ts',
    edits: [['|| isBomb', '']],
    tests: files,
    names: 'J3',
  },
  {
    id: 'J3',
    guard: 'its bytes are counted while inflating, by us and by yauzl',
    file: 'ingest/extract/archive.ts',
    edits: [
      ['if (counted.bytes > maxTotalBytes)', 'if (counted.bytes < 0)'],
      ['validateEntrySizes: true', 'validateEntrySizes: false'],
    ],
    tests: files,
    names: 'J3',
  },
  {
    id: 'J3',
    guard: 'the reader may open no file of the machine',
    file: 'ingest/parse/confine.ts',
    edits: [["      '--permission',\n", '']],
    tests: ['ingest/parse/confine.test.ts'],
  },
  {
    id: 'J3',
    guard: 'the reader has no network',
    file: 'ingest/parse/confine.ts',
    edits: [["deny(Socket.prototype, 'connect');", '']],
    tests: ['ingest/parse/confine.test.ts'],
  },
  {
    id: 'J4',
    guard: 'memory is bounded, by the watch and the heap',
    file: 'ingest/parse/pool.ts',
    edits: [
      ['if (used !== null && used > options.maxMemoryMb)', 'if (used === -1)'],
      ['confinedProcess(maxMemoryMb, ', 'confinedProcess(8192, '],
    ],
    tests: files,
    names: 'J4.*memory',
  },
  {
    id: 'J4',
    guard: 'time is bounded',
    file: 'ingest/parse/pool.ts',
    edits: [
      [
        "const timer = setTimeout(() => stop(exhausted('it took too long')), timeoutMs);",
        'const timer = undefined;',
      ],
    ],
    tests: ['ingest/parse/pool.test.ts'],
  },
  {
    id: 'J4',
    guard: 'a reader that died is replaced',
    file: 'ingest/parse/pool.ts',
    edits: [['worker.child.connected && !worker.child.killed && ', '']],
    tests: ['ingest/parse/pool.test.ts'],
  },
  {
    id: 'J4',
    guard: 'a locked file says so',
    file: 'ingest/extract/pdf.ts',
    edits: [["if (name === 'PasswordException') {", "if (name === 'none') {"]],
    tests: files,
    names: 'J4.*locked',
  },
  {
    id: 'J4',
    guard: 'pages are capped',
    file: 'ingest/extract/pdf.ts',
    edits: [['Math.min(document.numPages, maxPages)', 'document.numPages']],
    tests: files,
    names: 'J4.*more pages',
  },
  {
    id: 'J5',
    guard: 'bytes decide, not names',
    file: 'ingest/parse/format.ts',
    edits: [['if (mark !== undefined) return', 'if (mark === undefined && bytes.length < 0) return']],
    tests: ['ingest/parse/pool.test.ts'],
  },
  {
    id: 'J5',
    guard: 'names of uploads are made harmless',
    file: 'server/services/source-intake.ts',
    edits: [['cleanFileName(file.name)', 'file.name']],
    tests: files,
    names: 'J5',
  },
  {
    ...quota,
    guard: 'a limit for each source',
    file: 'server/services/intake-quota.ts',
    edits: [['if (sums.source > limits.sourceBytes) {', 'if (sums.source < 0) {']],
  },
  {
    ...quota,
    guard: 'a limit for each site',
    file: 'server/services/intake-quota.ts',
    edits: [['if (sums.site > limits.siteBytes) {', 'if (sums.site < 0) {']],
  },
  {
    ...quota,
    guard: 'uploads at the same time count together (real PostgreSQL only: PGlite has one session)',
    file: 'server/store/source-bytes.ts',
    edits: [
      [
        "await tx.execute(`select pg_advisory_xact_lock(hashtextextended('intake ' || $1, 0))`, [siteId]);",
        '',
      ],
    ],
  },
  {
    ...quota,
    guard: 'memory for what arrives is bounded',
    file: 'server/services/intake-quota.ts',
    edits: [['if (held + bytes > limits.bufferedBytes) {', 'if (held + bytes < 0) {']],
  },
];
