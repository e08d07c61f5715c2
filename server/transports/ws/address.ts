import { BlockList, isIP } from 'node:net';

/** What is looked at to find out where a request comes from. */
export interface AddressedRequest {
  headers: Record<string, string | string[] | undefined>;
  socket?: { remoteAddress?: string | undefined };
}

const inner = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inner.addSubnet(network, bits, 'ipv4');
}
inner.addSubnet('fc00::', 7, 'ipv6');
inner.addSubnet('fe80::', 10, 'ipv6');
inner.addAddress('::1', 'ipv6');

/**
 * The public address of whoever asks, or null: an address of an inner network is a proxy or a colleague, and says
 * nothing about one person. `trustedProxies` entries at the end of X-Forwarded-For were written by our own.
 */
export function publicAddressOf(request: AddressedRequest, trustedProxies: number): string | null {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
  const hops = forwarded.split(',').map((hop) => hop.trim());
  const named = trustedProxies > 0 ? hops.at(-trustedProxies) : undefined;
  const address = named !== undefined && named !== '' ? named : request.socket?.remoteAddress;
  if (address === undefined) return null;
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  const version = isIP(plain);
  if (version === 0 || inner.check(plain, version === 4 ? 'ipv4' : 'ipv6')) return null;
  return plain;
}
