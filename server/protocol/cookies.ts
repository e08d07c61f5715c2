/** Names of the two cookies, shared by the HTTP routes that set them and the socket upgrade that reads them. */

/** `__Host-` binds a cookie to this host, https and path `/`; browsers refuse it over plain http. */
function hostPrefix(isHttps: boolean): string {
  return isHttps ? '__Host-' : '';
}

/** The visitor's session on one site; several sites of one host do not share visitors. */
export function visitorCookieName(siteId: string, isHttps: boolean): string {
  return `${hostPrefix(isHttps)}deskbell-visitor-${siteId}`;
}

/** The agent's session in the console. */
export function consoleCookieName(isHttps: boolean): string {
  return `${hostPrefix(isHttps)}deskbell-console`;
}
