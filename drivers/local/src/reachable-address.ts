import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** One entry of an Ingress's `status.loadBalancer.ingress`. */
export type ReachableAddress = { readonly ip: string } | { readonly hostname: string };

/**
 * Where clients reach the router: the address that is configured, else the one it listens on, else, where it listens on
 * all, the machine's first address of that family that is not loopback.
 */
export function reachableAddress(external: string | undefined, bindAddress: string): ReachableAddress {
  if (external !== undefined) return isIP(external) === 0 ? { hostname: external } : { ip: external };
  if (bindAddress !== '0.0.0.0' && bindAddress !== '::') return { ip: bindAddress };
  const family = bindAddress === '::' ? 'IPv6' : 'IPv4';
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((address) => address.family === family && !address.internal && !address.address.startsWith('fe80:'));
  return { ip: found?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1') };
}
