import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CleanedUpCluster, OURS } from '../commands/cleaned-up-cluster.fixture.js';

let cluster: CleanedUpCluster;

beforeEach(async () => {
  cluster = await CleanedUpCluster.open();
});

afterEach(() => cluster.close());

describe('kuryr-l7 cleanup of ports of Pods and networks of namespaces', () => {
  it('deletes ports of Pods, VLANs of trunks among them, and then the networks of namespaces', async () => {
    const { neutron } = cluster.cloud;
    const { networkId } = cluster.simulator.facts.networks.nodes;
    const shop = await cluster.namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    await cluster.namespaceNetwork('ns/their-net', '10.55.1.0/24', [], ['kuryr-cluster=c10']);
    const node = await neutron.ports.create({ network_id: networkId });
    const trunk = await neutron.trunks.create({ port_id: node.id });
    const vlans = [await cluster.podPort(shop), await cluster.podPort(networkId, ['kuryr-cluster=c10'])];
    const subports = vlans.map((port_id, index) => ({
      port_id,
      segmentation_type: 'vlan',
      segmentation_id: index + 1,
    }));
    await neutron.addSubports(trunk.id, subports);
    const ports = [await cluster.podPort(shop), await cluster.podPort(networkId)];
    await cluster.run(false);
    const rows = (cluster.lines[0] ?? '').split('\n');
    expect(rows.map((row) => row.slice(0, 14).trim())).toEqual([
      'L7 policy',
      'pool',
      'load balancer',
      'floating IP',
      'port',
      'port',
      'port',
      'secret',
      'network',
    ]);
    expect(rows.find((row) => row.includes(vlans[0] ?? ''))).toMatch(new RegExp(`on trunk ${trunk.id}$`));
    expect(await cluster.run(true)).toBe(0);
    const left = (await neutron.ports.list()).map(({ id }) => id);
    expect(left).not.toEqual(expect.arrayContaining([vlans[0]]));
    expect(left.filter((id) => ports.includes(id))).toEqual([]);
    expect((await neutron.trunks.get(trunk.id)).sub_ports.map(({ port_id }) => port_id)).toEqual([vlans[1]]);
    expect(await cluster.networkNames()).toEqual(['ns/their-net']);
    expect(left).toContain(node.id);
  });

  it('deletes ports in a cloud that has no trunks', async () => {
    const port = await cluster.podPort(cluster.simulator.facts.networks.nodes.networkId);
    const matches = ({ path }: { readonly path: string }) => path.endsWith('/trunks');
    cluster.simulator.neutron.interference.fail({ answer: 404, count: 100, matches });
    expect(await cluster.run(true)).toBe(0);
    expect((await cluster.cloud.neutron.ports.list()).map(({ id }) => id)).not.toContain(port);
  });

  it('deletes a port that was taken out of its trunk, and has no owner any more', async () => {
    const { neutron } = cluster.cloud;
    const { id } = await neutron.ports.create({ network_id: cluster.simulator.facts.networks.nodes.networkId });
    await neutron.setTags('ports', id, OURS);
    expect(await cluster.run(true)).toBe(0);
    expect((await neutron.ports.list()).map((port) => port.id)).not.toContain(id);
  });

  it('leaves a network in which others have ports, with its router, and deletes the other ones', async () => {
    const { neutron } = cluster.cloud;
    const shop = await cluster.namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    await cluster.namespaceNetwork('ns/bank-net', '10.55.1.0/24');
    const { id } = await neutron.ports.create({ network_id: shop, device_owner: 'compute:nova' });
    expect(await cluster.run(true)).toBe(1);
    expect(cluster.lines.join('\n')).toMatch(
      new RegExp(
        `Left: network ns/shop-net .*: there are ports in it: ${id} of compute:nova\\.\n1 of 7 objects left\\. Run`,
      ),
    );
    expect(await cluster.networkNames()).toEqual(['ns/shop-net']);
    const legs = await neutron.ports.list({ network_id: shop, device_owner: 'network:router_interface' });
    expect(legs).toHaveLength(1);
    await neutron.ports.delete(id);
    expect(await cluster.run(true)).toBe(0);
    expect(await cluster.networkNames()).toEqual([]);
  });

  it('leaves ports of servers, and tells of those that have the tag', async () => {
    const { neutron } = cluster.cloud;
    const { networkId } = cluster.simulator.facts.networks.nodes;
    const untagged = (await neutron.ports.create({ network_id: networkId, description: 'kuryr-cluster=c1' })).id;
    const server = await neutron.ports.create({ network_id: networkId, device_owner: 'compute:nova' });
    await neutron.setTags('ports', server.id, OURS);
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.lines.join('\n')).toMatch(new RegExp(`Stays: port ${server.id} has the tag and is of compute:nova`));
    expect((await neutron.ports.list()).map(({ id }) => id)).toEqual(expect.arrayContaining([untagged, server.id]));
  });
});
