import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedRouter, createRouter } from '@kuryr-l7/driver-octavia';
import { LBAAS_SPEC_ANNOTATION, POD_STATE, parsePayload, VIF_ANNOTATION } from '@kuryr-l7/kuryr-objects';
import type { Cloud } from '@kuryr-l7/openstack';
import { ingress, service } from '../end-to-end/manifests.fixture.js';
import { everythingIn } from '../end-to-end/service-settings.fixture.js';
import { eventually, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { resetPending } from './bed/database.js';
import { NetworkAgent } from './bed/network-agent.js';
import { answerOverTls, CertificateContainer } from './certificate-container.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';
import { answerOf, RunningController } from './running-controller.fixture.js';
import { ServiceRequests, tokenByPassword } from './service-requests.fixture.js';

const NAME = `handlers-${process.pid}`;
const TAG = `kuryr-cluster=${NAME}`;
const HOST = 'handlers-node';
const OCCM = 'loadbalancer.openstack.org/';
/** Milliseconds; Octavia takes seconds for a load balancer, and minutes on a machine with much else to do. */
const LONG = 240_000;
const PODS = { group: '', version: 'v1', plural: 'pods', namespace: 'default' } as const;

let directory: string;
let project: OwnProject;
let cloud: Cloud;
let cluster: TestCluster;
let agent: NetworkAgent;
let router: CreatedRouter;
let controller: RunningController;
let podSubnetId: string;
let podGroupId: string;
const servers: Server[] = [];
/** What is left to do at the end, last first. */
const undo: (() => Promise<unknown>)[] = [];

/** kuryr.conf as docs/pods.md and docs/services.md have it, with a router for Ingresses. */
function kuryrConf(): string {
  const { username, password, projectId } = project.login;
  const sections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    kubernetes: {
      kubeconfig: cluster.kubeconfigFile,
      enabled_handlers: 'vif,lb,lbaasspec,ingresslb',
      l7_router_driver: 'octavia',
      pod_vif_driver: 'neutron-vif',
      lb_service_types: 'LoadBalancer',
      lb_permitted_annotations: 'default-tls-container-ref,flavor-id,availability-zone',
    },
    health_server: { bind_address: '127.0.0.1', port: '0' },
    ingress: { l7_router_uuid: router.id, cluster_id: NAME },
    neutron: {
      auth_type: 'password',
      auth_url: facts.authUrl,
      username,
      password,
      user_domain_name: 'Default',
      project_id: projectId,
      region_name: facts.region,
    },
    neutron_defaults: {
      project: projectId,
      pod_subnet: podSubnetId,
      pod_security_groups: podGroupId,
      service_subnet: facts.networks.vips.subnetId,
      external_svc_net: facts.networks.floating.networkId,
    },
  };
  return Object.entries(sections)
    .flatMap(([name, options]) => [`[${name}]`, ...Object.entries(options).map(([key, value]) => `${key} = ${value}`)])
    .join('\n');
}

/** Something that answers with its name; gives its port on 127.0.0.1. */
async function member(name: string): Promise<number> {
  const server = createServer((_, response) => response.setHeader('connection', 'close').end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

/** A Service of type LoadBalancer with one port, and the endpoint of it, which somebody made by hand. */
function expose(name: string, port: number, target: number, annotations: Readonly<Record<string, string>> = {}): void {
  const spec = { type: 'LoadBalancer', selector: undefined, ports: [{ port, targetPort: target }] };
  const { metadata, ...rest } = service(name, 'default', spec);
  const named = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${OCCM}${key}`, value]));
  cluster.apply({ ...rest, metadata: { ...metadata, annotations: named } } as Parameters<typeof cluster.apply>[0]);
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ protocol: 'TCP', port: target }],
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
  };
  const reference = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespace: 'default' };
  const options = { fieldManager: 'test', force: true };
  cluster.client.patch({ ...reference, name: slice.metadata.name }, 'apply', slice, options);
}

const addressOf = (name: string) =>
  eventually(() => {
    const ip = cluster.get('Service', name).status?.loadBalancer?.ingress?.[0]?.ip ?? '';
    expect(ip).toMatch(/^127\.200\./);
    return ip;
  }, LONG);

async function balancerOf(name: string) {
  const [found, ...more] = await cloud.octavia.loadBalancers.list({ name: `default/${name}`, tags: [TAG] });
  if (found === undefined || more.length > 0) throw new Error(`${name} has ${more.length} load balancers too many`);
  return found;
}

async function remove(name: string): Promise<void> {
  cluster.delete('Service', name);
  await eventually(() => expect(() => cluster.get('Service', name)).toThrow(), LONG);
}

/** The controller's user is an administrator, who sees all projects. */
const everything = () => everythingIn(cloud, project.login.projectId);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kuryr-handlers-'));
  project = await OwnProject.create(facts, NAME);
  // Who binds ports to hosts has to be an administrator.
  await project.grant('admin');
  cloud = await realCloud(project.login);
  const { neutron } = cloud;
  // Neutron makes a project's own group when it is first asked for one.
  await neutron.securityGroups.list();
  const { id: network_id } = await neutron.networks.create({ name: 'pods' });
  undo.push(() => neutron.networks.delete(network_id));
  podSubnetId = (await neutron.subnets.create({ network_id, cidr: '10.59.0.0/24', ip_version: 4, name: 'pods' })).id;
  podGroupId = (await neutron.securityGroups.create({ name: 'pods' })).id;
  undo.push(() => neutron.securityGroups.delete(podGroupId));
  agent = await NetworkAgent.start([HOST]);
  const vipSubnet = facts.networks.vips.subnetId;
  router = await createRouter(cloud, { name: NAME, clusterId: NAME, vipSubnet }, new AbortController().signal);
  cluster = await TestCluster.withoutController();
});

afterAll(async () => {
  rmSync(directory, { recursive: true });
  await controller?.stop();
  await cluster?.stop();
  await agent?.stop();
  for (const server of servers) server.close();
  const { octavia, neutron } = cloud;
  const { projectId } = project.login;
  const left = async () =>
    (await octavia.loadBalancers.list()).filter(({ project_id: of }) => of === projectId).map(({ id }) => id);
  await eventually(async () => {
    for (const id of await left()) await octavia.loadBalancers.delete(id, { cascade: true });
    expect(await left()).toEqual([]);
  }, LONG);
  for (const { id } of await neutron.floatingIps.list({ project_id: projectId })) await neutron.floatingIps.delete(id);
  for (const { id } of await neutron.ports.list({ project_id: projectId })) await neutron.ports.delete(id);
  for (const one of undo.reverse()) await one();
  const { secrets, containers } = cloud.barbican;
  for (const { id } of await containers.list()) await containers.delete(id);
  for (const { id } of await secrets.list()) await secrets.delete(id);
  cloud.close();
  await project.remove();
});

describe('enabled_handlers = vif,lb,lbaasspec,ingresslb on a real OpenStack', () => {
  beforeAll(async () => {
    controller = await RunningController.start(join(directory, 'kuryr.conf'), kuryrConf());
  });

  it(
    'serves a Pod, a Service and an Ingress, each as Kuryr and its clients expect, and leaves nothing of them',
    async () => {
      const before = await everything();
      const port = await member('web');
      expose('web', 80, port);
      cluster.apply(ingress('web', [['web.example', ['/', 'Prefix', 'web']]]));
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'client' } };
      const spec = { nodeName: HOST, containers: [{ name: 'client', image: 'client' }] };
      const options = { fieldManager: 'test', force: true };
      cluster.client.patch({ ...PODS, name: 'client' }, 'apply', { ...pod, spec }, options);

      const vif = await eventually(() => {
        const text = cluster.client.get({ ...PODS, name: 'client' }).metadata.annotations?.[VIF_ANNOTATION] ?? '';
        const { default_vif: found } = parsePayload(POD_STATE, text);
        expect(found).toMatchObject({ className: 'VIFOpenVSwitch', active: true });
        return found;
      }, LONG);
      expect(await cloud.neutron.ports.get(vif.id)).toMatchObject({
        'binding:host_id': HOST,
        device_owner: 'compute:kuryr',
        project_id: project.login.projectId,
        security_groups: [podGroupId],
        status: 'ACTIVE',
        tags: [TAG],
      });

      const address = await addressOf('web');
      const { clusterIP } = (cluster.get('Service', 'web') as unknown as { spec: { clusterIP: string } }).spec;
      expect(cluster.get('Service', 'web').metadata.annotations?.[LBAAS_SPEC_ANNOTATION]).toBe(
        `{"versioned_object.data": {"ip": "${clusterIP}", "lb_ip": null, "ports": [{"versioned_object.data": {"name": ` +
          `null, "port": 80, "protocol": "TCP", "targetPort": "${port}"}, "versioned_object.name": "LBaaSPortSpec", ` +
          `"versioned_object.namespace": "kuryr_kubernetes", "versioned_object.version": "1.1"}], "project_id": ` +
          `"${project.login.projectId}", "security_groups_ids": ["${podGroupId}"], "subnet_id": null, "type": ` +
          `"LoadBalancer"}, "versioned_object.name": "LBaaSServiceSpec", "versioned_object.namespace": ` +
          `"kuryr_kubernetes", "versioned_object.version": "1.0"}`,
      );
      await eventually(async () => expect(await answerOf(address, 'anything')).toBe('web'), LONG);
      expect((await balancerOf('web')).vip_sg_ids).toEqual([podGroupId]);

      await eventually(async () => expect(await answerOf(router.vipAddress, 'web.example')).toBe('web'), LONG);
      expect(await answerOf(router.vipAddress, 'other.example')).toBe(503);
      await controller.recovers();

      cluster.delete('Ingress', 'web');
      cluster.client.delete({ ...PODS, name: 'client' }, { gracePeriodSeconds: 0 });
      await remove('web');
      await eventually(async () => expect(await everything()).toEqual(before), LONG);
    },
    3 * LONG,
  );

  it(
    'gives a Service its certificate, flavor and zone, and all of it with both addresses again when it is in ERROR',
    async () => {
      const admin = new ServiceRequests(
        `${facts.endpoints.loadBalancer}/v2.0/lbaas`,
        await tokenByPassword(facts, facts.users.admin),
      );
      /** Of a kind that only an administrator makes; deleted when no load balancer has it any more. */
      const make = async (
        kind: string,
        path: string,
        attributes: object,
        key: 'id' | 'name' = 'id',
      ): Promise<string> => {
        const name = String((await admin.create(kind, path, { name: NAME, ...attributes }))[key]);
        undo.push(() => admin.request('DELETE', `${path}/${name}`));
        return name;
      };
      const provider_name = 'amphora';
      const flavor_data = JSON.stringify({ loadbalancer_topology: 'SINGLE' });
      const flavor_profile_id = await make('flavorprofile', '/flavorprofiles', { provider_name, flavor_data });
      const flavorId = await make('flavor', '/flavors', { flavor_profile_id, enabled: true });
      const availability_zone_data = JSON.stringify({ compute_zone: 'bed' });
      const availability_zone_profile_id = await make('availability_zone_profile', '/availabilityzoneprofiles', {
        provider_name,
        availability_zone_data,
      });
      const zone = { availability_zone_profile_id, enabled: true };
      const availabilityZone = await make('availability_zone', '/availabilityzones', zone, 'name');
      const placed = { 'flavor-id': flavorId, 'availability-zone': availabilityZone };
      const place = { flavor_id: flavorId, availability_zone: availabilityZone };
      const before = await everything();

      const port = await member('secure');
      const first = await CertificateContainer.create(cloud.barbican, 'a.example');
      expose('secure', 443, port, { ...placed, 'default-tls-container-ref': first.reference });
      const address = await addressOf('secure');
      const answersAs = (shown: string) =>
        eventually(async () => expect(await answerOverTls(address)).toEqual({ body: 'secure', shown }), LONG);
      await answersAs('a.example');
      const { id, vip_address } = await balancerOf('secure');
      expect(await cloud.octavia.loadBalancers.get(id)).toMatchObject(place);
      expect(await cloud.octavia.listeners.list({ loadbalancer_id: id })).toMatchObject([
        { protocol: 'TERMINATED_HTTPS', protocol_port: 443, default_tls_container_ref: first.reference },
      ]);

      // Without the certificate, Octavia never comes to an end with the next write; an administrator sets it to ERROR.
      await first.delete();
      await cloud.octavia.pools.create({ loadbalancer_id: id, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });
      await eventually(async () => {
        await resetPending(id);
        expect(await cloud.octavia.loadBalancers.get(id)).toMatchObject({ provisioning_status: 'ERROR' });
      }, LONG);
      const second = await CertificateContainer.create(cloud.barbican, 'b.example');
      expose('secure', 443, port, { ...placed, 'default-tls-container-ref': second.reference });
      await answersAs('b.example');
      await eventually(async () => {
        const anew = await balancerOf('secure');
        expect(anew).toMatchObject({ ...place, vip_address, provisioning_status: 'ACTIVE' });
        expect(anew.id).not.toBe(id);
      }, LONG);
      expect(await addressOf('secure')).toBe(address);

      await remove('secure');
      await second.delete();
      expect(await everything()).toEqual(before);
    },
    3 * LONG,
  );
});
