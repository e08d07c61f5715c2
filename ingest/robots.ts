import { decodeText } from './extract/charset.ts';
import type { Outbound } from '../server/ports.ts';
import { isPathAllowed, parseRobotsRules } from './robots-rules.ts';

/** The product token that a robots.txt names to address this crawler. */
export const robotsToken = 'Deskbell';

/** RFC 9309, 2.5: at least 500 KiB must be read; what lies behind is ignored. */
const maxBytes = 512 * 1024;
const timeoutMs = 10_000;
const maxCrawlDelayMs = 10_000;

/** What a site lets this crawler do. */
export interface Robots {
  isAllowed(url: string): boolean;
  /** Time between two fetches that the site asks for, at most 10 s. */
  delayMs: number;
  sitemaps: readonly string[];
  /** Why everything is forbidden, when the rules could not be read. */
  problem: string | null;
}

function forbidAll(problem: string): Robots {
  return { isAllowed: () => false, delayMs: 0, sitemaps: [], problem };
}

const allowAll: Robots = { isAllowed: () => true, delayMs: 0, sitemaps: [], problem: null };

/** Reads a robots.txt as RFC 9309 says: longest match wins, allow wins a tie, groups of one name are one. */
export function readRobots(bytes: Uint8Array, url: string): Robots {
  const text = decodeText(bytes.subarray(0, maxBytes), null).replace(/^\ufeff/, '');
  const { rules, crawlDelaySeconds, sitemaps } = parseRobotsRules(text, robotsToken);
  return {
    isAllowed(page) {
      const { pathname, search } = new URL(page);
      // The file itself may always be read (RFC 9309, 2.2.2).
      return pathname === '/robots.txt' || isPathAllowed(rules, pathname + search);
    },
    delayMs: Math.min(Math.max((crawlDelaySeconds ?? 0) * 1000, 0), maxCrawlDelayMs),
    sitemaps: sitemaps.map((found) => URL.parse(found, url)?.href).filter((found) => found !== undefined),
    problem: null,
  };
}

/**
 * Fetches the rules of an origin (RFC 9309, 2.3.1): a missing file (4xx) allows everything, an unreachable one
 * (5xx, network fault, refused redirect) forbids everything. A larger file counts up to its limit.
 */
export async function fetchRobots(outbound: Outbound, origin: string, signal: AbortSignal): Promise<Robots> {
  const url = `${origin}/robots.txt`;
  try {
    const page = await outbound.get(url, { maxBytes: maxBytes * 8, timeoutMs, signal });
    if (page.status >= 400 && page.status < 500) return allowAll;
    if (page.status >= 500) return forbidAll(`${url} answered ${String(page.status)}.`);
    if (page.status !== 200) return allowAll;
    return readRobots(page.body, url);
  } catch (error) {
    signal.throwIfAborted();
    return forbidAll(error instanceof Error ? error.message : `${url} could not be read.`);
  }
}
