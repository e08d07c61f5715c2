import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
// eslint-disable-next-line no-restricted-imports -- this file is the guarded client that the rule points to
import { Agent, request } from 'undici';
import { AppError, errorMessage } from '../server/errors.ts';
import type { FetchedPage, Outbound, OutboundOptions } from '../server/ports.ts';
import { createAddressPolicy, type AddressPolicy } from './address.ts';
import { discard, readDecoded } from './fetch-body.ts';

/** Gives every address of a host; rejects when there is none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface OutboundDeps {
  /** Ranges (CIDR) that may be reached although they are not public; any port. */
  allowRanges: readonly string[];
  /** Exact origins (`http://localhost:3000`) that may be reached wherever they point: the server's own. */
  allowOrigins: readonly string[];
  /** For tests; the system's resolver by default. */
  resolve?: Resolve;
}

/** What one address answers, a redirect perhaps. */
type Response = Omit<FetchedPage, 'redirects'>;

/** The guarded client with the sockets that it keeps open. */
export interface OutboundClient extends Outbound {
  close(): Promise<void>;
}

/** Redirects that are followed for one address, those that a page asks for itself (`meta refresh`) included. */
export const maxRedirects = 5;
const connectTimeoutMs = 5_000;
const headersTimeoutMs = 10_000;
const bodyIdleTimeoutMs = 10_000;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** Ports that web servers are commonly found on; nothing else is reached on a public address. */
const webPorts = new Set(['', '80', '443', '8000', '8008', '8080', '8081', '8443', '8888']);
const defaultHeaders = {
  'user-agent': 'Deskbell/1.0 (support knowledge crawler)',
  accept: '*/*',
  'accept-encoding': 'gzip, deflate, br',
};

const refusedFix =
  'Check the address. An operator can allow internal ranges with FETCH_ALLOW, such as 10.0.0.0/8.';

function refused(message: string): AppError {
  return new AppError('fetch-refused', message, { fix: refusedFix });
}

function parseTarget(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw refused(`"${text.slice(0, 200)}" is no web address.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`Only http and https addresses are fetched, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('Addresses with a user name or password in them are not fetched.');
  }
  return url;
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const resolveWithSystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

/** Every address must pass, so that a name with one public and one private address is refused as a whole. */
function checkAddresses(
  host: string,
  addresses: readonly LookupAddress[],
  isAllowed: (a: string) => boolean,
) {
  const bad = addresses.find((entry) => !isAllowed(entry.address));
  if (bad !== undefined) {
    throw refused(`${host} is at ${bad.address}, which is no public address.`);
  }
}

/**
 * The lookup that undici's sockets use: what it checks is what gets connected to, so a name that answers
 * differently the second time (DNS rebinding) gains nothing.
 */
function guardedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        try {
          checkAddresses(hostname, addresses, isAllowed);
        } catch (error) {
          callback(error instanceof Error ? error : new Error(String(error)), '');
          return;
        }
        const first = addresses[0];
        if (first === undefined) callback(new Error(`${hostname} has no address`), '');
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };
}

function createAgent(resolve: Resolve, isAllowed: (address: string) => boolean): Agent {
  return new Agent({
    connect: { lookup: guardedLookup(resolve, isAllowed), timeout: connectTimeoutMs },
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyIdleTimeoutMs,
    keepAliveTimeout: 4_000,
    maxHeaderSize: 32_768,
    connections: 8,
  });
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** The guard's own refusal may arrive wrapped by the socket layer. */
function findAppError(error: unknown): AppError | null {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof AppError) return current;
    current = current.cause;
  }
  return null;
}

function describeFailure(error: unknown, url: URL, signal: AbortSignal | undefined): AppError {
  const known = findAppError(error);
  if (known !== null) return known;
  if (signal?.aborted) {
    return new AppError('fetch-failed', 'The fetch was stopped.', { cause: error });
  }
  const name = error instanceof Error ? error.name : '';
  const isTimeout = name === 'TimeoutError' || name === 'AbortError' || name.endsWith('TimeoutError');
  const what = isTimeout ? 'did not answer in time' : `could not be read (${errorMessage(error)})`;
  return new AppError('fetch-failed', `${url.host} ${what}.`, {
    fix: 'Check that the address opens in a browser, then read it again.',
    cause: error,
  });
}

/**
 * The only way out of Deskbell. http and https alone, web ports alone, and only to hosts all of whose addresses
 * are global unicast (or allow-listed); the connection goes to the very addresses that were checked. Redirects
 * are followed by hand, five at most, each checked from the start. The size limit counts decoded bytes.
 */
export function createOutbound(deps: OutboundDeps): OutboundClient {
  const policy: AddressPolicy = createAddressPolicy(deps.allowRanges);
  const ownOrigins = new Set(deps.allowOrigins.map((origin) => new URL(origin).origin));
  const resolve = deps.resolve ?? resolveWithSystem;
  const publicAgent = createAgent(resolve, policy.isAllowed);
  const listedAgent = createAgent(resolve, policy.isListed);
  const ownAgent = createAgent(resolve, () => true);

  /** Picks the pool of connections whose check fits the target; literal addresses never reach a lookup. */
  function agentFor(url: URL): Agent {
    if (ownOrigins.has(url.origin)) return ownAgent;
    const host = bareHost(url);
    const hasWebPort = webPorts.has(url.port);
    const isLiteral = isIP(host) !== 0;
    if (isLiteral && !policy.isAllowed(host)) throw refused(`${host} is no public address.`);
    if (hasWebPort) return publicAgent;
    if (isLiteral && !policy.isListed(host)) throw refused(`Port ${url.port} is no web port.`);
    return listedAgent;
  }

  async function fetchOnce(url: URL, options: OutboundOptions, signal: AbortSignal): Promise<Response> {
    const response = await request(url, {
      dispatcher: agentFor(url),
      method: 'GET',
      signal,
      headers: { ...defaultHeaders, ...options.headers },
    });
    const headers = flattenHeaders(response.headers);
    const isRedirect = redirectStatuses.has(response.statusCode) && headers['location'] !== undefined;
    if (isRedirect) {
      discard(response.body);
      return { url: url.href, status: response.statusCode, headers, body: new Uint8Array() };
    }
    const body = await readDecoded(response.body, headers, options.maxBytes);
    return { url: url.href, status: response.statusCode, headers, body };
  }

  async function get(text: string, options: OutboundOptions): Promise<FetchedPage> {
    let url = parseTarget(text);
    const deadline = AbortSignal.timeout(options.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    try {
      for (let hop = 0; hop <= (options.maxRedirects ?? maxRedirects); hop += 1) {
        const page = await fetchOnce(url, options, signal);
        const location = page.headers['location'];
        if (!redirectStatuses.has(page.status) || location === undefined) return { ...page, redirects: hop };
        url = parseTarget(URL.parse(location, url)?.href ?? location);
      }
    } catch (error) {
      throw describeFailure(error, url, options.signal);
    }
    throw new AppError('fetch-refused', `${url.host} redirects more than ${String(maxRedirects)} times.`, {
      fix: 'Open the address in a browser: it may lead in a circle. Repair the redirect.',
    });
  }

  return {
    get,
    async close() {
      await Promise.all([publicAgent, listedAgent, ownAgent].map((agent) => agent.destroy()));
    },
  };
}
