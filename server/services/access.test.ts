import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, recordingLogger } from '../testing/deps.ts';
import { recordingBus, testPasswordCost } from '../testing/http-app.ts';
import { createIds } from '../system.ts';
import { createAccess, sessionHash, sessionLifeMs } from './access.ts';
import { hashPassword, verifyPassword } from './access-password.ts';

const password = 'a long enough password';
let db: Database;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.execute('delete from agent');
  await db.execute('delete from api_key');
});

function build(passwordCost = testPasswordCost) {
  const clock = fakeClock(Date.UTC(2026, 5, 1));
  const logger = recordingLogger();
  const bus = recordingBus();
  const ids = createIds(clock);
  return { access: createAccess({ db, bus, ids, clock, logger, passwordCost }), clock, logger, bus, ids };
}

const nobody = { owner: null, apiKey: null };
const owner = { email: 'owner@shop.example', password };

async function withOwner() {
  const built = build();
  await built.access.prepare({ owner, apiKey: null });
  return built;
}

describe('first run', () => {
  it('lets the first owner in with the code of this start, once', async () => {
    const { access } = build();
    const { setupCode } = await access.prepare(nobody);
    expect(setupCode).not.toBeNull();
    const request = { ...owner, name: 'Ada', code: setupCode ?? '' };
    const { account, token } = await access.setup(request, '1.2.3.4');
    expect(account).toMatchObject({ email: owner.email, role: 'owner' });
    expect(await access.authenticateSession(token)).toEqual(account);
    expect(await access.needsSetup()).toBe(false);
    await expect(access.setup({ ...request, email: 'second@shop.example' }, '1.2.3.4')).rejects.toMatchObject(
      {
        code: 'conflict',
      },
    );
  });

  it('refuses a wrong code, and the code of an earlier start', async () => {
    const earlier = await build().access.prepare(nobody);
    const { access } = build();
    const { setupCode } = await access.prepare(nobody);
    expect(setupCode).not.toBe(earlier.setupCode);
    const request = { ...owner, name: 'Ada', code: earlier.setupCode ?? '' };
    await expect(access.setup(request, '1.2.3.4')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await access.needsSetup()).toBe(true);
  });

  it('makes one owner when two set up in the same moment on two instances', async () => {
    const [first, second] = [build().access, build().access];
    const codes = [await first.prepare(nobody), await second.prepare(nobody)];
    const results = await Promise.allSettled([
      first.setup({ email: 'a@shop.example', name: 'A', password, code: codes[0]?.setupCode ?? '' }, '1'),
      second.setup({ email: 'b@shop.example', name: 'B', password, code: codes[1]?.setupCode ?? '' }, '2'),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('slows down guesses of the code', async () => {
    const { access } = build();
    await access.prepare(nobody);
    const guess = () =>
      access.setup({ ...owner, name: 'Eve', code: 'guess' }, '6.6.6.6').catch((e) => e.code);
    const codes = [];
    for (let attempt = 0; attempt < 12; attempt += 1) codes.push(await guess());
    expect(codes.slice(-2)).toEqual(['rate-limited', 'rate-limited']);
  });

  it('adds the bootstrap owner and key, and leaves both alone at the next start', async () => {
    const bootstrap = { owner, apiKey: 'dbk_chosen-by-the-operator' };
    const { access } = build();
    expect(await access.prepare(bootstrap)).toEqual({ setupCode: null });
    await build().access.prepare({
      owner: { ...owner, password: 'another password' },
      apiKey: bootstrap.apiKey,
    });
    expect(await access.agents.list()).toHaveLength(1);
    expect(await access.keys.list()).toHaveLength(1);
    await access.login(owner, '1.2.3.4');
    expect(await access.authenticateKey(bootstrap.apiKey)).not.toBeNull();
  });
});

describe('sessions', () => {
  it('slide: they end 14 days after their last use', async () => {
    const { access, clock } = await withOwner();
    const { token } = await access.login(owner, '1.2.3.4');
    clock.advance(sessionLifeMs - 1000);
    expect(await access.authenticateSession(token)).not.toBeNull();
    clock.advance(sessionLifeMs - 1000);
    expect(await access.authenticateSession(token)).not.toBeNull();
    clock.advance(sessionLifeMs + 1000);
    expect(await access.authenticateSession(token)).toBeNull();
  });

  it('are stored as a hash only', async () => {
    const { access } = await withOwner();
    const { token } = await access.login(owner, '1.2.3.4');
    const rows = await db.query('select token_hash from agent_session', [], rowOf('token_hash'));
    expect(rows).toEqual([{ token_hash: createHash('sha256').update(token).digest('hex') }]);
    expect(token).toHaveLength(43);
  });

  it('end by logout, and sockets hear of it', async () => {
    const { access, bus } = await withOwner();
    const { token, account } = await access.login(owner, '1.2.3.4');
    await access.logout(token);
    expect(await access.authenticateSession(token)).toBeNull();
    expect(bus.published).toEqual([
      { channel: 'session-revoked', message: { agentId: account.id, sessionHash: sessionHash(token) } },
    ]);
  });

  it('end when the agent is removed; the agent cannot sign in again', async () => {
    const { access, bus } = await withOwner();
    const agent = await access.agents.add({ email: 'm@shop.example', name: 'Maya', role: 'agent', password });
    const { token } = await access.login({ email: agent.email, password }, '1.2.3.4');
    await access.agents.remove(agent.id);
    expect(await access.authenticateSession(token)).toBeNull();
    expect(bus.published).toContainEqual({
      channel: 'session-revoked',
      message: { agentId: agent.id, sessionHash: null },
    });
    await expect(access.login({ email: agent.email, password }, '1.2.3.4')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('a new password or role', () => {
  it('ends every session, on all instances', async () => {
    const { access, bus } = await withOwner();
    const maya = await access.agents.add({ email: 'm@shop.example', name: 'Maya', role: 'agent', password });
    const begin = async () => (await access.login({ email: maya.email, password }, '1.2.3.4')).token;
    for (const change of [{ role: 'owner' as const }, { password: 'a new long password' }]) {
      const token = await begin();
      bus.published.length = 0;
      await access.agents.update(maya.id, change);
      expect(await access.authenticateSession(token)).toBeNull();
      expect(bus.published).toEqual([
        { channel: 'session-revoked', message: { agentId: maya.id, sessionHash: null } },
      ]);
    }
    await expect(begin()).rejects.toMatchObject({ code: 'unauthenticated' });
    await access.login({ email: maya.email, password: 'a new long password' }, '1.2.3.4');
  });

  it('is not needed for a new name', async () => {
    const { access, bus } = await withOwner();
    const { token, account } = await access.login(owner, '1.2.3.4');
    await access.agents.update(account.id, { name: 'Ada L.', role: 'owner' });
    expect(await access.authenticateSession(token)).toMatchObject({ name: 'Ada L.' });
    expect(bus.published).toEqual([]);
  });

  it("of one's own needs the present password, and begins a new session", async () => {
    const { access } = await withOwner();
    const { token, account } = await access.login(owner, '1.2.3.4');
    const change = (current: string) =>
      access.changePassword(account, { current, next: 'a new long password' }, '1.2.3.4');
    await expect(change('wrong')).rejects.toMatchObject({ code: 'unauthenticated' });
    const next = await change(password);
    expect(await access.authenticateSession(token)).toBeNull();
    expect(await access.authenticateSession(next.token)).toEqual(account);
  });

  it('cannot take the last owner away', async () => {
    const { access } = await withOwner();
    const [only] = await access.agents.list();
    await expect(access.agents.update(only?.id ?? '', { role: 'agent' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('login', () => {
  it('says the same for a wrong password and an unknown address', async () => {
    const { access } = await withOwner();
    const refusal = (email: string) =>
      access.login({ email, password: 'wrong' }, '1.2.3.4').catch((error: unknown) => String(error));
    expect(await refusal(owner.email)).toBe(await refusal('nobody@shop.example'));
  });

  it('does the same work for an unknown address: it derives a key with the parameters of real hashes', async () => {
    // parameters that scrypt refuses: whoever derives a key with them fails loudly
    const { access } = build({ n: 3, r: 1, p: 1 });
    const attempt = access.login({ email: 'nobody@shop.example', password: 'x' }, '1.2.3.4');
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS' });
  });

  it('is slowed per address of the network and per e-mail address, and success gives attempts back', async () => {
    const { access, clock } = await withOwner();
    const attempt = (secret: string, address: string, email = owner.email) =>
      access.login({ email, password: secret }, address).then(
        () => 'in',
        (error: { code: string }) => error.code,
      );
    for (let count = 0; count < 30; count += 1) expect(await attempt(password, '1.1.1.1')).toBe('in');
    const guesses = [];
    for (let count = 0; count < 1000; count += 1)
      guesses.push(await attempt('wrong', `10.0.${count >> 8}.${count & 255}`));
    expect(guesses.filter((code) => code === 'unauthenticated')).toHaveLength(10);
    expect(await attempt(password, '2.2.2.2')).toBe('rate-limited');
    clock.advance(60_000);
    expect(await attempt(password, '2.2.2.2')).toBe('in');
  });

  it('keeps passwords as salted hashes and renews them when the cost changes', async () => {
    const { access } = await withOwner();
    const hashOf = async () =>
      (await db.query('select password_hash from agent', [], rowOf('password_hash')))[0];
    const before = await hashOf();
    await access.login(owner, '1.2.3.4');
    expect(await hashOf()).toEqual(before);
    await build({ n: 32, r: 1, p: 1 }).access.login(owner, '1.2.3.4');
    expect((await hashOf())?.['password_hash']).toMatch(/^scrypt\$32\$1\$1\$/);
    await access.login(owner, '1.2.3.4');
  });
});

describe('owners', () => {
  it('cannot all be removed, not even by two at once', async () => {
    const { access } = await withOwner();
    const [first] = await access.agents.list();
    await expect(access.agents.remove(first?.id ?? '')).rejects.toMatchObject({ code: 'conflict' });
    const second = await access.agents.add({ email: 'b@shop.example', name: 'B', role: 'owner', password });
    const results = await Promise.allSettled([
      access.agents.remove(first?.id ?? ''),
      access.agents.remove(second.id),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await access.agents.list()).toHaveLength(1);
  });

  it('may add somebody again who was removed, under the same id', async () => {
    const { access } = await withOwner();
    const maya = { email: 'm@shop.example', name: 'Maya', role: 'agent' as const, password };
    const { id } = await access.agents.add(maya);
    await expect(access.agents.add(maya)).rejects.toMatchObject({ code: 'conflict' });
    await access.agents.remove(id);
    expect(await access.agents.add({ ...maya, password: 'a new long password' })).toMatchObject({ id });
    await access.login({ email: maya.email, password: 'a new long password' }, '1.2.3.4');
  });
});

describe('API keys', () => {
  it('work until they are revoked, and are stored as a hash only', async () => {
    const { access } = build();
    const created = await access.keys.create('ci');
    expect(created.key).toMatch(/^dbk_[\w-]{43}$/);
    expect(await access.authenticateKey(created.key)).toEqual({ keyId: created.id });
    const stored = await db.query('select key_hash from api_key', [], rowOf('key_hash'));
    expect(JSON.stringify(stored)).not.toContain(created.key);
    expect((await access.keys.list())[0]?.lastUsedAt).not.toBeNull();
    await access.keys.revoke(created.id);
    expect(await access.authenticateKey(created.key)).toBeNull();
    await expect(access.keys.revoke(created.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of this machine work in this process only and are nowhere listed', async () => {
    const { access } = build();
    const key = access.keys.issueLocal();
    expect(await access.authenticateKey(key)).toEqual({ keyId: 'local' });
    expect(await build().access.authenticateKey(key)).toBeNull();
    expect(await access.keys.list()).toEqual([]);
  });
});

describe('passwords', () => {
  it('are the same however the keyboard composes their letters', async () => {
    const { ids } = build();
    const stored = await hashPassword('caf\u00e9 au lait', ids, testPasswordCost);
    expect(await verifyPassword('cafe\u0301 au lait', stored)).toBe(true);
    expect(await verifyPassword('cafe au lait', stored)).toBe(false);
  });
});

function rowOf(column: string) {
  return z.object({ [column]: z.string() });
}
