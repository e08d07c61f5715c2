import type { Request } from 'express';
import { AppError } from '../../errors.ts';

/** Name of the header that the console sends with every change; a cross-site form or image cannot. */
export const consoleHeader = 'x-deskbell-console';

/**
 * Whether `origin` is our own: exactly that of PUBLIC_URL, or, where none is set, one whose host is the host the
 * request came to.
 */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (publicUrl !== null) return origin === new URL(publicUrl).origin;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && originHost === host.toLowerCase();
}

/** Refuses a request that a page of another origin made. Requests without Origin are not from a page. */
export function refuseForeignOrigin(request: Request, publicUrl: string | null): void {
  const { origin, host } = request.headers;
  if (origin === undefined || isOwnOrigin(origin, host, publicUrl)) return;
  throw new AppError('origin-refused', 'This request comes from another origin.', {
    fix: 'Call it from a page of this server. Behind a proxy, set PUBLIC_URL to the address that browsers use.',
  });
}

/** Guards a change made with the console's cookie: our own Origin and the console's header must be there. */
export function requireConsoleRequest(request: Request, publicUrl: string | null): void {
  refuseForeignOrigin(request, publicUrl);
  if (request.headers.origin === undefined || request.headers[consoleHeader] !== '1') {
    throw new AppError('origin-refused', 'A change with the console cookie must come from the console.', {
      fix: `Use the console, or an API key from a script. Pages of this server send ${consoleHeader}: 1.`,
    });
  }
}
