import type { Guard } from './guard.ts';

const recrawl = { tests: ['ingest/recrawl.test.ts'], names: 'D7' } as const;
const embedder = {
  file: 'server/adapters/embedder/openai.ts',
  tests: ['server/adapters/embedder/openai.test.ts'],
  names: 'E7',
} as const;
const faults = { id: 'E7', tests: ['server/services/embedding-faults.test.ts'] } as const;
const build = { tests: ['server/services/index-build.test.ts'] } as const;

/** D7, D8 and E7: what is indexed, and what search reads meanwhile. */
export const indexGuards: readonly Guard[] = [
  {
    ...recrawl,
    id: 'D7',
    guard: 'two misses before a page is removed',
    file: 'ingest/removal.ts',
    edits: [['const maxMisses = 2;', 'const maxMisses = 1;']],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: '404 and 410 remove at once',
    file: 'ingest/removal.ts',
    edits: [["outcome.removal === 'at-once' ? maxMisses : ", '']],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: 'walls are no new version',
    file: 'ingest/crawl-page.ts',
    edits: [['outcomes.noindex() : wallOutcome(parsed)', 'outcomes.noindex() : null']],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: 'error pages that say 200 are no new version',
    file: 'ingest/extract/html-wall.ts',
    edits: [["words <= maxErrorWords && names.some(isNotice) ? 'error' : null", 'null']],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: 'what another reader read is fetched without conditions',
    file: 'ingest/crawl-page.ts',
    edits: [[' || item.readBy !== readerOf(context.parser)) return {};', ') return {};']],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: 'noindex in a header',
    file: 'ingest/crawl-page.ts',
    edits: [[' || /\\b(?:noindex|none)\\b/.test(robotsTag);\n  const refusal', ';\n  const refusal']],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: 'misses are forgotten once a page is back',
    file: 'server/store/source-item.ts',
    edits: [
      [
        "misses = case when given.state in ('indexed', 'unchanged') then 0 else misses end",
        'misses = misses',
      ],
    ],
  },
  {
    ...recrawl,
    id: 'D7',
    guard: 'an unreadable robots.txt removes nothing by itself',
    file: 'ingest/crawl-page.ts',
    edits: [
      ['problem === null ? outcomes.robots() : outcomes.robotsUnreadable(problem)', 'outcomes.robots()'],
    ],
  },
  {
    id: 'D8',
    guard: 'one transaction for document, passages, index and ledger',
    file: 'ingest/publish.ts',
    edits: [
      [
        'return context.db.transaction((tx) => publishIn(tx, context, group, prepared));',
        'return publishIn(context.db, context, group, prepared);',
      ],
    ],
    tests: ['ingest/cut-statements.test.ts'],
  },
  {
    id: 'D8',
    guard: 'who lost the run writes nothing',
    file: 'ingest/publish.ts',
    edits: [
      [
        'const { index, lease, source } = context;\n  if (!(await holdsLease(tx, lease))) throw new LeaseLost();',
        'const { index, lease, source } = context;',
      ],
    ],
    tests: ['ingest/pipeline.test.ts'],
    names: 'D8',
  },
  {
    id: 'D8',
    guard: 'a redirect ends and its target begins together',
    file: 'ingest/crawl-redirect.ts',
    edits: [
      [
        'await endWithoutTextIn(tx, crawl.context, item, outcome);',
        'await endWithoutText(crawl.context, item, outcome);',
      ],
    ],
    tests: ['ingest/cut-statements.test.ts'],
  },
  {
    id: 'D8',
    guard: 'what a dead worker had in hand is taken up again',
    file: 'ingest/pipeline.ts',
    edits: [['await reopenFetched(deps.db, sourceId, run);', '']],
    tests: ['ingest/cut-statements.test.ts'],
  },
  {
    ...embedder,
    id: 'E7',
    guard: 'another length',
    edits: [['if (embedding.length !== dimensions) {', 'if (embedding.length < 0) {']],
  },
  {
    ...embedder,
    id: 'E7',
    guard: 'numbers that are none',
    edits: [['if (!Number.isFinite(length))', 'if (length < 0)']],
  },
  {
    ...embedder,
    id: 'E7',
    guard: 'the zero vector',
    edits: [['if (length < 1e-12)', 'if (length < 0)']],
  },
  {
    ...embedder,
    id: 'E7',
    guard: 'as many vectors as texts',
    edits: [
      [
        'parsed.data.data.length !== count ||\n    Object.keys(vectors).length !== count ||\n    vectors.length !== count',
        'count < 0',
      ],
    ],
  },
  {
    ...build,
    id: 'E7',
    guard: 'a swap only when every passage has its vector',
    file: 'server/store/index-version.ts',
    edits: [['if ((await listBarePassages(tx, siteId, embedder, 1)).length > 0) return false;', '']],
  },
  {
    ...build,
    id: 'E7',
    guard: 'a failure is noted for the owner',
    file: 'server/services/index-build.ts',
    edits: [['await noteFailure(db, siteId, embedder, { reason, retrySeconds });', '']],
  },
  {
    ...build,
    id: 'E7',
    guard: 'what was paid for is put by',
    file: 'server/services/passage-vectors.ts',
    edits: [['if (!isFree) await rememberVectors(db, embedder.id, batch.map(textKey), made);', '']],
    tests: ['server/services/passage-change.test.ts', 'server/services/index-build.test.ts'],
  },
  {
    ...faults,
    guard: 'one text of a batch fails alone',
    file: 'ingest/publish.ts',
    edits: [
      [
        'if (error instanceof LeaseLost || group.length === 1) throw error;',
        'if (error !== null) throw error;',
      ],
    ],
    names: '.*refuses one text',
  },
  {
    ...faults,
    guard: 'a refused key is not asked with again',
    file: 'server/adapters/llm/failure.ts',
    edits: [["  'malformed',\n]);", "  'malformed',\n  'unauthorised',\n]);"]],
    names: '.*refuses the key',
  },
  {
    ...faults,
    guard: 'a limit is waited for',
    file: 'server/adapters/embedder/openai.ts',
    edits: [
      [
        "const isPatient = kind === 'passage' && failure.kind === 'rate-limited';",
        'const isPatient = false;',
      ],
    ],
    names: '.*asks for patience',
  },
  {
    ...faults,
    guard: 'what was paid for is put by, seen from a job',
    file: 'server/services/passage-vectors.ts',
    edits: [['if (!isFree) await rememberVectors(db, embedder.id, batch.map(textKey), made);', '']],
    names: '.*does not pay twice',
  },
];
