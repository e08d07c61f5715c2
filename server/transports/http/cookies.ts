import type { SetCookie } from 'cookie';
import { consoleCookieName, visitorCookieName } from '../../protocol/cookies.ts';
import { sessionLifeMs } from '../../services/access.ts';

const visitorLifeMs = 365 * 24 * 60 * 60_000;

/** The cookies that this server sets; all HttpOnly, so that no script can read them. */
export interface SessionCookies {
  consoleName: string;
  visitorName(siteId: string): string;
  /** Null takes the cookie away. */
  console(token: string | null): SetCookie;
  visitor(siteId: string, token: string): SetCookie;
}

/**
 * With https, names begin with `__Host-`; the visitor's cookie works inside an iframe on another site, apart for
 * each such site (CHIPS), and the console's never leaves our own pages. Plain http is for localhost only.
 */
export function createSessionCookies(isHttps: boolean): SessionCookies {
  const consoleName = consoleCookieName(isHttps);
  const visitorName = (siteId: string): string => visitorCookieName(siteId, isHttps);
  const base = { path: '/', httpOnly: true, secure: isHttps };
  return {
    consoleName,
    visitorName,
    console: (token) => ({
      ...base,
      name: consoleName,
      value: token ?? '',
      sameSite: isHttps ? 'strict' : 'lax',
      maxAge: token === null ? 0 : sessionLifeMs / 1000,
    }),
    visitor: (siteId, token) => ({
      ...base,
      name: visitorName(siteId),
      value: token,
      maxAge: visitorLifeMs / 1000,
      ...(isHttps ? { sameSite: 'none' as const, partitioned: true } : { sameSite: 'lax' as const }),
    }),
  };
}
