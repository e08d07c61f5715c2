/** Names and attributes of the two cookies, shared by the HTTP routes and the socket upgrade. */

/** What the `cookie` package's serializer takes. */
export interface CookieAttributes {
  httpOnly: true;
  path: '/';
  secure: boolean;
  sameSite: 'lax' | 'strict' | 'none';
  partitioned: boolean;
}

/** `__Host-` binds a cookie to this host, https and path `/`; browsers refuse it over plain http. */
function hostPrefix(isSecure: boolean): string {
  return isSecure ? '__Host-' : '';
}

/** The visitor's session on one site; several sites of one host do not share visitors. */
export function visitorCookieName(siteId: string, isSecure: boolean): string {
  return `${hostPrefix(isSecure)}deskbell-visitor-${siteId}`;
}

/** The agent's session in the console. */
export function consoleCookieName(isSecure: boolean): string {
  return `${hostPrefix(isSecure)}deskbell-console`;
}

/**
 * The widget runs in a frame on a foreign page: only `SameSite=None; Secure; Partitioned` reaches it there.
 * Plain http (localhost) cannot have that and gets `Lax`.
 */
export function visitorCookieAttributes(isSecure: boolean): CookieAttributes {
  return {
    httpOnly: true,
    path: '/',
    secure: isSecure,
    sameSite: isSecure ? 'none' : 'lax',
    partitioned: isSecure,
  };
}

export function consoleCookieAttributes(isSecure: boolean): CookieAttributes {
  return {
    httpOnly: true,
    path: '/',
    secure: isSecure,
    sameSite: isSecure ? 'strict' : 'lax',
    partitioned: false,
  };
}
