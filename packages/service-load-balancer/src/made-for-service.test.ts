import { describe, expect, it } from '@jest/globals';
import { descriptionOf, type MadeForService, serviceDescribedBy } from './made-for-service.js';

const KINDS: readonly MadeForService[] = ['load balancer', 'floating IP', 'security group'];

describe('the description of what is made for a Service', () => {
  it.each(KINDS)('of a %s tells cluster and Service, and is read back', (kind) => {
    const description = descriptionOf(kind, 'shop/web', 'c1');
    expect(description).toMatch(/Service shop\/web from cluster c1$/);
    expect(serviceDescribedBy(kind, description, 'c1')).toBe('shop/web');
  });

  it('is in the form that Magnum looks for, of load balancers', () => {
    expect(descriptionOf('load balancer', 'shop/web', 'c1')).toMatch(/^Kubernetes .+ from cluster c1$/);
  });

  it.each([
    'Floating IP for Kubernetes Service shop/web from cluster c10',
    'Floating IP for Kubernetes Service shop/web from cluster xc1',
    'Floating IP for Kubernetes Service shop/web from cluster b from cluster c1',
    'Floating IP for Kubernetes Service from cluster c1',
    'Floating IP for Kubernetes external service shop/web from cluster c1',
    'mine, no more Floating IP for Kubernetes Service shop/web from cluster c1',
    'Security group created for Service shop/web from cluster c1',
    '',
  ])('is nobody’s of ours where it is %j', (description) => {
    expect(serviceDescribedBy('floating IP', description, 'c1')).toBeUndefined();
  });

  it('fits the longest names that there are', () => {
    const service = `${'n'.repeat(63)}/${'s'.repeat(63)}`;
    for (const kind of KINDS) expect(descriptionOf(kind, service, 'c'.repeat(64)).length).toBeLessThanOrEqual(255);
  });
});
