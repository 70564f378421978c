import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LBAAS_STATE, LBAAS_STATE_ANNOTATION, parsePayload } from '@kuryr-l7/kuryr-objects';
import { ServiceCloud, service, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

const FINALIZER = 'kuryr.openstack.org/service-finalizer';

let there: ServiceCloud;

const state = (kind: 'Service' | 'Endpoints') =>
  there.cluster.get(kind, 'web').metadata.annotations?.[LBAAS_STATE_ANNOTATION];

const isThere = (name = 'web') => eventually(() => expect(there.ipOf(name)).toBeDefined());

const isGone = (name = 'web') => eventually(() => expect(() => there.cluster.get('Service', name)).toThrow());

beforeEach(async () => {
  there = await ServiceCloud.start();
});

afterEach(() => there.stop());

describe('what a Service has', () => {
  it('stands on its Endpoints, where readers of Kuryr’s annotation look, and on the Service where there are none', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    await isThere();
    await eventually(() => expect(state('Service')).toContain('LBaaSState'));
    there.cluster.apply({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web', namespace: 'default' },
      subsets: [{ addresses: [{ ip: '10.1.0.1' }], ports: [{ port: 8080, protocol: 'TCP' }] }],
    });
    await eventually(() => {
      expect(state('Service')).toBeUndefined();
      const { listeners, members, service_pub_ip_info } = parsePayload(LBAAS_STATE, state('Endpoints') ?? '');
      expect([listeners.length, members.map(({ ip }) => ip)]).toEqual([1, ['10.1.0.1']]);
      expect(service_pub_ip_info?.ip_addr).toBe(there.ipOf('web'));
    });
    there.cluster.delete('Endpoints', 'web');
    there.applyEndpoints('web', '10.1.0.2');
    await eventually(() => expect(state('Service')).toContain('10.1.0.2'));
  });
});

describe('the status of a Service', () => {
  const entries = () => there.cluster.get('Service', 'web').status?.loadBalancer?.ingress;

  it('sends clients of the cluster through the load balancer where members expect the PROXY protocol', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    await isThere();
    const ip = there.ipOf('web');
    expect(entries()).toEqual([{ ip }]);
    there.cluster.apply(web({}, { 'loadbalancer.openstack.org/proxy-protocol': 'true' }));
    await eventually(() => expect(entries()).toEqual([{ ip, ipMode: 'Proxy' }]));
    there.cluster.apply(web({}, { 'loadbalancer.openstack.org/hostname': 'www.example.com' }));
    await eventually(() => expect(entries()).toEqual([{ hostname: 'www.example.com' }]));
  });
});

describe('[kubernetes] lb_service_types that is emptied', () => {
  it('leaves what was made, and lets go of it with its Service', async () => {
    there.cluster.apply(web(), service('other', { type: 'LoadBalancer', ports: [{ port: 81 }] }));
    await there.cluster.startController(there.settings());
    await isThere('web');
    await isThere('other');
    await there.cluster.stopController();
    await there.cluster.startController(there.settings({ OS_KUBERNETES__LB_SERVICE_TYPES: '' }));
    there.cluster.delete('Service', 'web');
    await isGone();
    expect(await there.cloud.octavia.loadBalancers.list()).toMatchObject([{ name: 'default/other' }]);
    expect(await there.cloud.neutron.floatingIps.list()).toHaveLength(1);
    expect(there.ipOf('other')).toBeDefined();
  });

  it('says what to do where no cloud is named any more', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    await isThere();
    await there.cluster.stopController();
    await there.cluster.startController();
    there.cluster.delete('Service', 'web');
    await eventually(() => expect(there.events()).toContain('names no cloud any more: set [neutron] auth_url'));
    expect(there.cluster.get('Service', 'web').metadata).toMatchObject({ finalizers: [FINALIZER] });
    await there.cluster.stopController();
    await there.cluster.startController(there.settings({ OS_KUBERNETES__LB_SERVICE_TYPES: '' }));
    await isGone();
    expect(await there.cloud.octavia.loadBalancers.list()).toEqual([]);
  });
});

describe('options for all Services', () => {
  it('set the timeouts of their listeners, which annotations of a Service override', async () => {
    const annotation = { 'loadbalancer.openstack.org/timeout-member-data': '7000' };
    there.cluster.apply(web({}, annotation), service('other', { type: 'LoadBalancer', ports: [{ port: 81 }] }));
    await there.cluster.startController(
      there.settings({
        OS_OCTAVIA_DEFAULTS__TIMEOUT_CLIENT_DATA: '61000',
        OS_OCTAVIA_DEFAULTS__TIMEOUT_MEMBER_DATA: '62000',
      }),
    );
    await isThere('web');
    await isThere('other');
    const listeners = await there.cloud.octavia.listeners.list();
    const told = listeners.map(({ protocol_port, timeout_client_data, timeout_member_data }) => [
      protocol_port,
      timeout_client_data,
      timeout_member_data,
    ]);
    expect(told.sort()).toEqual([
      [80, 61_000, 7_000],
      [81, 61_000, 62_000],
    ]);
  });

  it('open the node ports to load balancers with manage_security_groups, but for nodes that are not in OpenStack, and close them with the Service', async () => {
    const { neutron } = there.cloud;
    const port = await neutron.ports.create({ network_id: there.simulator.facts.networks.nodes.networkId });
    there.cluster.setNodes({ elsewhere: '198.51.100.9', worker: port.fixed_ips[0]?.ip_address ?? '' });
    there.cluster.apply(web({ ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }));
    const nodePorts = {
      OS_OCTAVIA_DEFAULTS__MEMBER_MODE: 'nodeport',
      OS_OCTAVIA_DEFAULTS__MANAGE_SECURITY_GROUPS: 'True',
    };
    await there.cluster.startController(there.settings(nodePorts));
    await isThere();
    await eventually(() =>
      expect(there.events()).toMatch(/NodeNotOpened.*198\.51\.100\.9|198\.51\.100\.9.*NodeNotOpened/),
    );
    const [group] = await neutron.securityGroups.list({ tags: ['kuryr-cluster=c1'] });
    expect(group).toMatchObject({
      name: 'k8s_svc_c1_default_web',
      security_group_rules: [{ direction: 'ingress', protocol: 'tcp', port_range_min: 30080, port_range_max: 30080 }],
    });
    expect((await neutron.ports.get(port.id)).security_groups).toEqual([group?.id]);
    there.cluster.delete('Service', 'web');
    await isGone();
    expect(await neutron.securityGroups.list({ tags: ['kuryr-cluster=c1'] })).toEqual([]);
    expect((await neutron.ports.get(port.id)).security_groups).toEqual([]);
  });

  it('give VIPs the security groups of the driver beside Octavia’s', async () => {
    const { neutron } = there.cloud;
    const { id } = await neutron.securityGroups.create({ name: 'pods' });
    there.cluster.apply(web());
    await there.cluster.startController(there.settings({ OS_NEUTRON_DEFAULTS__POD_SECURITY_GROUPS: id }));
    await isThere();
    const [balancer] = await there.cloud.octavia.loadBalancers.list();
    expect(balancer?.vip_sg_ids).toEqual([id]);
    await eventually(() => {
      const { loadbalancer } = parsePayload(LBAAS_STATE, state('Service') ?? '');
      expect(loadbalancer?.security_groups).toEqual([id]);
    });
  });
});

describe('the descriptions of load balancers', () => {
  /** Of Magnum's clean-up, `magnum/common/octavia.py`. */
  const MAGNUM = /Kubernetes .+ from cluster c1/;

  it('have the form that Magnum deletes by, which those of the L7 router never have', async () => {
    const { octavia } = there.cloud;
    const { id } = await octavia.loadBalancers.create({
      name: 'router',
      vip_subnet_id: there.simulator.facts.networks.vips.subnetId,
      listeners: [{ protocol: 'HTTP', protocol_port: 80 }],
    });
    await there.simulator.octavia.idle();
    there.cluster.apply(web(), {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace: 'default' },
      spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    });
    await there.cluster.startController(
      there.settings({
        OS_KUBERNETES__L7_ROUTER_DRIVER: 'octavia',
        OS_INGRESS__L7_ROUTER_UUID: id,
        OS_INGRESS__HANDLE_CLASSLESS: 'True',
      }),
    );
    await isThere();
    await eventually(async () => expect(await octavia.pools.list({ loadbalancer_id: id })).not.toEqual([]));
    for (const { name, description } of await octavia.loadBalancers.list()) {
      if (name === 'router') expect(description).not.toMatch(MAGNUM);
      else expect(description).toMatch(MAGNUM);
    }
  });
});

describe('Services alone', () => {
  it('need no L7 router', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(
      there.settings({ OS_KUBERNETES__L7_ROUTER_DRIVER: 'octavia', OS_KUBERNETES__ENABLE_INGRESS: 'False' }),
    );
    await isThere();
    const ready = await fetch(`${there.cluster.controller.healthUrl}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, expect.any(String)]);
  });
});
