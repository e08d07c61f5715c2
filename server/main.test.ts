import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPgliteDatabase } from './adapters/db/pglite.ts';
import { readRunFile } from './run-lock.ts';
import { createFreshDatabase, testDatabaseUrl } from './testing/database.ts';
import { makeTempFolder, startProcess, type TestProcess } from './testing/process.ts';

let temp: Awaited<ReturnType<typeof makeTempFolder>>;
beforeAll(async () => {
  temp = await makeTempFolder();
});
afterAll(() => temp.remove());

/** The one message that a failed start leaves, and nothing else. */
async function failureOf(process: TestProcess): Promise<string> {
  expect(await process.exited).toBe(1);
  expect(process.stdout()).toBe('');
  expect(process.stderr()).toContain('Deskbell could not start.');
  expect(process.stderr()).not.toMatch(/^\s+at /m);
  return process.stderr();
}

describe('a start that cannot succeed says why and what to do', () => {
  const inTemp = (name: string) => path.join(temp.folder, name);

  it('bad variables, all at once', async () => {
    const message = await failureOf(startProcess({ DATA_DIR: inTemp('unused'), PORT: 'x', LOG_LEVEL: 'y' }));
    expect(message).toContain('PORT');
    expect(message).toContain('LOG_LEVEL');
    expect(message).toContain('.env.example');
  });

  it('a data folder that cannot be written', async () => {
    await writeFile(inTemp('file'), '');
    const message = await failureOf(startProcess({ DATA_DIR: inTemp('file/data') }));
    expect(message).toContain('cannot be written');
    expect(message).toContain('DATA_DIR');
  });

  it('a database that cannot be reached', async () => {
    const DATABASE_URL = 'postgres://someone:hunter2@127.0.0.1:1/deskbell';
    const message = await failureOf(startProcess({ DATA_DIR: inTemp('away'), DATABASE_URL }));
    expect(message).toContain('The database cannot be reached');
    expect(message).toContain('DATABASE_URL');
    expect(message).not.toContain('hunter2');
  });
});

describe('a running server', () => {
  let running: TestProcess;
  let url: string;
  beforeAll(async () => {
    running = startProcess({ DATA_DIR: path.join(temp.folder, 'running') });
    url = await running.ready;
  });
  afterAll(() => running.child.kill('SIGKILL'));

  it('prints exactly one line on stdout, and the setup code on stderr', async () => {
    expect(running.stdout()).toBe(`deskbell ready ${url}\n`);
    await vi.waitFor(() => expect(running.stderr()).toContain('one-time code'));
  });

  it('is live and ready, and serves its pages', async () => {
    for (const page of ['/livez', '/readyz', '/demo'])
      expect((await fetch(`${url}${page}`)).status).toBe(200);
  });

  it('refuses a second one on its data folder', async () => {
    const message = await failureOf(startProcess({ DATA_DIR: running.dataDir }));
    expect(message).toContain(`process ${running.child.pid}`);
  });

  it('refuses Redis that is not there, before anything is served', async () => {
    const away = startProcess({
      DATA_DIR: path.join(temp.folder, 'no-redis'),
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(await failureOf(away)).toContain('REDIS_URL');
  });

  it('ends in good order on SIGINT: exit 0, nothing announced any more, the folder free', async () => {
    running.child.kill('SIGINT');
    expect(await running.exited).toBe(0);
    expect(await readRunFile(running.dataDir)).toBeNull();
  });

  it('says that the port is in use, and how to choose another', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const message = await failureOf(startProcess({ DATA_DIR: running.dataDir, PORT: String(port) }));
    expect(message).toContain(`Port ${port} is already in use`);
    expect(message).toContain('PORT=');
    holder.close();
  });

  it('refuses a database made by a newer version', async () => {
    const database = await createPgliteDatabase({ dataDir: path.join(running.dataDir, 'database') });
    await database.execute(`insert into schema_migration (name, checksum) values ('9999-future.sql', 'x')`);
    await database.close();
    expect(await failureOf(startProcess({ DATA_DIR: running.dataDir }))).toContain('newer Deskbell');
  });
});

describe('Ctrl-C twice', () => {
  it('ends at once', async () => {
    const impatient = startProcess({ DATA_DIR: path.join(temp.folder, 'impatient') });
    const url = new URL(await impatient.ready);
    // A request that never ends keeps the first Ctrl-C waiting.
    const open = await import('node:net').then(({ connect }) => connect(Number(url.port), '127.0.0.1'));
    open.on('error', () => {});
    open.write('POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n');
    await once(open, 'connect');
    impatient.child.kill('SIGINT');
    await vi.waitFor(() => expect(impatient.stderr()).toContain('Ctrl-C again'), 5000);
    impatient.child.kill('SIGINT');
    expect(await impatient.exited).toBe(130);
    open.destroy();
  });
});

function describeOnPostgres(serverUrl: string): void {
  describe('on PostgreSQL', () => {
    it('explains a wrong password and a database that does not exist', async () => {
      const wrong = new URL(serverUrl);
      wrong.password = 'wrong';
      const DATA_DIR = path.join(temp.folder, 'postgres');
      expect(await failureOf(startProcess({ DATA_DIR, DATABASE_URL: wrong.href }))).toContain(
        'refused the login',
      );
      const missing = new URL(serverUrl);
      missing.pathname = '/no_such_database';
      const message = await failureOf(startProcess({ DATA_DIR, DATABASE_URL: missing.href }));
      expect(message).toContain('no_such_database');
    });

    it('serves in one process and works in another', async () => {
      const fresh = await createFreshDatabase(serverUrl, false);
      const DATABASE_URL = fresh.url;
      const web = startProcess({
        DATA_DIR: path.join(temp.folder, 'web'),
        DATABASE_URL,
        DESKBELL_ROLE: 'web',
      });
      const url = await web.ready;
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      const line = JSON.stringify({ id: 'page', title: 'Page', text: 'Somebody else reads this.' });
      const accepted = await web.api('POST', '/sites/default/documents', line, 'application/x-ndjson');
      expect(accepted.status).toBe(202);

      const worker = startProcess(
        { DATA_DIR: path.join(temp.folder, 'worker'), DATABASE_URL },
        'server/worker.ts',
      );
      await worker.ready;
      await expect
        .poll(async () => (await web.api('GET', '/sites/default/documents/page')).status, { timeout: 20_000 })
        .toBe(200);
      for (const process of [worker, web]) {
        process.child.kill('SIGTERM');
        expect(await process.exited).toBe(0);
      }
      await fresh.drop();
    });
  });
}
if (testDatabaseUrl !== null) describeOnPostgres(testDatabaseUrl);
