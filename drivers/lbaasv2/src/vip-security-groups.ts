import { type NeutronClient, NotFoundError, type Port } from '@kuryr-l7/openstack';

const LABEL = 'kuryr-security-group=';

/**
 * Gives the port of a VIP these security groups beside those that it has from Octavia, and takes off those that it was
 * given before. Which these are stands in the tags of the port.
 *
 * @returns the writes that it took
 */
export async function ensureVipSecurityGroups(
  neutron: NeutronClient,
  portId: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const port = await portOf(neutron, portId, wanted, signal);
  if (port === undefined) return 0;
  const { security_groups: there, tags } = port;
  const given = tags.filter((tag) => tag.startsWith(LABEL)).map((tag) => tag.slice(LABEL.length));
  const others = there.filter((id) => !given.includes(id) || wanted.includes(id));
  const next = [...new Set([...others, ...wanted])];
  const nextTags = [...tags.filter((tag) => !tag.startsWith(LABEL)), ...wanted.map((id) => `${LABEL}${id}`)];
  let writes = 0;
  // Before the groups, so that none is on the port that nobody knows to be ours.
  if (!sameSet(tags, nextTags)) {
    await neutron.setTags('ports', portId, nextTags, { signal });
    writes += 1;
  }
  if (!sameSet(there, next)) {
    await neutron.ports.update(portId, { security_groups: next });
    writes += 1;
  }
  return writes;
}

/** Undefined for a VIP that has no port that this user sees, as long as nothing is to be done with it. */
async function portOf(
  neutron: NeutronClient,
  portId: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Port | undefined> {
  try {
    return await neutron.ports.get(portId, { signal });
  } catch (error) {
    if (error instanceof NotFoundError && wanted.length === 0) return undefined;
    throw error;
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
