import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { isTest, readSources, root } from './imports.ts';

/** D4: there is one way out of the server, and the lint rule and this scan both see every other. */
const outbound = [
  /(?<![.\w])fetch\s*\(/,
  /globalThis\.fetch|\bXMLHttpRequest\b|\bnew EventSource\b|\bnew WebSocket\b/,
  /from '(?:node:)?https?'|from 'undici'|from 'axios'|from 'got'|from 'node-fetch'/,
  /from '(?:node:)?(?:net|tls|dgram|http2)'/,
];

/** Files that may, each with the reason. */
const allowed: Record<string, string> = {
  'ingest/fetch.ts': 'the guarded client itself',
  'ingest/parse/confine.ts': 'takes the network away from the parsing process',
  'server/http-server.ts': 'listens',
  'server/adapters/llm/endpoint-fetch.ts':
    'reaches the addresses that the operator named in the configuration, and no others',
  'server/transports/ws/address.ts': 'compares addresses, opens none',
};
/** What runs elsewhere than in the server: a person's terminal and clients of the protocol. */
const elsewhere = ['server/cli/', 'server/protocol/client', 'server/testing/'];

describe('D4: outbound calls', () => {
  it('go through the guarded client alone', () => {
    const strays = readSources('server', 'ingest', 'demo')
      .filter(({ file }) => !isTest(file) && !elsewhere.some((folder) => file.startsWith(folder)))
      .filter(({ file, text }) => !(file in allowed) && outbound.some((pattern) => pattern.test(code(text))))
      .map(({ file }) => file);
    expect(strays).toEqual([]);
  });

  it.each([
    ["await fetch('http://169.254.169.254/');"],
    ["import http from 'node:http';\nhttp.get('http://10.0.0.1/');"],
    ["import { request } from 'undici';\nawait request('http://10.0.0.1/');"],
  ])('are refused by lint: %s', async (text) => {
    const lint = new ESLint({ cwd: root });
    for (const filePath of ['server/services/stray.ts', 'ingest/stray.ts', 'server/adapters/llm/stray.ts']) {
      const [result] = await lint.lintText(text, { filePath: `${root}/${filePath}` });
      const rules = result?.messages.map(({ ruleId }) => ruleId) ?? [];
      expect(
        rules.some((rule) => /^no-restricted-(?:globals|imports)$/.test(rule ?? '')),
        filePath,
      ).toBe(true);
    }
  });
});

function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
