/**
 * A number from 0 to 2^32 - 1 that is the same for a text everywhere and always (FNV-1a, with the finish of MurmurHash3,
 * since texts that differ only at their end would else have numbers close to each other). For choices that nobody may
 * have to remember.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
