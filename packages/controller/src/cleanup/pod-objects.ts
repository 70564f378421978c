import { type Network, type NeutronClient, NotFoundError, type Port } from '@kuryr-l7/openstack';
import type { ClusterIdentity, Found } from './cluster-object.js';
import { isUnmarked } from './neutron-objects.js';

/** As the drivers of VIFs mark a port, and Neutron where it becomes a VLAN of a trunk. */
const OWNERS_OF_PODS = ['compute:kuryr', 'trunk:subport'];

/** Ports of Pods, those of pools, and VLANs of trunks among them; also those whose tags were not written any more. */
export async function portObjects(
  neutron: NeutronClient,
  { tag }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Found> {
  const options = { signal };
  const [tagged, trunks, ...ofPods] = await Promise.all([
    neutron.ports.list({ tags: [tag] }, options),
    neutron.trunks.list({}, options).catch(noneWithout),
    ...OWNERS_OF_PODS.map((device_owner) => neutron.ports.list({ device_owner, 'not-tags': [tag] }, options)),
  ]);
  // Neutron takes the owner off again from what is taken out of a trunk.
  const isOfPod = ({ device_owner }: Port) => device_owner === '' || OWNERS_OF_PODS.includes(device_owner);
  const trunkOf = new Map(trunks.flatMap(({ id, sub_ports }) => sub_ports.map(({ port_id }) => [port_id, id])));
  const halfMade = ofPods.flat().filter((port) => isUnmarked(port) && isDescribed(port, tag, 'pod'));
  return {
    objects: [...tagged.filter(isOfPod), ...halfMade].map(({ id, name, fixed_ips: [address] }) => {
      const trunkId = trunkOf.get(id);
      const title = name || (address?.ip_address ?? '');
      const place = trunkId === undefined ? {} : { trunkId, place: `trunk ${trunkId}` };
      return { kind: 'port', id, name: title, ...place };
    }),
    kept: tagged
      .filter((port) => !isOfPod(port))
      .map(({ id, device_owner: owner }) => `port ${id} has the tag and is of ${owner}: no controller has made it`),
  };
}

/** Networks of namespaces; the last to go, as nothing may be in them. */
export async function networkObjects(
  neutron: NeutronClient,
  { tag }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Found> {
  const all = await neutron.networks.list({}, { signal });
  const ours = all.filter((one) => one.tags.includes(tag) || (isUnmarked(one) && isDescribed(one, tag, 'namespace')));
  return { objects: ours.map(({ id, name }) => ({ kind: 'network', id, name })), kept: [] };
}

/** Descriptions come with an object, tags after it. */
function isDescribed({ description }: Port | Network, tag: string, whose: 'pod' | 'namespace'): boolean {
  return description.startsWith(`${tag} kuryr-${whose}=`) || (whose === 'pod' && description === tag);
}

/** Neutron has trunks only with its extension. */
function noneWithout(error: unknown): readonly [] {
  if (error instanceof NotFoundError) return [];
  throw error;
}
