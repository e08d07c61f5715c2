/**
 * Whether `origin` is our own: exactly that of PUBLIC_URL, or, where none is set, one whose host and port are
 * those the request came to. Never a prefix, suffix or pattern.
 */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (publicUrl !== null) return origin === new URL(publicUrl).origin;
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const own = new URL(`http://${host}`).host;
  return origin === `http://${own}` || origin === `https://${own}`;
}
