import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import type { OpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { EACH_SECOND, ServiceCloud, service, web } from './service-cloud.fixture.js';
import { eventually, type Manifest, type TestCluster } from './test-cluster.fixture.js';

let there: ServiceCloud;
let simulator: OpenStackSimulator;
let cloud: Cloud;
let cluster: TestCluster;

const settings = (changes?: Readonly<Record<string, string>>) => there.settings(changes);
const applyEndpoints = (name: string, ...addresses: readonly string[]) => there.applyEndpoints(name, ...addresses);
const ipOf = (name: string) => there.ipOf(name);
const octavia = () => cloud.octavia;

/** Everything in the project that a Service could leave behind. */
async function leftovers() {
  return {
    loadBalancers: (await octavia().loadBalancers.list()).map(({ name }) => name),
    pools: (await octavia().pools.list()).length,
    floatingIps: (await cloud.neutron.floatingIps.list()).map(({ id }) => id),
    ports: (await cloud.neutron.ports.list()).map(({ id }) => id).sort(),
    groups: (await cloud.neutron.securityGroups.list()).map(({ id }) => id).sort(),
  };
}

const members = async () => {
  const [pool] = await octavia().pools.list();
  const found = pool === undefined ? [] : await octavia().members.list(pool.id);
  return found.map(({ address, protocol_port }) => `${address}:${protocol_port}`).sort();
};

describe('Services with load balancers of their own', () => {
  beforeEach(async () => {
    there = await ServiceCloud.start();
    ({ simulator, cloud, cluster } = there);
  });

  afterEach(() => there.stop());

  it('get one with a floating IP, and leave OpenStack as it was when they are deleted', async () => {
    const before = await leftovers();
    cluster.apply(web());
    applyEndpoints('web', '10.1.0.1', '10.1.0.2');
    await cluster.startController(settings());
    const ip = await eventually(() => {
      const found = ipOf('web');
      if (found === undefined) throw new Error('no address yet');
      return found;
    });
    const [floating] = await cloud.neutron.floatingIps.list();
    const [balancer] = await octavia().loadBalancers.list();
    expect(floating).toMatchObject({ floating_ip_address: ip, port_id: balancer?.vip_port_id });
    expect(balancer).toMatchObject({
      name: 'default/web',
      description: 'Kubernetes Service default/web from cluster c1',
      provisioning_status: 'ACTIVE',
    });
    expect(await members()).toEqual(['10.1.0.1:8080', '10.1.0.2:8080']);
    await eventually(() => {
      const { metadata } = cluster.get('Service', 'web');
      expect(metadata).toMatchObject({ finalizers: ['kuryr.openstack.org/service-finalizer'] });
      expect(metadata.annotations?.['openstack.org/kuryr-lbaas-state']).toContain(`"ip_addr": "${ip}"`);
    });

    applyEndpoints('web');
    await eventually(async () => expect(await members()).toEqual([]));
    applyEndpoints('web', '10.1.0.3');
    await eventually(async () => expect(await members()).toEqual(['10.1.0.3:8080']));

    cluster.delete('Service', 'web');
    await eventually(() => expect(() => cluster.get('Service', 'web')).toThrow());
    expect(await leftovers()).toEqual(before);
  });

  it('are written for only when something differs: one write for a new one, one for its endpoints, none at a restart', async () => {
    cluster.apply(web());
    applyEndpoints('web', '10.1.0.1');
    await cluster.startController(settings());
    await eventually(() => expect(ipOf('web')).toBeDefined());
    expect(simulator.octavia.traffic.writes).toBe(1);
    simulator.octavia.traffic.reset();
    applyEndpoints('web', '10.1.0.1', '10.1.0.2');
    await eventually(async () => expect(await members()).toHaveLength(2));
    expect(simulator.octavia.traffic.writes).toBe(1);
    await cluster.stopController();
    simulator.octavia.traffic.reset();
    simulator.neutron.traffic.reset();
    await cluster.startController(settings(EACH_SECOND));
    await there.compared();
    expect([simulator.octavia.traffic.writes, simulator.neutron.traffic.writes]).toEqual([0, 0]);
  });

  it('that are of another type, or served by another controller, get none', async () => {
    cluster.apply(
      service('node-port', { type: 'NodePort', ports: [{ port: 80 }] }),
      service('elsewhere', { type: 'ExternalName', externalName: 'example.com' }),
      web({ loadBalancerClass: 'example.com/other' }),
      service('ours', { type: 'LoadBalancer', ports: [{ port: 80 }] }),
    );
    await cluster.startController(settings());
    await eventually(() => expect(ipOf('ours')).toBeDefined());
    expect((await leftovers()).loadBalancers).toEqual(['default/ours']);
    expect(cluster.get('Service', 'web').metadata).not.toHaveProperty('finalizers');
  });

  it('that a cloud controller serves are left to it, and told, until it lets go of them', async () => {
    const occm = 'service.kubernetes.io/load-balancer-cleanup';
    const served = web();
    cluster.apply({ ...served, metadata: { ...served.metadata, finalizers: [occm] } });
    await cluster.startController(settings());
    await eventually(() => expect(there.events()).toContain('ServedByAnotherController'));
    expect((await leftovers()).loadBalancers).toEqual([]);
    expect(cluster.get('Service', 'web').metadata).toHaveProperty('finalizers', [occm]);
    cluster.apply(served);
    await eventually(() => expect(ipOf('web')).toBeDefined());
    expect(cluster.get('Service', 'web').metadata).toHaveProperty('finalizers', [
      'kuryr.openstack.org/service-finalizer',
    ]);
  });

  it('lead to the port that each Pod has under the name that the Service says', async () => {
    const pods = (name: string, containerPort: number): Manifest => {
      const labels = { app: 'web', version: name };
      const ports = [{ containerPort, name: 'http' }];
      return {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: 'default' },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx', ports }] } },
        },
      };
    };
    cluster.apply(
      pods('old', 3000),
      pods('new', 3001),
      web({ selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] }),
    );
    await cluster.startController(settings());
    await eventually(async () => {
      const ports = (await members()).map((member) => member.split(':').at(-1));
      expect(ports.sort()).toEqual(['3000', '3001']);
    });
  });

  it('lose it, with finalizer and address, when they are of type ClusterIP again', async () => {
    cluster.apply(web());
    await cluster.startController(settings());
    await eventually(() => expect(ipOf('web')).toBeDefined());
    cluster.apply(web({ type: 'ClusterIP' }));
    await eventually(async () => expect((await leftovers()).loadBalancers).toEqual([]));
    await eventually(() => {
      const { metadata, status } = cluster.get('Service', 'web');
      expect(metadata).not.toHaveProperty('finalizers');
      expect(status?.loadBalancer?.ingress ?? []).toEqual([]);
    });
    expect((await leftovers()).floatingIps).toEqual([]);
  });

  it('are freed of what they had when they went while nobody watched', async () => {
    cluster.apply(web());
    await cluster.startController(settings());
    await eventually(() => expect(ipOf('web')).toBeDefined());
    await cluster.stopController();
    cluster.delete('Service', 'web');
    expect(cluster.get('Service', 'web').metadata).toHaveProperty('deletionTimestamp');
    await cluster.startController(settings());
    await eventually(() => expect(() => cluster.get('Service', 'web')).toThrow());
    expect((await leftovers()).loadBalancers).toEqual([]);
  });

  it('keep the floating IP that spec.loadBalancerIP names, also when they are deleted', async () => {
    const { networkId } = simulator.facts.networks.floating;
    const mine = await cloud.neutron.floatingIps.create({ floating_network_id: networkId });
    cluster.apply(web({ loadBalancerIP: mine.floating_ip_address }));
    await cluster.startController(settings());
    await eventually(() => expect(ipOf('web')).toBe(mine.floating_ip_address));
    cluster.delete('Service', 'web');
    await eventually(() => expect(() => cluster.get('Service', 'web')).toThrow());
    expect(await cloud.neutron.floatingIps.list()).toMatchObject([{ id: mine.id, port_id: null }]);
  });

  it('keep a floating IP with the annotation keep-floatingip, and have none with the internal annotation', async () => {
    cluster.apply(
      web({}, { 'loadbalancer.openstack.org/keep-floatingip': 'true' }),
      service(
        'inside',
        { type: 'LoadBalancer', ports: [{ port: 80 }] },
        { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' },
      ),
    );
    await cluster.startController(settings());
    await eventually(() => expect([ipOf('web'), ipOf('inside')]).not.toContain(undefined));
    const [floating, ...others] = await cloud.neutron.floatingIps.list();
    expect([floating?.floating_ip_address, others]).toEqual([ipOf('web'), []]);
    cluster.delete('Service', 'web');
    await eventually(() => expect(() => cluster.get('Service', 'web')).toThrow());
    expect(await cloud.neutron.floatingIps.list()).toMatchObject([{ id: floating?.id, port_id: null }]);
  });

  it('follow the nodes where members are ports of the nodes', async () => {
    there.cluster.setNodes({ a: '10.110.0.11' });
    cluster.apply(web({ ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }));
    await cluster.startController(settings({ OS_OCTAVIA_DEFAULTS__MEMBER_MODE: 'nodeport' }));
    await eventually(async () => expect(await members()).toEqual(['10.110.0.11:30080']));
    there.cluster.setNodes({ a: '10.110.0.11', b: '10.110.0.12' });
    await eventually(async () => expect(await members()).toEqual(['10.110.0.11:30080', '10.110.0.12:30080']));
    there.cluster.setNodes({ b: '10.110.0.12' });
    await eventually(async () => expect(await members()).toEqual(['10.110.0.12:30080']));
  });

  it('are told what is wrong with them, and are mended when that is corrected', async () => {
    cluster.apply(web({ loadBalancerIP: '203.0.113.250' }));
    await cluster.startController(settings());
    await eventually(() => {
      expect(there.events()).toMatch(
        /KuryrEnsureLBError.*the project has no such floating IP|the project has no such floating IP.*KuryrEnsureLBError/,
      );
    });
    cluster.apply(web());
    await eventually(() => expect(ipOf('web')).toBeDefined());
  });

  it('have the clusterIP for their VIP in Kuryr’s mode', async () => {
    const { subnets } = simulator.neutron.state;
    const subnet = simulator.facts.networks.vips.subnetId;
    const stored = subnets.get(subnet);
    if (stored !== undefined) subnets.set(subnet, { ...stored, cidr: '10.96.0.0/16', gateway_ip: '10.96.255.254' });
    cluster.apply(web({ type: 'ClusterIP', clusterIP: '10.96.0.77' }));
    await cluster.startController(
      settings({
        OS_KUBERNETES__LB_SERVICE_TYPES: 'ClusterIP,LoadBalancer',
      }),
    );
    await eventually(async () => {
      const found = await octavia().loadBalancers.list({ name: 'default/web' });
      expect(found).toMatchObject([{ vip_address: '10.96.0.77', vip_subnet_id: subnet }]);
    });
  });
});
