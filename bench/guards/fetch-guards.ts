import type { Guard } from './guard.ts';

const client = { file: 'ingest/fetch.ts', tests: ['ingest/fetch.test.ts'] } as const;
const addresses = { file: 'ingest/address.ts', tests: ['ingest/fetch.test.ts'] } as const;
const site = ['ingest/hostile-site.test.ts'] as const;

/** D1 to D6: what is fetched, and from where. */
export const fetchGuards: readonly Guard[] = [
  {
    ...addresses,
    id: 'D1',
    guard: 'an address must be global unicast',
    edits: [['(isListed(text) || isGlobalUnicast(address))', 'true']],
    names: 'D1',
  },
  {
    ...addresses,
    id: 'D1',
    guard: 'IPv6 only from 2000::/3',
    edits: [['matches(address, globalUnicastV6) && ', '']],
    names: 'D1',
  },
  {
    ...addresses,
    id: 'D1',
    guard: 'parts of 2000::/3 that are not public',
    edits: [[' && !deniedV6.some((range) => matches(address, range))', '']],
    names: 'D1',
  },
  {
    ...client,
    id: 'D1',
    guard: 'literal addresses, which no lookup sees',
    edits: [
      ['if (isLiteral && !policy.isAllowed(host)) throw refused(`${host} is no public address.`);', ''],
    ],
    names: 'D1',
  },
  {
    ...client,
    id: 'D1',
    guard: 'http and https only',
    edits: [["if (url.protocol !== 'http:' && url.protocol !== 'https:')", 'if (url.protocol === null)']],
    names: 'D1',
  },
  {
    ...client,
    id: 'D1',
    guard: 'web ports only',
    edits: [['const hasWebPort = webPorts.has(url.port);', 'const hasWebPort = true;']],
    names: 'D1',
  },
  {
    ...client,
    id: 'D2',
    guard: 'each hop chooses its own check',
    edits: [
      ['dispatcher: agentFor(url),', 'dispatcher: (options.agent ??= agentFor(url)),'],
      [
        'const page = await fetchOnce(url, options, signal);',
        'const page = await fetchOnce(url, (held ??= { ...options }), signal);',
      ],
      ['let url = parseTarget(text);', 'let url = parseTarget(text); let held;'],
    ],
    names: 'D2',
  },
  {
    ...client,
    id: 'D2',
    guard: 'each hop is a web address',
    edits: [
      ['url = parseTarget(URL.parse(location, url)?.href ?? location);', 'url = new URL(location, url);'],
    ],
    names: 'D2',
  },
  {
    ...client,
    id: 'D2',
    guard: 'five hops at most',
    edits: [['const maxRedirects = 5;', 'const maxRedirects = 50;']],
    names: 'D2',
  },
  {
    ...addresses,
    id: 'D2',
    guard: 'an address must be global unicast, seen from a crawl',
    edits: [['(isListed(text) || isGlobalUnicast(address))', 'true']],
    tests: site,
    names: 'D2',
  },
  {
    ...client,
    id: 'D3',
    guard: 'what a name resolves to is checked',
    edits: [['checkAddresses(hostname, addresses, isAllowed);', '']],
    names: 'D1, D3',
  },
  {
    ...client,
    id: 'D3',
    guard: 'all addresses of a name are checked',
    edits: [['addresses.find((entry) =>', 'addresses.slice(0, 1).find((entry) =>']],
    names: 'D1, D3.*(?:private address among|canary, however)',
  },
  {
    ...client,
    id: 'D3',
    guard: 'connected to what was checked, not to a second lookup',
    edits: [
      [
        'else if (options.all) callback(null, [...addresses]);',
        'else if (options.all) void resolve(hostname).then((again) => callback(null, [...again]));',
      ],
    ],
    names: 'D1, D3.*(?:rebinding|canary, however)',
  },
  {
    id: 'D4',
    guard: 'the lint rule',
    file: 'eslint.config.js',
    edits: [['rules: noRawOutbound,', 'rules: {},']],
    tests: ['tests/house/outbound.test.ts'],
  },
  {
    id: 'D4',
    guard: 'no other call (a stray one is written)',
    file: 'server/store/topics.ts',
    edits: [['export ', "export const stray = () => fetch('http://example.com');\nexport "]],
    tests: ['tests/house/outbound.test.ts'],
  },
  {
    id: 'D5',
    guard: 'decoded bytes are counted',
    file: 'ingest/fetch-body.ts',
    edits: [['if (total > maxBytes) {', 'if (total < 0) {']],
    tests: client.tests,
    names: 'D5',
  },
  {
    id: 'D5',
    guard: 'a declared size is believed at once',
    file: 'ingest/fetch-body.ts',
    edits: [['if (declared > maxBytes) {', 'if (declared < 0) {']],
    tests: client.tests,
    names: 'D5',
  },
  {
    id: 'D5',
    guard: 'compressed twice at most',
    file: 'ingest/fetch-body.ts',
    edits: [['if (codings.length > 2) {', 'if (codings.length > 200) {']],
    tests: client.tests,
    names: 'D5',
  },
  {
    ...client,
    id: 'D5',
    guard: 'one time limit for all of a page',
    edits: [
      [
        'options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;',
        'options.signal ?? (deadline.aborted ? deadline : new AbortController().signal);',
      ],
    ],
    names: 'D5.*gives up',
  },
  {
    id: 'D5',
    guard: 'rows of a crawl are capped',
    file: 'ingest/crawl-state.ts',
    edits: [['.slice(0, Math.max(room, 0))', '']],
    tests: ['ingest/pipeline.test.ts'],
    names: 'D5',
  },
  {
    id: 'D5',
    guard: 'pages of a crawl are capped',
    file: 'ingest/crawl-page.ts',
    edits: [
      [
        'if (!(await crawl.budget.take())) return',
        'if (!(await crawl.budget.take()) && item.depth > 1000) return',
      ],
    ],
    tests: ['ingest/pipeline.test.ts'],
    names: 'D5',
  },
  {
    id: 'D5',
    guard: 'the depth of a crawl is capped',
    file: 'ingest/crawl-state.ts',
    edits: [['depth > config.maxDepth', 'depth < 0']],
    tests: ['ingest/pipeline.test.ts'],
    names: 'D5',
  },
  {
    id: 'D5',
    guard: 'the tree of a page is capped',
    file: 'ingest/extract/html-tree.ts',
    edits: [['const maxDepth = 250;', 'const maxDepth = 1e9;']],
    tests: site,
    names: 'D5',
  },
  {
    id: 'D6',
    guard: '5xx forbids everything',
    file: 'ingest/robots.ts',
    edits: [['if (page.status >= 500) return', 'if (page.status >= 900) return']],
    tests: ['ingest/robots.test.ts'],
    names: 'D6',
  },
  {
    id: 'D6',
    guard: '4xx allows everything',
    file: 'ingest/robots.ts',
    edits: [
      [
        'if (page.status >= 400 && page.status < 500) return allowAll;',
        'if (page.status >= 400) return forbidAll(url);',
      ],
    ],
    tests: ['ingest/robots.test.ts'],
    names: 'D6',
  },
  {
    id: 'D6',
    guard: 'unreachable forbids everything',
    file: 'ingest/robots.ts',
    edits: [
      ['return forbidAll(error instanceof Error', 'return allowAll ?? forbidAll(error instanceof Error'],
    ],
    tests: ['ingest/robots.test.ts'],
    names: 'D6',
  },
  {
    id: 'D6',
    guard: 'more than its first half megabyte is ignored',
    file: 'ingest/robots.ts',
    edits: [['bytes.subarray(0, maxBytes)', 'bytes']],
    tests: ['ingest/robots.test.ts'],
    names: 'D6',
  },
  {
    id: 'D6',
    guard: 'a file of a megabyte counts all the same',
    file: 'ingest/robots.ts',
    edits: [['maxBytes: maxBytes * 8', 'maxBytes']],
    tests: ['ingest/robots.test.ts'],
    names: 'D6',
  },
  {
    id: 'D6',
    guard: 'a crawl asks the rules',
    file: 'ingest/crawl-page.ts',
    edits: [
      [
        'if (!robots.isAllowed(item.locator)) {',
        'if (!robots.isAllowed(item.locator) && item.depth > 1000) {',
      ],
    ],
    tests: ['ingest/recrawl.test.ts', 'ingest/pipeline.test.ts'],
  },
  {
    id: 'D6',
    guard: 'a byte order mark is no part of the first line',
    file: 'ingest/robots.ts',
    edits: [[".replace(/^\\ufeff/, '')", '']],
    tests: ['ingest/robots.test.ts'],
    names: 'D6',
  },
];
