import ipaddr from 'ipaddr.js';
import { AppError } from '../server/errors.ts';

/** Decides which addresses the outbound client may connect to. */
export interface AddressPolicy {
  /** True when `address` (textual IPv4 or IPv6) is global unicast or lies in an allow-listed range. */
  isAllowed(address: string): boolean;
  /** True when `address` lies in a range that the operator allow-listed. */
  isListed(address: string): boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/**
 * The only IPv6 block that IANA hands out as global unicast (RFC 4291 2.4, IANA IPv6 address space registry).
 * It leaves out, among others, `::/96`, `::ffff:0:0/96`, `64:ff9b::/96`, `fc00::/7` and `fe80::/10`.
 */
const globalUnicastV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Parts of 2000::/3 that carry an IPv4 address or are no public hosts (IANA special-purpose registry). */
const deniedV6: readonly Range[] = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarking, AMT
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
].map((cidr) => ipaddr.parseCIDR(cidr));

function matches(address: Address, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

function isGlobalUnicast(address: Address): boolean {
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  return matches(address, globalUnicastV6) && !deniedV6.some((range) => matches(address, range));
}

function parseRange(text: string): Range {
  try {
    const trimmed = text.trim();
    if (trimmed.includes('/')) return ipaddr.parseCIDR(trimmed);
    const address = ipaddr.parse(trimmed);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new AppError('start-failed', `"${text}" is no address range.`, {
      fix: 'Write ranges like 10.0.0.0/8 or fd00::/8, separated by commas.',
    });
  }
}

/**
 * A policy that admits global unicast addresses and those in `allowRanges` (CIDR, such as `127.0.0.0/8`).
 * IPv4-mapped, NAT64, 6to4 and Teredo spellings are refused whatever they carry.
 * @throws AppError `start-failed` for a range that cannot be read.
 */
export function createAddressPolicy(allowRanges: readonly string[]): AddressPolicy {
  const allowed = allowRanges.map(parseRange);
  const parse = (text: string): Address | null => (ipaddr.isValid(text) ? ipaddr.parse(text) : null);
  const isListed = (text: string): boolean => {
    const address = parse(text);
    return address !== null && allowed.some((range) => matches(address, range));
  };
  return {
    isListed,
    isAllowed(text) {
      const address = parse(text);
      return address !== null && (isListed(text) || isGlobalUnicast(address));
    },
  };
}
