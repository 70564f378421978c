import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Port } from '@kuryr-l7/openstack';
import type { MemberSecurityGroup } from '@kuryr-l7/service-load-balancer';
import { listener, NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';

let there: SimulatedCloud;
let ports: readonly Port[];

const addressOf = (port: Port | undefined) => port?.fixed_ips[0]?.ip_address ?? '';

/** What the members at the first `count` nodes ask for. */
const group = (count: number, ...openings: readonly number[]): MemberSecurityGroup => ({
  name: 'k8s_svc_test_shop_web',
  description: 'Security group created for Service shop/web from cluster test',
  openings: openings.map((port) => ({ protocol: 'TCP', port })),
  addresses: ports.slice(0, count).map(addressOf).sort(),
});

async function ensure(changes: { securityGroups?: readonly string[]; memberSecurityGroup?: MemberSecurityGroup }) {
  const members = (changes.memberSecurityGroup?.addresses ?? []).map((address) => ({ address, port: 30080 }));
  const wanted = there.wanted([listener(80, { members })]);
  return (await there.applier()).ensure({ wanted, projectId: there.projectId, ...changes }, NEVER);
}

const own = () => there.cloud.neutron.securityGroups.list({ name: 'k8s_svc_test_shop_web' });

async function rules(): Promise<readonly string[]> {
  const found = await own();
  return found
    .flatMap(({ security_group_rules }) => security_group_rules)
    .map(
      ({ direction, protocol, port_range_min, remote_ip_prefix }) =>
        `${direction} ${protocol} ${port_range_min} ${remote_ip_prefix}`,
    )
    .sort();
}

/** How many ports of nodes have the group. */
async function holders(): Promise<readonly string[]> {
  const [one] = await own();
  const found = await there.cloud.neutron.ports.list({ security_groups: one?.id ?? '' });
  return found.map(addressOf).sort();
}

const nodes = () => there.simulator.facts.networks.nodes;
const vipsCidr = () => there.simulator.facts.networks.vips.cidr;

beforeEach(async () => {
  there = await SimulatedCloud.start();
  const { networkId: network_id } = nodes();
  const { neutron } = there.cloud;
  ports = [
    await neutron.ports.create({ network_id, name: 'node-a' }),
    await neutron.ports.create({ network_id, name: 'node-b' }),
  ];
});

afterEach(() => there.stop());

describe('security groups of the members of a Service', () => {
  it('let the subnet of the VIP reach the node ports, carry the tags of the cluster, and are given to the nodes', async () => {
    await ensure({ memberSecurityGroup: group(2, 30080) });
    expect(await own()).toMatchObject([
      {
        description: 'Security group created for Service shop/web from cluster test',
        tags: ['kuryr-cluster=test', 'kuryr-source=Service/shop/web'],
      },
    ]);
    expect(await rules()).toEqual([`ingress tcp 30080 ${vipsCidr()}`]);
    expect(await holders()).toEqual(ports.map(addressOf).sort());
  });

  it('follow ports and nodes, and leave the other groups of the nodes', async () => {
    const { neutron } = there.cloud;
    const theirs = await neutron.securityGroups.create({ name: 'theirs' });
    for (const { id } of ports) await neutron.ports.update(id, { security_groups: [theirs.id] });
    await ensure({ memberSecurityGroup: group(2, 30080) });
    await ensure({ memberSecurityGroup: group(1, 30081, 30082) });
    expect(await rules()).toEqual([`ingress tcp 30081 ${vipsCidr()}`, `ingress tcp 30082 ${vipsCidr()}`]);
    expect(await holders()).toEqual([addressOf(ports[0])]);
    const [a, b] = await Promise.all(ports.map(({ id }) => neutron.ports.get(id)));
    expect(a?.security_groups).toContain(theirs.id);
    expect(b?.security_groups).toEqual([theirs.id]);
  });

  it('are written only when something differs', async () => {
    await ensure({ memberSecurityGroup: group(2, 30080) });
    expect(await ensure({ memberSecurityGroup: group(2, 30080) })).toMatchObject({ writes: 0 });
  });

  it('let in the subnet of the members where the load balancer has a leg there', async () => {
    const members = [{ address: addressOf(ports[0]), port: 30080, subnetId: nodes().subnetId }];
    const wanted = there.wanted([listener(80, { members })]);
    const request = { wanted, projectId: there.projectId, memberSecurityGroup: group(1, 30080) };
    await (await there.applier()).ensure(request, NEVER);
    expect(await rules()).toEqual([`ingress tcp 30080 ${nodes().cidr}`]);
  });

  it('let in the subnet that members are reached by also while the Service may not name it any more', async () => {
    const request = (subnetId?: string) => ({
      wanted: there.wanted([
        listener(80, {
          members: [{ address: addressOf(ports[0]), port: 30080, ...(subnetId !== undefined && { subnetId }) }],
        }),
      ]),
      projectId: there.projectId,
      memberSecurityGroup: group(1, 30080),
    });
    const applier = await there.applier();
    await applier.ensure(request(nodes().subnetId), NEVER);
    await applier.setMembers(request(), NEVER);
    expect(await rules()).toEqual([`ingress tcp 30080 ${nodes().cidr}`]);
    expect(await holders()).toEqual([addressOf(ports[0])]);
  });

  it('let in a subnet of IPv6 by a rule for IPv6', async () => {
    const { subnets } = there.simulator.neutron.state;
    const stored = subnets.get(there.simulator.facts.networks.vips.subnetId);
    await ensure({ memberSecurityGroup: group(1, 30080) });
    if (stored !== undefined) subnets.set(stored.id, { ...stored, cidr: '2001:db8:1::/64' });
    await ensure({ memberSecurityGroup: group(1, 30080) });
    const found = (await own()).flatMap(({ security_group_rules }) => security_group_rules);
    expect(found).toMatchObject([{ ethertype: 'IPv6', remote_ip_prefix: '2001:db8:1::/64' }]);
  });

  it('are given to new nodes also while the Service asks for something that it can’t have', async () => {
    await ensure({ memberSecurityGroup: group(1, 30080) });
    const members = ports.map((port) => ({ address: addressOf(port), port: 30080 }));
    const wanted = there.wanted([listener(80, { members })]);
    const request = { wanted, projectId: there.projectId, memberSecurityGroup: group(2, 30080) };
    await (await there.applier()).setMembers(request, NEVER);
    expect(await holders()).toEqual(ports.map(addressOf).sort());
  });

  it('of many Services that are worked on at once are all on the ports of the nodes', async () => {
    const services = Array.from({ length: 8 }, (_, index) => `shop/web${index}`);
    const work = services.map(async (service, index) => {
      const memberSecurityGroup = { ...group(2, 30_080 + index), name: `k8s_svc_test_shop_web${index}` };
      const wanted = there.wanted([listener(80, { members: [] })], { service, name: service });
      return (await there.applier()).ensure({ wanted, projectId: there.projectId, memberSecurityGroup }, NEVER);
    });
    await Promise.all(work);
    const { neutron } = there.cloud;
    const groups = (await neutron.securityGroups.list()).filter(({ name }) => name.startsWith('k8s_svc_test_shop_web'));
    const given = await Promise.all(ports.map(({ id }) => neutron.ports.get(id)));
    expect(groups).toHaveLength(8);
    for (const { security_groups } of given) {
      expect(security_groups).toEqual(expect.arrayContaining(groups.map(({ id }) => id)));
    }
    await Promise.all(services.map(async (service) => (await there.applier()).release(service, NEVER)));
    const left = await Promise.all(ports.map(({ id }) => neutron.ports.get(id)));
    expect(left.map(({ security_groups }) => security_groups)).toEqual(
      ports.map(({ security_groups }) => security_groups),
    );
  });

  it('are made in the project of the Service, and given to no port of another one, where an administrator makes them', async () => {
    const other = await there.as('other');
    const network = await other.neutron.networks.create({ name: 'theirs' });
    const subnet = await other.neutron.subnets.create({
      network_id: network.id,
      cidr: '192.168.7.0/24',
      ip_version: 4,
    });
    const fixed_ips = [{ subnet_id: subnet.id, ip_address: '192.168.7.5' }];
    const theirs = await other.neutron.ports.create({ network_id: network.id, fixed_ips });
    const memberSecurityGroup = { ...group(1, 30_080), addresses: ['192.168.7.5', ...group(1).addresses] };
    const wanted = there.wanted([listener(80, { members: [] })]);
    const applier = await there.adminApplier();
    const { problems } = await applier.ensure({ wanted, projectId: there.projectId, memberSecurityGroup }, NEVER);
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/no Neutron port with the address of these nodes, .*: 192\.168\.7\.5;/) },
    ]);
    expect((await other.neutron.ports.get(theirs.id)).security_groups).toEqual(theirs.security_groups);
    expect(await own()).toMatchObject([{ project_id: there.projectId }]);
    expect(await holders()).toEqual(group(1).addresses);
  });

  it('are none of another project that is tagged and described as theirs', async () => {
    await ensure({ memberSecurityGroup: group(1, 30_080) });
    const [ours] = await own();
    await (await there.applier()).release('shop/web', NEVER);
    const other = await there.as('other');
    const theirs = await other.neutron.securityGroups.create({ name: 'x', description: ours?.description ?? '' });
    await other.neutron.setTags('security-groups', theirs.id, ours?.tags ?? []);
    const wanted = there.wanted([listener(80, { members: [] })]);
    const request = { wanted, projectId: there.projectId, memberSecurityGroup: group(1, 30_080) };
    await (await there.adminApplier()).ensure(request, NEVER);
    expect(await own()).toMatchObject([{ project_id: there.projectId }]);
    expect((await there.cloud.neutron.ports.get(ports[0]?.id ?? '')).security_groups).not.toContain(theirs.id);
  });

  it('are gone with the Service, and when they are managed no more', async () => {
    await ensure({ memberSecurityGroup: group(2, 30080) });
    await ensure({});
    expect([await own(), await holders()]).toEqual([[], []]);
    await ensure({ memberSecurityGroup: group(2, 30080) });
    await (await there.applier()).release('shop/web', NEVER);
    expect([await own(), await holders()]).toEqual([[], []]);
  });

  it('are found again when their creation was broken off before they had tags', async () => {
    const { name, description } = group(0);
    await there.cloud.neutron.securityGroups.create({ name, description });
    await ensure({ memberSecurityGroup: group(1, 30080) });
    expect(await own()).toMatchObject([{ tags: ['kuryr-cluster=test', 'kuryr-source=Service/shop/web'] }]);
  });

  it('are gone with the Service also where the controller was killed before it gave them tags', async () => {
    const { name, description } = group(0);
    const { securityGroups } = there.cloud.neutron;
    await securityGroups.create({ name, description });
    const others = [
      await securityGroups.create({ name, description: `${description}2` }),
      await securityGroups.create({ name, description }),
    ].map(({ id }) => id);
    await there.cloud.neutron.setTags('security-groups', others[1] ?? '', ['mine']);
    await (await there.applier()).release('shop/web', NEVER);
    expect((await own()).map(({ id }) => id).sort()).toEqual(others.sort());
  });

  it('are given to the other nodes where some have no port, and the report says which', async () => {
    const known = group(2, 30080);
    const addresses = ['10.0.0.9', ...known.addresses, '10.0.0.8'];
    const nodeNames = new Map([['10.0.0.8', 'rack1']]);
    expect(await ensure({ memberSecurityGroup: { ...known, addresses, nodeNames } })).toMatchObject({
      vipAddress: expect.any(String),
      problems: [
        {
          reason: 'NodeNotOpened',
          field: 'nodes',
          message: expect.stringMatching(
            /no Neutron port with the address of these nodes, .*: 10\.0\.0\.9, rack1 \(10\.0\.0\.8\); open/,
          ),
        },
      ],
    });
    expect(await holders()).toEqual([...known.addresses]);
    expect(await ensure({ memberSecurityGroup: known })).toMatchObject({ problems: [] });
  });

  it('stay where they are, and are given to none, while several ports have the address of a node', async () => {
    const { ports: stored } = there.simulator.neutron.state;
    const [first, second] = ports.map(({ id }) => stored.get(id));
    const several = async () => {
      if (first !== undefined && second !== undefined) stored.set(second.id, { ...second, fixed_ips: first.fixed_ips });
      const report = await ensure({ memberSecurityGroup: group(1, 30080) });
      expect(report.problems).toMatchObject([
        { reason: 'NodeNotOpened', message: expect.stringMatching(/several Neutron ports .*member-subnet-id/) },
      ]);
      return report;
    };
    await several();
    expect(await holders()).toEqual([]);
    if (second !== undefined) stored.set(second.id, second);
    await ensure({ memberSecurityGroup: group(1, 30080) });
    expect(await several()).toMatchObject({ writes: 0 });
    expect(await holders()).toEqual([addressOf(ports[0])]);
  });
});

describe('security groups of a VIP', () => {
  const vipGroups = async () =>
    (await there.cloud.octavia.loadBalancers.list()).flatMap(({ vip_sg_ids }) => vip_sg_ids);
  const ids = async () => {
    const { securityGroups } = there.cloud.neutron;
    const made = await Promise.all(['a', 'b'].map((name) => securityGroups.create({ name })));
    return made.map(({ id }) => id);
  };

  it('are those of the driver beside Octavia’s own, with the request that makes it, and follow the driver', async () => {
    const [a = '', b = ''] = await ids();
    const { state } = await ensure({ securityGroups: [a, b] });
    expect(state.loadbalancer?.security_groups).toEqual([a, b]);
    expect(await vipGroups()).toEqual([a, b]);
    expect(await there.writesOf(() => ensure({ securityGroups: [a, b] }))).toEqual([]);
    expect(await there.writesOf(() => ensure({ securityGroups: [b] }))).toEqual(['PUT loadbalancers/…']);
    expect(await vipGroups()).toEqual([b]);
  });

  it('are left to the administrator where the driver names none', async () => {
    const [a = ''] = await ids();
    const { state } = await ensure({});
    await there.cloud.octavia.loadBalancers.update(state.loadbalancer?.id ?? '', { vip_sg_ids: [a] });
    await there.settled(state.loadbalancer?.id ?? '');
    await ensure({});
    expect(await vipGroups()).toEqual([a]);
  });

  it('are none while only some clients are let in, as Octavia takes either', async () => {
    const securityGroups = await ids();
    await ensure({ securityGroups });
    const restricted = there.wanted([listener(80, { members: [] }, { allowedCidrs: ['192.0.2.0/24'] })]);
    const request = { wanted: restricted, projectId: there.projectId, securityGroups };
    const writes = await there.writesOf(async () => (await there.applier()).ensure(request, NEVER));
    expect(writes).toEqual(['PUT loadbalancers/…', 'PUT listeners/…']);
    expect(await vipGroups()).toEqual([]);
  });
});
