import { BlockList, isIP, isIPv6 } from 'node:net';

/** A network in CIDR notation, with a prefix that its family allows. */
export function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  // An address with a zone is one of a single link.
  if (rest.length > 0 || version === 0 || address.includes('%') || !/^\d{1,3}$/.test(prefix)) return false;
  return Number(prefix) <= (version === 4 ? 32 : 128);
}

/**
 * A network as Octavia stores it: without the bits after its prefix, in the shortest text (`ip_network(…, strict=False)` of
 * Python, measured).
 * What is none is returned as it is.
 */
export function networkOf(cidr: string): string {
  if (!isCidr(cidr)) return cidr;
  const [address = '', prefix = ''] = cidr.split('/');
  const length = Number(prefix);
  if (!isIPv6(address)) return `${masked(address.split('.').map(Number), 8, length).join('.')}/${length}`;
  const groups = masked(groupsOf(address), 16, length).map((group) => group.toString(16));
  return `${shortest(groups.join(':'))}/${length}`;
}

/** Whether an address is in a network, e.g. `10.0.0.0/24`. */
export function isWithin(address: string, cidr: string): boolean {
  const [network = '', length = ''] = cidr.split('/');
  const block = new BlockList();
  block.addSubnet(network, Number(length), familyOf(network));
  return block.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** @param width bits of a part */
function masked(parts: readonly number[], width: number, length: number): readonly number[] {
  return parts.map((part, index) => {
    const free = Math.min(width, Math.max(0, width * (index + 1) - length));
    return part - (part % 2 ** free);
  });
}

/** The eight of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [head = [], tail = []] = shortest(address)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
}

function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
