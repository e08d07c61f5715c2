import type { VisitorSession } from '../../server/protocol/http.ts';

export type SessionResult =
  | { type: 'open'; session: VisitorSession }
  /** The server says no: another try would give the same. */
  | { type: 'refused' }
  /** Offline, overloaded or broken: worth another try. */
  | { type: 'unreachable' };

/** Opens or continues the visitor's session; never rejects. `token`: the one of this page's life, if any. */
export type OpenSession = (token: string | null) => Promise<SessionResult>;

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * Reads the answer of `POST /api/v1/visitor/session`; null when it is not one. By hand, because zod alone
 * weighs more than the rest of the chat; a test holds it against `visitorSessionSchema`.
 */
export function readSession(value: unknown): VisitorSession | null {
  const site = member(value, 'site');
  const [visitorId, token] = [member(value, 'visitorId'), member(value, 'token')];
  const conversationId = member(value, 'conversationId');
  const [id, name] = [member(site, 'id'), member(site, 'name')];
  const [greeting, accentColor] = [member(site, 'greeting'), member(site, 'accentColor')];
  if (typeof visitorId !== 'string' || typeof token !== 'string') return null;
  if (conversationId !== null && typeof conversationId !== 'string') return null;
  if (typeof id !== 'string' || typeof name !== 'string') return null;
  if (typeof greeting !== 'string' || typeof accentColor !== 'string') return null;
  return { visitorId, token, site: { id, name, greeting, accentColor }, conversationId };
}

/** Makes the call on `apiUrl` (`.../api/v1/visitor/session`), with at most `timeoutMs` for the answer. */
export function createOpenSession(apiUrl: string, site: string, timeoutMs = 15_000): OpenSession {
  return async (token) => {
    try {
      const response = await fetch(apiUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ site, token }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.ok) {
        const session = readSession(await response.json());
        return session ? { type: 'open', session } : { type: 'unreachable' };
      }
      const isFinal =
        response.status >= 400 && response.status < 500 && ![408, 429].includes(response.status);
      return { type: isFinal ? 'refused' : 'unreachable' };
    } catch {
      return { type: 'unreachable' };
    }
  };
}
