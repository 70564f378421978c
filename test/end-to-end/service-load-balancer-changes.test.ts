import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LBAAS_STATE, LBAAS_STATE_ANNOTATION, parsePayload } from '@kuryr-l7/kuryr-objects';
import { ServiceCloud, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

const ANNOTATION = 'loadbalancer.openstack.org/';
let there: ServiceCloud;

async function members() {
  const [pool] = await there.cloud.octavia.pools.list();
  return there.cloud.octavia.members.list(pool?.id ?? '');
}

const addresses = async () => (await members()).map(({ address }) => address).sort();
const served = () => eventually(() => expect(there.ipOf('web')).toBeDefined());
const eventsWith = (text: RegExp) => eventually(() => expect(there.events()).toMatch(text));

beforeEach(async () => {
  there = await ServiceCloud.start(5);
});

afterEach(() => there.stop());

describe('a Service that asks for something that it can not have', () => {
  it('goes on with the load balancer that it has and the members of today, also after a restart', async () => {
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1');
    await there.cluster.startController(there.settings());
    await served();
    const [before] = await there.cloud.octavia.listeners.list();
    there.cluster.apply(web({ loadBalancerSourceRanges: ['nowhere'], loadBalancerIP: 'auto' }));
    await eventsWith(/InvalidSourceRange/);
    there.applyEndpoints('web', '10.1.0.2', '10.1.0.3');
    await eventually(async () => expect(await addresses()).toEqual(['10.1.0.2', '10.1.0.3']));
    await there.cluster.stopController();
    there.applyEndpoints('web', '10.1.0.4');
    await there.cluster.startController(there.settings());
    await eventually(async () => expect(await addresses()).toEqual(['10.1.0.4']));
    const { updated_at: _, ...listener } = before ?? {};
    expect(await there.cloud.octavia.listeners.list()).toMatchObject([listener]);
    there.cluster.apply(web({ loadBalancerSourceRanges: ['192.0.2.0/24'] }));
    await eventually(async () => {
      expect(await there.cloud.octavia.listeners.list()).toMatchObject([{ allowed_cidrs: ['192.0.2.0/24'] }]);
    });
  });
});

describe('a Service with 1,000 endpoints', () => {
  it('has its status, all members, and an annotation without them, as Kubernetes has no room', async () => {
    there.cluster.apply(web());
    for (let slice = 0; slice < 10; slice += 1) {
      const name = `web-${slice}`;
      const endpoints = Array.from({ length: 100 }, (_, index) => ({
        addresses: [`10.1.${slice}.${index + 1}`],
        conditions: { ready: true },
      }));
      const labels = { 'kubernetes.io/service-name': 'web' };
      const reference = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespace: 'default' };
      const object = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name, namespace: 'default', labels },
        addressType: 'IPv4',
        ports: [{ port: 8080, protocol: 'TCP' }],
        endpoints,
      };
      there.cluster.client.patch({ ...reference, name }, 'apply', object, { fieldManager: 'test', force: true });
    }
    await there.cluster.startController(there.settings());
    await served();
    await eventsWith(/leaves out its 1000 members/);
    expect(await members()).toHaveLength(1_000);
    const text = await eventually(() => {
      const found = there.cluster.get('Service', 'web').metadata.annotations?.[LBAAS_STATE_ANNOTATION];
      if (found === undefined) throw new Error('no annotation yet');
      return found;
    });
    const { members: told, pools } = parsePayload(LBAAS_STATE, text);
    expect([told.length, pools.length]).toEqual([0, 1]);
    expect(there.events()).not.toContain('KuryrEnsureLBError');
  });
});

describe('an annotation of a Service that has its load balancer', () => {
  it('moves the members to another subnet', async () => {
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1', '10.1.0.2');
    const permitted = { OS_KUBERNETES__LB_PERMITTED_ANNOTATIONS: 'member-subnet-id,subnet-id,floating-network-id' };
    await there.cluster.startController(there.settings(permitted));
    await served();
    const { subnetId } = there.simulator.facts.networks.nodes;
    there.cluster.apply(web({}, { [`${ANNOTATION}member-subnet-id`]: subnetId }));
    await eventually(async () => {
      expect((await members()).map(({ subnet_id }) => subnet_id)).toEqual([subnetId, subnetId]);
    });
  });

  it('that asks for another place of the VIP, or of its floating IP, has an Event that says what to do', async () => {
    const permitted = { OS_KUBERNETES__LB_PERMITTED_ANNOTATIONS: 'member-subnet-id,subnet-id,floating-network-id' };
    there.cluster.apply(web());
    await there.cluster.startController(there.settings(permitted));
    await served();
    const ip = there.ipOf('web');
    const { nodes } = there.simulator.facts.networks;
    const elsewhere = {
      [`${ANNOTATION}subnet-id`]: nodes.subnetId,
      [`${ANNOTATION}floating-network-id`]: nodes.networkId,
    };
    there.cluster.apply(web({}, elsewhere));
    await eventsWith(/LoadBalancerPlaceFixed/);
    await eventsWith(/FloatingIpKept/);
    expect(there.events()).toMatch(/no VIP moves/);
    expect(there.ipOf('web')).toBe(ip);
  });
});
