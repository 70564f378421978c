import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import { eventually, type Manifest, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';

const CLUSTER_ID = `services-${process.pid}`;
/** Milliseconds; Octavia takes seconds for a load balancer. */
const LONG = 120_000;

let cloud: Cloud;
let cluster: TestCluster;
const servers: Server[] = [];

/** Something that answers with its name, on a port of its own. */
async function member(name: string): Promise<number> {
  const server = createHttpServer((_, response) => response.setHeader('connection', 'close').end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

/** Something that sends its name to whoever connects, as no HTTP server does. */
async function greeter(name: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(name);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

const service = (name: string, spec: object): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec,
});

function applyEndpoints(name: string, port: number, ...addresses: readonly string[]): void {
  const metadata = {
    name: `${name}-1`,
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': name },
  };
  const object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    ports: [{ port, protocol: 'TCP' }],
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
  const reference = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespace: 'default' };
  cluster.client.patch({ ...reference, name: metadata.name }, 'apply', object, { fieldManager: 'test', force: true });
}

async function addressOf(name: string): Promise<string> {
  return eventually(() => {
    const ip = cluster.get('Service', name).status?.loadBalancer?.ingress?.[0]?.ip;
    if (ip === undefined) throw new Error(`${name} has no address yet`);
    return ip;
  }, LONG);
}

const isGone = (name: string) => eventually(() => expect(() => cluster.get('Service', name)).toThrow(), LONG);

const ours = { tags: [`kuryr-cluster=${CLUSTER_ID}`] };

/** What of this test there is in OpenStack. */
const leftovers = async () => [
  ...(await cloud.octavia.loadBalancers.list(ours)),
  ...(await cloud.octavia.listeners.list(ours)),
  ...(await cloud.octavia.pools.list(ours)),
  ...(await cloud.neutron.floatingIps.list(ours)),
];

beforeAll(async () => {
  cloud = await realCloud();
  cluster = await TestCluster.withoutController();
  const { username, password, projectId } = facts.users.member;
  await cluster.startController({
    OS_KUBERNETES__LB_SERVICE_TYPES: 'LoadBalancer',
    OS_INGRESS__CLUSTER_ID: CLUSTER_ID,
    OS_NEUTRON__AUTH_TYPE: 'password',
    OS_NEUTRON__AUTH_URL: facts.authUrl,
    OS_NEUTRON__USERNAME: username,
    OS_NEUTRON__PASSWORD: password,
    OS_NEUTRON__USER_DOMAIN_NAME: 'Default',
    OS_NEUTRON__PROJECT_ID: projectId,
    OS_NEUTRON__REGION_NAME: facts.region,
    OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: facts.networks.vips.subnetId,
    OS_NEUTRON_DEFAULTS__EXTERNAL_SVC_NET: facts.networks.floating.networkId,
  });
});

afterAll(async () => {
  await cluster.stop();
  for (const { id } of await cloud.octavia.loadBalancers.list(ours)) {
    await cloud.octavia.loadBalancers.delete(id, { cascade: true });
  }
  for (const { id } of await cloud.neutron.floatingIps.list(ours)) await cloud.neutron.floatingIps.delete(id);
  cloud.close();
  for (const server of servers) server.close();
});

describe('Services of type LoadBalancer on a real OpenStack', () => {
  it('are reached at a floating IP by another port than their Pods have, and leave nothing behind', async () => {
    const port = await member('nginx');
    cluster.apply(service('nginxservice', { type: 'LoadBalancer', ports: [{ port: 80, targetPort: port }] }));
    applyEndpoints('nginxservice', port, '127.0.0.1');
    const address = await addressOf('nginxservice');
    const [balancer] = await cloud.octavia.loadBalancers.list({ ...ours, name: 'default/nginxservice' });
    const [floating] = await cloud.neutron.floatingIps.list({ floating_ip_address: address });
    expect(balancer).toMatchObject({ provisioning_status: 'ACTIVE' });
    expect(floating).toMatchObject({ port_id: balancer?.vip_port_id });
    const vip = `http://${balancer?.vip_address}/`;
    await eventually(async () => expect(await (await fetch(vip)).text()).toBe('nginx'), LONG);

    const other = await member('nginx-2');
    applyEndpoints('nginxservice', other, '127.0.0.1');
    await eventually(async () => expect(await (await fetch(vip)).text()).toBe('nginx-2'), LONG);
    applyEndpoints('nginxservice', other);
    await eventually(() => expect(fetch(vip).then((answer) => answer.text())).rejects.toThrow(), LONG);

    cluster.delete('Service', 'nginxservice');
    await isGone('nginxservice');
    expect(await leftovers()).toEqual([]);
  });

  it('serve anything over TCP, by endpoints made by hand for a Service without selector, on several ports', async () => {
    const database = await greeter('mysql');
    cluster.apply(
      service('database', {
        type: 'LoadBalancer',
        ports: [
          { name: 'a', port: 3306, targetPort: database },
          { name: 'b', port: 3307, targetPort: database },
        ],
      }),
    );
    await addressOf('database');
    const listeners = await cloud.octavia.listeners.list(ours);
    expect(listeners.map(({ protocol, protocol_port }) => `${protocol}:${protocol_port}`).sort()).toEqual([
      'TCP:3306',
      'TCP:3307',
    ]);
    cluster.delete('Service', 'database');
    await isGone('database');
    expect(await leftovers()).toEqual([]);
  });

  it('are told why they get none: names of other places have no endpoints', async () => {
    cluster.apply(
      service('elsewhere', { type: 'ExternalName', externalName: 'example.com' }),
      service('node-port', { type: 'NodePort', ports: [{ port: 80 }] }),
    );
    await eventually(() => {
      const events = cluster.client.list({ group: 'events.k8s.io', version: 'v1', plural: 'events' } as never);
      expect(JSON.stringify(events)).toContain('ServiceTypeNotSupported');
    }, LONG);
    expect(await leftovers()).toEqual([]);
  });
});
