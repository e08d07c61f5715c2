import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Clock, Database, Ids, Logger } from '../ports.ts';
import { findApiKey, insertApiKey, listApiKeys, revokeApiKey, touchApiKey } from '../store/api-key.ts';

/** A key's last use is noted at most this often. */
const touchEveryMs = 60_000;
const keyBytes = 32;
const localKeyId = 'local';

export interface ApiKeyView {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** Keys of scripts; a key may do what an owner may. */
export interface ApiKeys {
  list(): Promise<ApiKeyView[]>;
  /** `key` is shown here once; only its hash is stored. */
  create(name: string): Promise<ApiKeyView & { key: string }>;
  /** Adds a key that the operator chose; does nothing when it was added before. */
  ensure(name: string, key: string): Promise<void>;
  /** @throws AppError `not-found`. */
  revoke(keyId: string): Promise<void>;
  authenticate(key: string): Promise<{ keyId: string } | null>;
  /** A key for this process's life only, never stored: how the command line of this machine gets in. */
  issueLocal(): string;
}

/** What the database keeps of a key: hex SHA-256. Keys are random, so no salt or stretching is called for. */
function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** @see ApiKeys */
export function createApiKeys(deps: { db: Database; ids: Ids; clock: Clock; logger: Logger }): ApiKeys {
  const { db, ids, clock, logger } = deps;
  const localHashes = new Set<string>();

  return {
    async list() {
      const keys = await listApiKeys(db);
      return keys.map((key) => ({
        id: key.id,
        name: key.name,
        createdAt: key.createdAt.toISOString(),
        lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
      }));
    },

    async create(name) {
      const key = `dbk_${ids.secret(keyBytes)}`;
      const record = { id: ids.uuid(), name, keyHash: hashKey(key), createdAt: new Date(clock.now()) };
      await insertApiKey(db, record);
      logger.info('api-key-created', { keyId: record.id });
      return { id: record.id, name, createdAt: record.createdAt.toISOString(), lastUsedAt: null, key };
    },

    async ensure(name, key) {
      const isNew = await insertApiKey(db, {
        id: ids.uuid(),
        name,
        keyHash: hashKey(key),
        createdAt: new Date(clock.now()),
      });
      if (!isNew && (await findApiKey(db, hashKey(key))) === null) {
        logger.warn('bootstrap-key-revoked', { fix: 'Choose another BOOTSTRAP_API_KEY or leave it out.' });
      }
    },

    async revoke(keyId) {
      if (!(await revokeApiKey(db, keyId, new Date(clock.now())))) {
        throw new AppError('not-found', 'There is no such API key.', {
          fix: 'List them with GET /api/v1/keys.',
        });
      }
      logger.info('api-key-revoked', { keyId });
    },

    async authenticate(key) {
      const hash = hashKey(key);
      if (localHashes.has(hash)) return { keyId: localKeyId };
      const record = await findApiKey(db, hash);
      if (record === null) return null;
      const now = clock.now();
      if (record.lastUsedAt === null || now - record.lastUsedAt.getTime() >= touchEveryMs) {
        await touchApiKey(db, record.id, new Date(now));
      }
      return { keyId: record.id };
    },

    issueLocal() {
      const key = `dbk_${ids.secret(keyBytes)}`;
      localHashes.add(hashKey(key));
      return key;
    },
  };
}
