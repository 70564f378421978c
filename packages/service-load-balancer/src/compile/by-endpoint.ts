import type { Member } from '../model.js';

/** The order of members, so that equal pools are equal lists. */
export function byEndpoint(a: Member, b: Member): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return a.port - b.port;
}
