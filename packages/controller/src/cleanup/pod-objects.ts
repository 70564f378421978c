import { isMarked, type NeutronClient, NotFoundError, POD_PORT_OWNER, type Port } from '@kuryr-l7/openstack';
import type { ClusterIdentity, Found } from './cluster-object.js';

/** Of a port of a Pod; Neutron writes the second where it becomes a VLAN of a trunk. */
const OWNERS_OF_PODS = [POD_PORT_OWNER, 'trunk:subport'];

/** Ports of Pods, those of pools, and VLANs of trunks among them; also those whose tags were not written any more. */
export async function portObjects(
  neutron: NeutronClient,
  { marks }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Found> {
  const options = { signal };
  const [tagged, trunks, ...ofPods] = await Promise.all([
    neutron.ports.list({ tags: [marks.tag] }, options),
    neutron.trunks.list({}, options).catch(noneWithout),
    ...OWNERS_OF_PODS.map((device_owner) => neutron.ports.list({ device_owner, 'not-tags': [marks.tag] }, options)),
  ]);
  // Neutron takes the owner off again from what is taken out of a trunk.
  const isOfPod = ({ device_owner }: Port) => device_owner === '' || OWNERS_OF_PODS.includes(device_owner);
  const trunkOf = new Map(trunks.flatMap(({ id, sub_ports }) => sub_ports.map(({ port_id }) => [port_id, id])));
  const halfMade = ofPods.flat().filter((port) => !isMarked(port) && marks.isDescribedPort(port));
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
  { marks }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Found> {
  const all = await neutron.networks.list({}, { signal });
  const ours = all.filter((one) => marks.isTagged(one) || marks.namespaceOf(one) !== undefined);
  return { objects: ours.map(({ id, name }) => ({ kind: 'network', id, name })), kept: [] };
}

/** Neutron has trunks only with its extension. */
function noneWithout(error: unknown): readonly [] {
  if (error instanceof NotFoundError) return [];
  throw error;
}
