import { describe, expect, it } from '@jest/globals';
import { compiled, service, wanted } from '../cluster.fixture.js';

const problems = (annotations: Readonly<Record<string, string>>) => wanted(service({}, annotations)).problems;

describe('an annotation that nobody knows', () => {
  it.each([
    ['loadbalancer.openstack.org/lod-balancer-address', 'loadbalancer.openstack.org/load-balancer-address'],
    ['loadbalancer.openstack.org/timeout-client-dat', 'loadbalancer.openstack.org/timeout-client-data'],
    ['loadbalancer.openstack.org/keepfloatingip', 'loadbalancer.openstack.org/keep-floatingip'],
    [
      'service.beta.kubernetes.io/openstack-internal-loadbalancer',
      'service.beta.kubernetes.io/openstack-internal-load-balancer',
    ],
  ])('is told with the one that was probably meant: %s', (name, meant) => {
    expect(problems({ [name]: 'true' })).toEqual([
      {
        reason: 'UnknownAnnotation',
        field: `metadata.annotations[${name}]`,
        message: `nobody knows it, and it has no effect: did you mean ${meant}?`,
      },
    ]);
  });

  it('keeps nothing from being served, as a newer OCCM may know it', () => {
    const newer = { 'loadbalancer.openstack.org/quantum-entanglement': 'true' };
    expect(compiled(service({}, newer))).toEqual(compiled(service()));
    expect(problems(newer).map(({ message }) => message)).toEqual(['nobody knows it, and it has no effect']);
  });

  it('is told of the first ten only, where somebody writes hundreds', () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`loadbalancer.openstack.org/x-${index}`, 'x']),
    );
    expect(problems(many)).toHaveLength(10);
  });

  it('is nothing to tell where it is of somebody else', () => {
    const others = { 'example.com/lb': 'x', 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' };
    expect(problems(others)).toEqual([]);
  });
});
