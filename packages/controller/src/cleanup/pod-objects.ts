import { type Network, type NeutronClient, NotFoundError, type Port } from '@kuryr-l7/openstack';
import type { ClusterObject } from './cluster-objects.js';

/** As the drivers of VIFs mark a port; Neutron writes the second where it becomes a VLAN of a trunk, and takes it off again. */
const OWNERS_OF_PODS = ['compute:kuryr', 'trunk:subport', ''];

/** What the handler `vif` has made in Neutron. */
export interface FoundPodObjects {
  /** Ports of Pods, those of pools, and VLANs of trunks among them. */
  readonly ports: readonly ClusterObject[];
  /** Networks of namespaces; the last to go, as nothing may be in them. */
  readonly networks: readonly ClusterObject[];
  /** Sentences about what looks like this cluster's and stays. */
  readonly kept: readonly string[];
}

/** @param tag `kuryr-cluster=<id>` */
export async function podObjects(neutron: NeutronClient, tag: string, signal: AbortSignal): Promise<FoundPodObjects> {
  const options = { signal };
  const [tagged, untagged, allNetworks, trunks] = await Promise.all([
    neutron.ports.list({ tags: [tag] }, options),
    neutron.ports.list({ device_owner: 'compute:kuryr', 'not-tags': [tag] }, options),
    neutron.networks.list({}, options),
    neutron.trunks.list({}, options).catch(noneWithout),
  ]);
  const isOfPod = ({ device_owner }: Port) => OWNERS_OF_PODS.includes(device_owner);
  const trunkOf = new Map(trunks.flatMap(({ id, sub_ports }) => sub_ports.map(({ port_id }) => [port_id, id])));
  const isHalfMade = ({ description }: Port | Network) =>
    description === tag || description.startsWith(`${tag} kuryr-`);
  const networks = allNetworks.filter(({ tags }) => tags.includes(tag));
  return {
    ports: tagged.filter(isOfPod).map(({ id, name, fixed_ips: [address] }) => {
      const trunkId = trunkOf.get(id);
      const title = name || (address?.ip_address ?? '');
      return { kind: 'port', id, name: title, ...(trunkId !== undefined && { trunkId, place: `trunk ${trunkId}` }) };
    }),
    networks: networks.map(({ id, name }) => ({ kind: 'network', id, name })),
    kept: [
      ...tagged
        .filter((port) => !isOfPod(port))
        .map(({ id, device_owner: owner }) => `port ${id} has the tag and is of ${owner}: no controller has made it`),
      ...untagged.filter(isHalfMade).map(({ id }) => withoutTag(`port ${id}`, 'Pods')),
      ...allNetworks
        .filter((network) => !networks.includes(network) && isHalfMade(network))
        .map(({ id, name }) => withoutTag(`network ${name} (${id})`, 'a namespace')),
    ],
  };
}

function withoutTag(what: string, whose: string): string {
  return `${what} was made for ${whose} of this cluster and has no tag: the controller was killed before it gave it one; delete it yourself if nobody needs it`;
}

/** Neutron has trunks only with its extension. */
function noneWithout(error: unknown): readonly [] {
  if (error instanceof NotFoundError) return [];
  throw error;
}
