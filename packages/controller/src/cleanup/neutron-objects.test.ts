import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CleanedUpCluster, names, OURS } from '../commands/cleaned-up-cluster.fixture.js';

let cluster: CleanedUpCluster;

beforeEach(async () => {
  cluster = await CleanedUpCluster.open();
});

afterEach(() => cluster.close());

describe('kuryr-l7 cleanup of addresses and security groups', () => {
  it('leaves the floating IP of the L7 router, which stays, and says so', async () => {
    await cluster.floatingIp(['kuryr-cluster=c1', 'kuryr-l7-router']);
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.lines[0]).toMatch(
      /^Stays: floating IP 203\S+ \(.*\) is the address of an L7 router, and stays with it\.$/,
    );
    const left = await cluster.cloud.neutron.floatingIps.list();
    expect(left.map(({ tags }) => tags)).toContainEqual(['kuryr-cluster=c1', 'kuryr-l7-router']);
  });

  it('leaves addresses that were given or to be kept, and says so', async () => {
    const kept = await cluster.floatingIp(
      ['kuryr-kept'],
      'Floating IP for Kubernetes Service shop/web from cluster c1',
    );
    const given = await cluster.floatingIp(['kuryr-used-by=c1/Service/shop/web', 'kuryr-vip-port=p']);
    await cluster.floatingIp(['kuryr-used-by=c10/Service/shop/web']);
    expect(await cluster.run(true)).toBe(0);
    const stays = cluster.staying();
    expect(stays).toHaveLength(2);
    for (const id of [kept, given]) {
      expect(stays.join('\n')).toMatch(new RegExp(`floating IP .*${id}.* to be kept: .*unset --all-tag ${id}`));
      expect(await cluster.cloud.neutron.floatingIps.get(id)).toMatchObject({ id });
    }
  });

  it('leaves an address of a Service that somebody has led elsewhere by hand, and says so', async () => {
    const { neutron } = cluster.cloud;
    const { id: machine } = await neutron.ports.create({ network_id: cluster.simulator.facts.networks.vips.networkId });
    const led = await cluster.floatingIp([...OURS, 'kuryr-source=Service/shop/web', 'kuryr-vip-port=p']);
    const detached = await cluster.floatingIp([...OURS, 'kuryr-source=Service/shop/old', 'kuryr-vip-port=p']);
    await neutron.floatingIps.update(led, { port_id: machine });
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.staying().join('\n')).toMatch(
      new RegExp(`floating IP .*${led}.* to port ${machine} by somebody: delete it`),
    );
    const left = (await neutron.floatingIps.list()).map(({ id }) => id);
    expect(left).toContain(led);
    expect(left).not.toContain(detached);
  });

  it('takes a security group off the ports of the nodes before it is deleted', async () => {
    const { neutron } = cluster.cloud;
    const [ours, theirs] = await Promise.all(['ours', 'theirs'].map((name) => neutron.securityGroups.create({ name })));
    await neutron.setTags('security-groups', ours?.id ?? '', ['kuryr-cluster=c1', 'kuryr-source=Service/shop/web']);
    const node = await neutron.ports.create({ network_id: cluster.simulator.facts.networks.nodes.networkId });
    await neutron.ports.update(node.id, { security_groups: [ours?.id ?? '', theirs?.id ?? ''] });
    expect(await cluster.run(true)).toBe(0);
    expect((await neutron.ports.get(node.id)).security_groups).toEqual([theirs?.id]);
    expect(names(await neutron.securityGroups.list())).toEqual(['theirs']);
  });
});
