import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeCloud } from '../fake-cloud.fixture.js';
import type { NeutronClient } from './neutron-client.js';

describe('Neutron', () => {
  let fake: FakeCloud;
  let neutron: NeutronClient;
  let body: unknown;

  beforeEach(async () => {
    fake = await FakeCloud.start();
    ({ neutron } = await fake.open());
    fake.respond = () => ({ body });
  });

  afterEach(() => fake.stop());

  const requests = () =>
    fake.seen.map(({ method, path, query }) => `${method} ${path.replace('/neutron/v2.0', '')}${query}`);

  it('finds networks, subnets and ports', async () => {
    body = {
      networks: [{ id: 'n1', 'router:external': true, tenant_id: 'p1' }],
      subnets: [{ id: 's1', network_id: 'n1', ip_version: 6, cidr: 'fd00::/64', gateway_ip: null }],
      ports: [
        { id: 'o1', network_id: 'n1', project_id: 'p1', fixed_ips: [{ subnet_id: 's1', ip_address: '10.0.0.5' }] },
      ],
    };
    expect(await neutron.networks.list({ 'router:external': true })).toMatchObject([
      { 'router:external': true, project_id: 'p1' },
    ]);
    expect(await neutron.subnets.list({ network_id: 'n1' })).toMatchObject([{ ip_version: 6, gateway_ip: null }]);
    expect(await neutron.ports.list({ fixed_ips: ['ip_address=10.0.0.5', 'subnet_id=s1'] })).toMatchObject([
      { fixed_ips: [{ ip_address: '10.0.0.5' }], security_groups: [] },
    ]);
    expect(requests()).toEqual([
      'GET /networks?router:external=true',
      'GET /subnets?network_id=n1',
      'GET /ports?fixed_ips=ip_address=10.0.0.5&fixed_ips=subnet_id=s1',
    ]);
  });

  it('makes several ports in one request', async () => {
    body = { ports: [{ id: 'o1', network_id: 'n1', project_id: 'p1' }] };
    const port = { network_id: 'n1', 'binding:host_id': 'node-1' };
    expect(await neutron.createPorts([port, port])).toMatchObject([
      { id: 'o1', 'binding:vif_type': '', trunk_details: null },
    ]);
    expect(fake.seen[0]?.body).toEqual({ ports: [port, port] });
  });

  it('tells how a bound port is plugged in', async () => {
    const vif = { bridge_name: 'br-int', port_filter: true, ovs_hybrid_plug: null };
    body = { port: { id: 'o1', network_id: 'n1', 'binding:vif_type': 'ovs', 'binding:vif_details': vif } };
    expect(await neutron.ports.get('o1')).toMatchObject({
      'binding:vif_type': 'ovs',
      'binding:vif_details': { bridge_name: 'br-int', port_filter: true, ovs_hybrid_plug: false },
    });
  });

  it('puts ports into a trunk and takes them out', async () => {
    const subport = { port_id: 'o1', segmentation_type: 'vlan', segmentation_id: 101 };
    // Neutron answers these two without a name around the trunk.
    body = { id: 't1', port_id: 'parent', sub_ports: [subport] };
    expect(await neutron.addSubports('t1', [subport])).toMatchObject({ sub_ports: [subport] });
    await neutron.removeSubports('t1', ['o1']);
    expect(requests()).toEqual(['PUT /trunks/t1/add_subports', 'PUT /trunks/t1/remove_subports']);
    expect(fake.seen.map((request) => request.body)).toEqual([
      { sub_ports: [subport] },
      { sub_ports: [{ port_id: 'o1' }] },
    ]);
  });

  it('joins a subnet to a router and parts them', async () => {
    body = {};
    await neutron.addRouterInterface('r1', 's1');
    await neutron.removeRouterInterface('r1', 's1');
    expect(requests()).toEqual(['PUT /routers/r1/add_router_interface', 'PUT /routers/r1/remove_router_interface']);
  });

  it('takes a floating IP, tags it and gives it back', async () => {
    const floatingip = { id: 'f1', floating_network_id: 'n1', floating_ip_address: '203.0.113.5', port_id: 'o1' };
    body = { floatingip, tags: ['a=b'] };
    expect(await neutron.floatingIps.create({ floating_network_id: 'n1', port_id: 'o1' })).toMatchObject(floatingip);
    expect(await neutron.setTags('floatingips', 'f1', ['a=b'])).toEqual(['a=b']);
    await neutron.floatingIps.update('f1', { port_id: null });
    await neutron.floatingIps.delete('f1');
    expect(requests()).toEqual([
      'POST /floatingips',
      'PUT /floatingips/f1/tags',
      'PUT /floatingips/f1',
      'DELETE /floatingips/f1',
    ]);
    expect(fake.seen.map((request) => request.body)).toEqual([
      { floatingip: { floating_network_id: 'n1', port_id: 'o1' } },
      { tags: ['a=b'] },
      { floatingip: { port_id: null } },
      undefined,
    ]);
  });

  it('has security groups and their rules', async () => {
    const security_group_rule = {
      id: 'r1',
      security_group_id: 'g1',
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: 80,
    };
    body = { security_group_rule, security_groups: [{ id: 'g1', security_group_rules: [security_group_rule] }] };
    expect(await neutron.securityGroups.list()).toMatchObject([{ security_group_rules: [{ port_range_min: 80 }] }]);
    await neutron.securityGroupRules.create({ security_group_id: 'g1', direction: 'ingress' });
    expect(requests()).toEqual(['GET /security-groups', 'POST /security-group-rules']);
    expect(fake.seen[1]?.body).toEqual({ security_group_rule: { security_group_id: 'g1', direction: 'ingress' } });
  });

  it('tells quotas and extensions', async () => {
    body = { quota: { floatingip: 5 }, extensions: [{ alias: 'standard-attr-tag', name: 'Tags' }] };
    expect(await neutron.quota('p1')).toMatchObject({ floatingip: 5, port: null });
    expect(await neutron.extensions()).toEqual([{ alias: 'standard-attr-tag', name: 'Tags' }]);
    expect(requests()).toEqual(['GET /quotas/p1', 'GET /extensions']);
  });
});
