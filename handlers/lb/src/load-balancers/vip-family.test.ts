import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakedCluster, until, web } from './faked-cluster.fixture.js';

const OF_IPV6 = { clusterIP: 'fd00::7', ipFamilies: ['IPv6', 'IPv4'] };
const IN_SUBNET = {
  annotations: { 'loadbalancer.openstack.org/subnet-id': '373bfd12-6dd3-4f79-8af2-0ba77dba89cb' },
};

let cluster: FakedCluster;

beforeEach(() => {
  cluster = new FakedCluster({ floatingNetworkId: 'external', permittedAnnotations: ['subnet-id'] });
});

afterEach(() => cluster.stop());

describe('whether a Service gets a floating IP', () => {
  it.each([
    ['of IPv6 whose annotation names a subnet', web(OF_IPV6, IN_SUBNET), 4],
    ['whose load balancer was made before service_subnet was one of IPv6', web(), 6],
  ] as const)('says the VIP that there is: one of IPv4 has it, of a Service %s', async (_name, service, ip_version) => {
    cluster.subnets = [{ id: 'vips', ip_version }];
    cluster.floatingIps = ['198.51.100.9'];
    cluster.apply(service);
    await until(() => cluster.events.length > 0);
    expect(cluster.events).toMatchObject([{ reason: 'KuryrEnsureLBError', note: 'none is to be had' }]);
  });

  it.each([
    ['of IPv4', web({}, IN_SUBNET)],
    ['of IPv6', web(OF_IPV6, IN_SUBNET)],
  ])(
    'says the VIP that there is: one of IPv6 has none, of a Service %s whose annotation names a subnet',
    async (_name, service) => {
      cluster.vipAddress = '2001:db8::9';
      cluster.apply(service);
      await until(() => cluster.done.length > 0);
      expect(cluster.done).toEqual(['status {"loadBalancer":{"ingress":[{"ip":"2001:db8::9"}]}}']);
      await until(() => cluster.annotated.length > 0);
      expect(cluster.events).toEqual([]);
    },
  );

  it('is no matter of external_svc_net, which is set, where one stays that leads to a VIP of IPv6', async () => {
    cluster.vipAddress = '2001:db8::9';
    cluster.floatingIps = ['198.51.100.9'];
    cluster.problems = [{ reason: 'NodeNotOpened', field: 'nodes', message: 'told last' }];
    cluster.apply(web(OF_IPV6, IN_SUBNET));
    await until(() => cluster.events.length > 0);
    expect(cluster.events.map(({ reason }) => reason)).toEqual(['NodeNotOpened']);
  });
});
