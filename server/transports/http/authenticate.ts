import type { Request } from 'express';
import type { Access } from '../../services/access.ts';
import type { Actor } from './route.ts';

const bearer = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i;

/**
 * Who the request proves to be. An API key counts before a cookie; a wrong key is nobody, even with a cookie, so
 * that a script notices.
 */
export async function authenticate(
  request: Request,
  sessionToken: string | undefined,
  access: Pick<Access, 'authenticateKey' | 'authenticateSession'>,
): Promise<Actor> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const key = bearer.exec(header)?.[1];
    const known = key === undefined ? null : await access.authenticateKey(key);
    return known === null ? { kind: 'anonymous' } : { kind: 'key', keyId: known.keyId };
  }
  if (sessionToken !== undefined && sessionToken !== '') {
    const account = await access.authenticateSession(sessionToken);
    if (account !== null) return { kind: 'account', account, token: sessionToken };
  }
  return { kind: 'anonymous' };
}
