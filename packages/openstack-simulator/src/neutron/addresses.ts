import { isIPv6 } from 'node:net';

/** Arithmetic of addresses for the simulated subnets, IPv4 but for {@link freeAddress}. */

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

function bounds(cidr: string): { first: number; last: number } {
  const [address = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const network = Math.floor(toNumber(address) / size) * size;
  return { first: network + 1, last: network + size - 2 };
}

export function isInSubnet(address: string, cidr: string): boolean {
  const { first, last } = bounds(cidr);
  const number = toNumber(address);
  return number >= first && number <= last;
}

/** The networks of a size within a network, in order. */
export function networksWithin(cidr: string, length: number): readonly string[] {
  const { first, last } = bounds(cidr);
  const size = 2 ** (32 - length);
  const networks: string[] = [];
  for (let number = first - 1; number <= last; number += size) networks.push(`${toAddress(number)}/${length}`);
  return networks;
}

/** The lowest address that nobody has; undefined where the subnet is full. An IPv6 network ends in `::`. */
export function freeAddress(cidr: string, taken: ReadonlySet<string>): string | undefined {
  const [network = ''] = cidr.split('/');
  if (isIPv6(network)) {
    for (let host = 1; ; host++)
      if (!taken.has(`${network}${host.toString(16)}`)) return `${network}${host.toString(16)}`;
  }
  const { first, last } = bounds(cidr);
  for (let number = first; number <= last; number++) {
    const address = toAddress(number);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
