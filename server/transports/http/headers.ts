import type { Response } from 'express';

/** What a response is, as far as browsers must be told. */
export type PageKind = 'api' | 'page' | 'console' | 'widget-frame' | 'asset' | 'shared-asset';

export interface HeaderOptions {
  /** Host that the browser asked, for `connect-src`; checked before it is used. */
  host: string | undefined;
  isHttps: boolean;
  /** Origins that may frame the widget; empty: any. */
  frameAncestors?: readonly string[];
}

const safeHost = /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:.]+\](?::\d{1,5})?$/i;

/** `'self'` does not cover WebSockets in every browser, so that the own host is named too. */
function connectSources({ host, isHttps }: HeaderOptions): string {
  if (host === undefined || !safeHost.test(host)) return "'self'";
  return `'self' ${isHttps ? 'wss' : 'ws'}://${host}`;
}

function appPolicy(options: HeaderOptions, ancestors: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${connectSources(options)}`,
    `frame-ancestors ${ancestors}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function contentPolicy(kind: PageKind, options: HeaderOptions): string {
  switch (kind) {
    case 'console':
      return appPolicy(options, "'none'");
    case 'widget-frame':
      return appPolicy(options, options.frameAncestors?.length ? options.frameAncestors.join(' ') : '*');
    case 'page':
      // our own pages carry the widget, as a customer's page does
      return [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
      ].join('; ');
    case 'api':
    case 'asset':
    case 'shared-asset':
      return "default-src 'none'; frame-ancestors 'none'";
  }
}

const yearSeconds = 365 * 24 * 60 * 60;

/** Sets the security headers of a kind of page; nothing else on the server sets them. */
export function setSecurityHeaders(response: Response, kind: PageKind, options: HeaderOptions): void {
  const isEmbedded = kind === 'widget-frame' || kind === 'shared-asset';
  response.set({
    'content-security-policy': contentPolicy(kind, options),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': isEmbedded ? 'cross-origin' : 'same-origin',
  });
  if (!isEmbedded) response.set('x-frame-options', 'DENY');
  if (options.isHttps) response.set('strict-transport-security', `max-age=${yearSeconds}`);
  if (kind === 'api' || kind === 'console' || kind === 'widget-frame') {
    response.set('cache-control', 'no-store');
  }
}
