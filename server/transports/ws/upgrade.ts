import { parseCookie } from 'cookie';
import type { Clock } from '../../ports.ts';
import { siteIdSchema } from '../../protocol/entities.ts';
import { consoleCookieName, visitorCookieName } from '../../protocol/cookies.ts';
import type { Account } from '../../protocol/http-accounts.ts';
import { sessionHash } from '../../services/access-revoked.ts';
import type { VisitorActor } from '../../services/converse.ts';
import type { VisitorSessions } from '../../services/visitor-session.ts';
import { publicAddressOf } from './address.ts';
import type { AddressedRequest } from './address.ts';
import type { SenderLimits } from './keyed-limit.ts';
import { isOwnOrigin } from './origin.ts';

/** Who knocks, as far as cookies tell. */
export type Caller =
  /** Null visitor: no cookie, so the token must come in `hello`. */
  | { kind: 'visitor'; siteId: string | null; visitor: VisitorActor | null; address: string | null }
  | { kind: 'agent'; account: Account; token: string; sessionHash: string };

export type Admission =
  { ok: true; caller: Caller } | { ok: false; status: 400 | 401 | 403 | 429; reason: string };

export interface AdmissionDeps {
  visitorSessions: VisitorSessions;
  access: { authenticateSession(token: string): Promise<Account | null> };
  /** Null: whatever host the request came to. */
  publicUrl: string | null;
  /** Proxies of our own before this server; 0: X-Forwarded-For says nothing. */
  trustedProxies?: number;
  clock: Clock;
  senderLimits: Pick<SenderLimits, 'connect'>;
}

/** What is looked at of a request. */
export interface UpgradeRequest extends AddressedRequest {
  url?: string | undefined;
  headers: AddressedRequest['headers'] & {
    origin?: string | undefined;
    host?: string | undefined;
    cookie?: string | undefined;
  };
}

type Refusal = Extract<Admission, { ok: false }>;

const refuse = (status: Refusal['status'], reason: string): Refusal => ({ ok: false, status, reason });

/**
 * Decides before any upgrade: a foreign Origin, an address that comes too often, a cookie that does not stand for
 * anybody, and an agent without a session get an HTTP status. Without an Origin the caller is no browser page; its cookies do not count.
 * @throws AppError `unavailable`.
 */
export async function admit(
  request: UpgradeRequest,
  kind: Caller['kind'],
  deps: AdmissionDeps,
): Promise<Admission> {
  const { origin, host } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, host, deps.publicUrl)) {
    return refuse(403, 'This page may not connect here.');
  }
  const address = publicAddressOf(request, deps.trustedProxies ?? 0);
  if (deps.senderLimits.connect(address, deps.clock.now()) > 0) {
    return refuse(429, 'Too many connections from this address. Come back in a moment.');
  }
  const cookies = origin === undefined ? {} : parseCookie(request.headers.cookie ?? '');
  return kind === 'agent' ? admitAgent(cookies, deps) : admitVisitor(request, { cookies, address }, deps);
}

type Cookies = Readonly<Record<string, string | undefined>>;

async function admitAgent(cookies: Cookies, deps: AdmissionDeps): Promise<Admission> {
  const token = cookies[consoleCookieName(isHttps(deps))];
  const account = token === undefined ? null : await deps.access.authenticateSession(token);
  if (token === undefined || account === null) return refuse(401, 'Sign in first.');
  return { ok: true, caller: { kind: 'agent', account, token, sessionHash: sessionHash(token) } };
}

async function admitVisitor(
  request: UpgradeRequest,
  { cookies, address }: { cookies: Cookies; address: string | null },
  deps: AdmissionDeps,
): Promise<Admission> {
  const site = new URL(request.url ?? '/', 'http://localhost').searchParams.get('site');
  if (site === null) return { ok: true, caller: { kind: 'visitor', siteId: null, visitor: null, address } };
  if (!siteIdSchema.safeParse(site).success) return refuse(400, 'That is no site id.');
  const token = cookies[visitorCookieName(site, isHttps(deps))];
  if (token === undefined)
    return { ok: true, caller: { kind: 'visitor', siteId: site, visitor: null, address } };
  const found = await deps.visitorSessions.authenticate(site, token);
  if (found === null) return refuse(401, 'This session is over. Begin a new one.');
  return {
    ok: true,
    caller: { kind: 'visitor', siteId: site, visitor: { siteId: site, ...found }, address },
  };
}

function isHttps({ publicUrl }: AdmissionDeps): boolean {
  return publicUrl?.startsWith('https:') ?? false;
}
