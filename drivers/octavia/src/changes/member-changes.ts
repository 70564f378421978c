import type { MemberFields, Member as OctaviaMember } from '@kuryr-l7/openstack';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import type { Member } from '@kuryr-l7/router';
import { type ChangeOf, poolOf, type WriteContext } from './write-context.js';

/**
 * All members of a pool in one PUT, and none when they are as wanted already: Octavia locks and reloads everything for an
 * unchanged list too.
 */
export async function setMembers(
  context: WriteContext,
  change: ChangeOf<'setMembers'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, ownership } = context;
  const { id } = poolOf(context, change);
  const before = await octavia.pools.get(id);
  const current = context.members.take(before) ?? (await octavia.members.list(id));
  if (isAsWanted(current, change.members)) return context.members.remember(before, current, loadBalancer.lockTime);
  const byEndpoint = new Map(current.map((member) => [endpointOf(member.address, member.protocol_port), member]));
  const members = change.members.map((member) =>
    memberFields(member, byEndpoint.get(endpointOf(member.address, member.port)), ownership.clusterTag),
  );
  const send = () => octavia.members.replace(id, members);
  await loadBalancer.write({ verb: 'set', kind: 'members of pool', name: change.pool, send }, signal);
  const pool = await loadBalancer.settled(`pool ${change.pool}`, () => octavia.pools.get(id), signal);
  const changed = await octavia.members.list(id);
  context.members.remember(pool, changed, loadBalancer.lockTime);
  const failed = changed.filter(({ provisioning_status }) => provisioning_status === 'ERROR');
  if (failed.length > 0) {
    const endpoints = failed.map(({ address, protocol_port }) => endpointOf(address, protocol_port)).join(', ');
    throw new RouterRefusedError(
      `members ${endpoints} of pool ${change.pool} went to ERROR: the amphora did not take them; they are written once more later. The reason is in the log of octavia-worker`,
    );
  }
}

/**
 * What is left out of a batch goes back to its default (weight 1, no backup, no monitor address and port; measured), so
 * what others have set on a member is given along: its monitor and whether it is enabled. Names and tags are kept anyhow.
 */
function memberFields(member: Member, current: OctaviaMember | undefined, tag: string): MemberFields {
  const { address, port, weight, backup } = member;
  const fields = { address, protocol_port: port, weight, backup };
  if (current === undefined) return { ...fields, tags: [tag] };
  const { monitor_address, monitor_port, admin_state_up, subnet_id } = current;
  return {
    ...fields,
    admin_state_up,
    ...(subnet_id !== null && { subnet_id }),
    ...(monitor_address !== null && { monitor_address }),
    ...(monitor_port !== null && { monitor_port }),
  };
}

function isAsWanted(current: readonly OctaviaMember[], wanted: readonly Member[]): boolean {
  const byEndpoint = new Map(current.map((member) => [endpointOf(member.address, member.protocol_port), member]));
  return (
    current.length === wanted.length &&
    wanted.every(({ address, port, weight, backup }) => {
      const member = byEndpoint.get(endpointOf(address, port));
      return member?.weight === weight && member.backup === backup && member.provisioning_status !== 'ERROR';
    })
  );
}

function endpointOf(address: string, port: number): string {
  return `${address} port ${port}`;
}
