import type { Member } from '../../model.js';
import { sameList } from '../same-list.js';

/**
 * - `reduced`: an endpoint goes, or drains (weight 0). Until that is written, requests are sent to a Pod that is going.
 * - `changed`: anything else differs.
 */
export type MemberDifference = 'none' | 'changed' | 'reduced';

export function compareMembers(current: readonly Member[], wanted: readonly Member[]): MemberDifference {
  if (sameList(current, wanted, sameMember)) return 'none';
  const byEndpoint = new Map(wanted.map((member) => [endpointOf(member), member]));
  let same = current.length === wanted.length;
  for (const member of current) {
    const other = byEndpoint.get(endpointOf(member));
    if (other === undefined || (other.weight === 0 && member.weight > 0)) return 'reduced';
    same &&= sameMember(member, other);
  }
  return same ? 'none' : 'changed';
}

function endpointOf({ address, port }: Member): string {
  return `${address} ${port}`;
}

function sameMember(a: Member, b: Member): boolean {
  return a === b || (a.address === b.address && a.port === b.port && a.weight === b.weight && a.backup === b.backup);
}
