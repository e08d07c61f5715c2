import { connect } from 'node:net';
import type { Database } from '../../server/ports.ts';
import { createRandom } from '../chaos/random.ts';
import type { Servers } from '../chaos/servers.ts';
import type { Expectations } from '../expectations.ts';
import { memoryMb, until } from '../degraded/stage.ts';
import { forEachOf } from '../sockets/load.ts';
import {
  acceptedSchema,
  isAlive,
  multipartOf,
  multipartType,
  numberOf,
  openFiles,
  openProduct,
} from './ground.ts';
import type { Product } from './ground.ts';

/** How much of it. */
export interface AbortedOptions {
  uploads: number;
  seed: number;
}

const atOnce = 20;
const warmUp = 500;
/** What pools and the runtime open and close as they please. */
const slackFiles = 5;
const slackMb = 64;
/** So that what was forgotten is collected soon, and what is not shows. */
const smallHeap = '--max-old-space-size=100 --max-semi-space-size=2';

/** J1: senders hang up at any byte of head or body; nothing stays open, nothing is kept, others are served. */
export async function uploadsAborted(
  servers: Servers,
  db: Database,
  expectations: Expectations,
  { uploads, seed }: AbortedOptions,
): Promise<void> {
  const product = await openProduct({
    environment: { DATABASE_URL: servers.databaseUrl, NODE_OPTIONS: smallHeap },
    roles: 'all',
  });
  const random = createRandom(seed);
  const bytes = wholeRequest(product);
  const offsets = Array.from({ length: warmUp + uploads }, () => random.int(1, bytes.length - 1));
  try {
    await forEachOf(offsets.slice(0, warmUp), atOnce, (offset) => abort(product, bytes.subarray(0, offset)));
    await allForgotten(db);
    const before = { files: openFiles(product.web), memoryMb: memoryMb(product.web) };
    await forEachOf(offsets.slice(warmUp), atOnce, (offset) => abort(product, bytes.subarray(0, offset)));
    const forgottenMs = await allForgotten(db);
    const flatMs = await until(
      'files to be closed',
      () => openFiles(product.web) <= before.files + slackFiles,
    ).catch(() => null);
    const after = { files: openFiles(product.web), memoryMb: memoryMb(product.web) };
    const left = await numberOf(db, 'select count(*) from source_item');
    const isServed = await uploadOne(product, db);
    const row = {
      uploads,
      ofBytes: bytes.length,
      before,
      after,
      peakMb: memoryMb(product.web, 'peak'),
      left,
    };
    expectations.report(
      'J1 uploads aborted',
      { ...row, isServed },
      {
        'the process is alive': isAlive(product.web),
        'no more files are open': flatMs !== null,
        'memory stays': after.memoryMb <= before.memoryMb + slackMb,
        'nothing of them is kept': forgottenMs !== null && left === 0,
        'an upload is read': isServed,
      },
    );
  } finally {
    await product.close();
  }
}

/** An upload of several files, as it goes over the wire. */
function wholeRequest({ port, key }: Product): Buffer {
  const body = multipartOf({
    'small.md': '# Small\n\nA few words.\n',
    'larger.txt': 'Words that go on for a while. '.repeat(1_000),
    'third.html': `<h1>Third</h1><p>${'More words. '.repeat(500)}</p>`,
  });
  const head = [
    'POST /api/v1/sites/default/sources HTTP/1.1',
    `Host: 127.0.0.1:${String(port)}`,
    `Authorization: Bearer ${key}`,
    `Content-Type: ${multipartType}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Sends the beginning and hangs up: every other byte count with a reset. */
function abort({ port }: Product, beginning: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(beginning, () => {
        if (beginning.length % 2 === 0) socket.resetAndDestroy();
        else socket.destroy();
      });
    });
    socket.on('error', () => {}).on('close', () => resolve());
  });
}

/** Waits until no source is there that an aborted upload began; null when some stay. */
function allForgotten(db: Database): Promise<number | null> {
  return until('aborted uploads to be forgotten', async () => {
    return (await numberOf(db, 'select count(*) from source')) === 0;
  }).catch(() => null);
}

/** A whole upload, read to its end. */
async function uploadOne({ web }: Product, db: Database): Promise<boolean> {
  const files = { 'whole.md': '# Whole\n\nThis one arrives.\n' };
  const { status, body } = await web.api('POST', '/sites/default/sources', multipartOf(files), multipartType);
  if (status !== 202) return false;
  const { sourceId } = acceptedSchema.parse(body);
  const indexed = `select count(*) from source_item where source_id = $1 and state = 'indexed'`;
  return until('the upload to be read', async () => (await numberOf(db, indexed, [sourceId])) === 1).then(
    () => true,
    () => false,
  );
}
