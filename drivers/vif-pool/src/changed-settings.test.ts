import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import type { PodPlaces, VifPlace } from '@kuryr-l7/plugin';
import { VifCluster } from '@kuryr-l7/plugin/conformance';
import { ReadyPorts } from './ready-ports.fixture.js';

const SIGNAL = new AbortController().signal;

/** What Pods had by the settings of before, of which one has stayed; two more are ready. */
let ports: ReadyPorts;

const ids = async () => (await ports.cluster.ports()).map(({ id }) => id);
const portOf = async (id: string) => ports.cluster.cloud.neutron.ports.get(id);

/** What the drivers say of the settings by which Pods are here. */
const placesOf = ({ projectId, subnets }: VifPlace) => {
  const places: PodPlaces = { projects: [projectId], subnets: [subnets] };
  return async () => places;
};

const anotherSubnet = async (networkId: string) =>
  ports.cluster.cloud.neutron.subnets.create({ network_id: networkId, ip_version: 4, cidr: '10.9.9.0/24' });

const elsewhere: readonly (readonly [string, () => Promise<VifPlace>])[] = [
  [
    'pod_subnet, in the same network',
    async () => ({
      ...ports.cluster.place,
      subnets: [await anotherSubnet(ports.cluster.place.subnets[0]?.network_id ?? '')],
    }),
  ],
  [
    'pod_subnet, in another network',
    async () => {
      const { id } = await ports.cluster.cloud.neutron.networks.create({ name: 'another' });
      return { ...ports.cluster.place, subnets: [await anotherSubnet(id)] };
    },
  ],
  ['project', async () => ({ ...ports.cluster.place, projectId: ports.where.facts.users.other.projectId })],
];

describe('ports that were made ready by other settings', () => {
  beforeEach(async () => {
    ports = await ReadyPorts.open((where) => VifCluster.open(where, NeutronVifDriver), 3);
  });

  afterEach(() => ports.close());

  it.each(elsewhere)('are given to no Pod after a change of %s', async (_name, newPlace) => {
    const place = await newPlace();
    await ports.endAndBegin();
    const { id } = await ports.pool.requestVif(ports.cluster.pod(), place, SIGNAL);
    const port = await portOf(id);
    expect([port.project_id, port.fixed_ips.map(({ subnet_id }) => subnet_id)]).toEqual([
      place.projectId,
      place.subnets.map((subnet) => subnet.id),
    ]);
  });

  it.each(elsewhere)(
    'are deleted after a change of %s, and what Pods leave there later, until one asks there again',
    async (_name, newPlace) => {
      const place = await newPlace();
      await ports.endAndBegin();
      await ports.pool.retainPlaces(placesOf(ports.cluster.place), SIGNAL);
      expect(await ids()).toHaveLength(3);
      await ports.pool.retainPlaces(placesOf(place), SIGNAL);
      expect(await ids()).toEqual([ports.staying.id]);
      await ports.pool.releaseVif(ports.staying.podUid, SIGNAL);
      expect(await ids()).toEqual([]);
      const next = ports.cluster.pod();
      await ports.pool.requestVif(next, ports.cluster.place, SIGNAL);
      await ports.pool.releaseVif(next.metadata.uid ?? '', SIGNAL);
      expect(await ids()).toHaveLength(3);
    },
  );

  it('stay where drivers do not know beforehand where Pods are', async () => {
    await ports.endAndBegin();
    await ports.pool.retainPlaces(async () => ({ projects: undefined, subnets: undefined }), SIGNAL);
    expect(await ids()).toHaveLength(3);
  });

  it('stay, and are given, where Neutron has given them an address of another subnet of the network, too', async () => {
    const { network_id = '', id: first = '' } = ports.cluster.place.subnets[0] ?? {};
    // As of every IPv6 subnet whose addresses hosts choose themselves.
    const { id: second } = await anotherSubnet(network_id);
    for (const { id } of await ports.cluster.ports()) {
      const port = ports.where.simulator.neutron.state.ports.get(id);
      if (port === undefined) throw new Error('there is no port');
      const address = {
        subnet_id: second,
        ip_address: `10.9.9.${100 + ports.where.simulator.neutron.state.ports.size}`,
      };
      ports.where.simulator.neutron.state.ports.set(id, { ...port, fixed_ips: [...port.fixed_ips, address] });
    }
    await ports.endAndBegin();
    await ports.pool.retainPlaces(placesOf(ports.cluster.place), SIGNAL);
    const { id } = await ports.pool.requestVif(ports.cluster.pod(), ports.cluster.place, SIGNAL);
    expect((await portOf(id)).fixed_ips.map(({ subnet_id }) => subnet_id)).toEqual([first, second]);
    expect(await ids()).toHaveLength(3);
  });

  it('have the security groups of the project where pod_security_groups names none any more', async () => {
    const { neutron } = ports.cluster.cloud;
    const { projectId } = ports.cluster.place;
    const groups = ports.where.simulator.neutron.state.securityGroups;
    const groupOf = async (name: string, project_id: string) => {
      const { id } = await neutron.securityGroups.create({ name });
      const group = groups.get(id);
      if (group !== undefined) groups.set(id, { ...group, project_id });
      return id;
    };
    await groupOf('default', ports.where.facts.users.other.projectId);
    const own = await groupOf('default', projectId);
    const old = await groupOf('old', projectId);
    for (const { id } of await ports.cluster.ports()) await neutron.ports.update(id, { security_groups: [own, old] });
    await ports.endAndBegin();
    const { id } = await ports.pool.requestVif(ports.cluster.pod(), ports.cluster.place, SIGNAL);
    expect((await portOf(id)).security_groups).toEqual([own]);
    expect(await ids()).toHaveLength(3);
  });
});
