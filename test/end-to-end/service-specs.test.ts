import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LBAAS_SERVICE_SPEC, LBAAS_SPEC_ANNOTATION, parsePayload } from '@kuryr-l7/kuryr-objects';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { backend, ingress, service } from './manifests.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

const GROUP = '7b2f6a64-5c8d-4f0e-8a10-2f8a1f5f2c33';

let simulator: OpenStackSimulator;
let cluster: TestCluster;
let subnetId: string;

const annotation = (kind: string, name: string) =>
  cluster.get(kind, name).metadata.annotations?.[LBAAS_SPEC_ANNOTATION];
const version = (kind: string, name: string) => cluster.get(kind, name).metadata.resourceVersion;

/** What the Service asks of a load balancer, as soon as a condition holds of it. */
const spec = (kind: string, name: string, condition: (text: string) => boolean = () => true) =>
  eventually(() => {
    const text = annotation(kind, name) ?? '';
    expect(text).not.toBe('');
    expect(condition(text)).toBe(true);
    return parsePayload(LBAAS_SERVICE_SPEC, text);
  });

/** A subnet that holds the clusterIPs, as `service_subnet` of a real cluster does. */
function subnetOfServices(): string {
  const { subnets } = simulator.neutron.state;
  const vips = subnets.get(simulator.facts.networks.vips.subnetId);
  if (vips === undefined) throw new Error('the simulated cloud has no subnet of VIPs');
  const id = randomUUID();
  subnets.set(id, { ...vips, id, cidr: '10.96.0.0/16', gateway_ip: '10.96.0.1' });
  return id;
}

describe('enabled_handlers = lb,lbaasspec,ingresslb', () => {
  beforeAll(async () => {
    simulator = await startOpenStackSimulator();
    subnetId = subnetOfServices();
    const { authUrl, applicationCredential } = simulator.facts;
    cluster = await TestCluster.withoutController();
    await cluster.startController({
      OS_KUBERNETES__ENABLED_HANDLERS: 'lb,lbaasspec,ingresslb',
      OS_NEUTRON__AUTH_TYPE: 'v3applicationcredential',
      OS_NEUTRON__AUTH_URL: authUrl,
      OS_NEUTRON__APPLICATION_CREDENTIAL_ID: applicationCredential.id,
      OS_NEUTRON__APPLICATION_CREDENTIAL_SECRET: applicationCredential.secret,
      OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: subnetId,
      OS_NEUTRON_DEFAULTS__POD_SECURITY_GROUPS: GROUP,
    });
  });

  afterAll(async () => {
    await cluster?.stop();
    await simulator?.close();
  });

  it('describes the load balancer of a Service on it and on its Endpoints, and routes as before', async () => {
    cluster.apply(...backend('s1'), ingress('test', [['www.example.com', ['/', 'Prefix', 's1']]]));
    const said = await spec('Service', 's1');
    expect(said).toMatchObject({
      ip: expect.stringMatching(/^10\.96\./),
      ports: [{ name: null, protocol: 'TCP', port: 80, targetPort: '3000' }],
      project_id: simulator.facts.users.member.projectId,
      subnet_id: subnetId,
      security_groups_ids: [GROUP],
      type: 'ClusterIP',
    });
    expect(await spec('Endpoints', 's1')).toEqual(said);
    await eventually(async () => expect(await cluster.answers('www.example.com')).toBe('s1'));
  });

  it('follows what changes, and writes nothing while nothing does', async () => {
    cluster.apply(service('changing'));
    await spec('Endpoints', 'changing');
    await spec('Service', 'changing');
    cluster.apply(service('changing', 'default', { type: 'LoadBalancer', ports: [{ port: 81, targetPort: 'web' }] }));
    const changed = (text: string) => text.includes('"LoadBalancer"') && text.includes('"port": 81');
    expect(await spec('Service', 'changing', changed)).toMatchObject({ ports: [{ port: 81, targetPort: 'web' }] });
    await spec('Endpoints', 'changing', changed);
    const versions = [version('Service', 'changing'), version('Endpoints', 'changing')];
    for (const pipeline of cluster.controller.session?.pipelines ?? []) {
      pipeline.reconcile();
      await pipeline.queue.drained();
    }
    expect([version('Service', 'changing'), version('Endpoints', 'changing')]).toEqual(versions);
  });

  it('describes a Service without a selector, with the Endpoints that come by hand', async () => {
    cluster.apply(service('by-hand', 'default', { selector: undefined }));
    await spec('Service', 'by-hand');
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'by-hand' },
      subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 3000 }] }],
    });
    expect(await spec('Endpoints', 'by-hand')).toEqual(await spec('Service', 'by-hand'));
  });

  it('says nothing of headless Services and of those of type ExternalName', async () => {
    cluster.apply(
      service('headless', 'default', { clusterIP: 'None' }),
      service('elsewhere', 'default', { type: 'ExternalName', externalName: 'a.example', selector: undefined }),
      service('last'),
    );
    await spec('Service', 'last');
    expect([annotation('Service', 'headless'), annotation('Service', 'elsewhere')]).toEqual([undefined, undefined]);
  });

  it('takes the description off a Service that becomes an ExternalName', async () => {
    cluster.apply(service('leaving'));
    await spec('Service', 'leaving');
    cluster.apply(service('leaving', 'default', { type: 'ExternalName', externalName: 'a.example', ports: undefined }));
    await eventually(() => expect(annotation('Service', 'leaving')).toBeUndefined());
  });
});
