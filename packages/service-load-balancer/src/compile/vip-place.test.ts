import { describe, expect, it } from '@jest/globals';
import { SETTINGS, service } from '../cluster.fixture.js';
import { vipPlaceProblems } from './vip-place.js';

const A = '99f580e6-d894-442a-bc5f-4d14b41e10d1';
const B = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
const THERE = { vipPortId: A, vipNetworkId: A, vipSubnetId: A };

const problems = (annotations: Readonly<Record<string, string>>, settings = SETTINGS, there = THERE) =>
  vipPlaceProblems(
    service(
      {},
      Object.fromEntries(
        Object.entries(annotations).map(([name, value]) => [`loadbalancer.openstack.org/${name}`, value]),
      ),
    ),
    settings,
    there,
  );

describe('a Service that asks for another place of a VIP that is there', () => {
  it.each(['port', 'network', 'subnet'])(
    'is told that no VIP moves to another %s, and how to have one there',
    (kind) => {
      expect(problems({ [`${kind}-id`]: B })).toEqual([
        {
          reason: 'LoadBalancerPlaceFixed',
          field: `metadata.annotations[loadbalancer.openstack.org/${kind}-id]`,
          message: expect.stringMatching(new RegExp(`${kind} ${A}, and no VIP moves: .* in ${B}, delete the Service`)),
        },
      ]);
    },
  );

  it('is told nothing where it is there, or where it asks for nothing', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ 'subnet-id': A.replaceAll('-', '').toUpperCase(), 'network-id': A })).toEqual([]);
  });

  it('is told of what counts only: a port before a network and a subnet, nothing where the VIP is the clusterIP', () => {
    expect(problems({ 'port-id': A, 'subnet-id': B })).toEqual([]);
    expect(problems({ 'subnet-id': B }, { ...SETTINGS, serviceTypes: ['ClusterIP', 'LoadBalancer'] })).toEqual([]);
  });
});
