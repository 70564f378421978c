import { isIPv4 } from 'node:net';

/** A network as Octavia's CidrType keeps it: `ip_network(value, strict=False).with_prefixlen` (measured). */
export function networkText(address: string, length: number): string {
  if (isIPv4(address)) return `${masked(address.split('.').map(Number), 8, length).join('.')}/${length}`;
  const [head = '', tail] = shortest(address).split('::');
  const before = head.split(':').map(fromHex);
  const after = tail === undefined ? [] : tail.split(':').map(fromHex);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const groups = masked([...before, ...zeros, ...after], 16, length).map((group) => group.toString(16));
  return `${shortest(groups.join(':'))}/${length}`;
}

/** Parts of an address without the bits after the prefix. @param width bits of a part */
function masked(parts: readonly number[], width: number, length: number): readonly number[] {
  return parts.map((part, index) => {
    const size = 2 ** Math.min(width, Math.max(0, width * (index + 1) - length));
    return Math.floor(part / size) * size;
  });
}

const fromHex = (group: string) => Number.parseInt(group || '0', 16);

const shortest = (address: string) => new URL(`http://[${address}]`).hostname.slice(1, -1);
