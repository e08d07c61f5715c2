import { scrypt, timingSafeEqual } from 'node:crypto';
import type { Ids } from '../ports.ts';

/**
 * Work factors of scrypt. The default is one of the settings OWASP's password storage sheet names for scrypt
 * (N=2^15, r=8, p=3): 32 MiB and some 0.2 s.
 */
export interface PasswordCost {
  /** CPU and memory cost, a power of two. */
  n: number;
  /** Block size. */
  r: number;
  /** Parallelism. */
  p: number;
}

export const defaultPasswordCost: PasswordCost = { n: 2 ** 15, r: 8, p: 3 };

const hashBytes = 32;
const saltBytes = 16;

function derive(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  const options = { N: cost.n, r: cost.r, p: cost.p, maxmem: 256 * cost.n * cost.r };
  return new Promise((resolve, reject) => {
    // NFKC: the same password typed on two keyboards is the same password
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** A salted hash that carries its own parameters: `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(
  password: string,
  ids: Ids,
  cost: PasswordCost = defaultPasswordCost,
): Promise<string> {
  const salt = Buffer.from(ids.secret(saltBytes), 'base64url');
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.n, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** A hash that no password has; checking one against it takes as long as against a real one. */
export function decoyHash(ids: Ids, cost: PasswordCost): string {
  return ['scrypt', cost.n, cost.r, cost.p, ids.secret(saltBytes), ids.secret(hashBytes)].join('$');
}

function parseHash(stored: string): { cost: PasswordCost; salt: Buffer; key: Buffer } {
  const [kind, n, r, p, salt, key] = stored.split('$');
  if (kind !== 'scrypt' || salt === undefined || key === undefined) {
    throw new Error('a stored password hash is not in the known form');
  }
  return {
    cost: { n: Number(n), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

/**
 * Whether the password is the one that was hashed, compared in constant time.
 * @throws Error when `stored` is not a hash of `hashPassword`.
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const { cost, salt, key } = parseHash(stored);
  return timingSafeEqual(await derive(password, salt, cost), key);
}

/** Whether the hash was made with other parameters than today's, so that it should be made anew. */
export function isOutdatedHash(stored: string, cost: PasswordCost): boolean {
  const { cost: used } = parseHash(stored);
  return used.n !== cost.n || used.r !== cost.r || used.p !== cost.p;
}
