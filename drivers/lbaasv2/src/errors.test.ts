import { describe, expect, it } from '@jest/globals';
import { BadRequestError, ForbiddenError, QuotaError, UnauthorizedError, UnsupportedError } from '@kuryr-l7/openstack';
import { asLoadBalancerError, LoadBalancerRefusedError } from './errors.js';

const DOING = 'set the security groups of shop/web';
const answer = { status: 403, fault: '', type: '' };

describe('what a Service is told that the cloud refuses', () => {
  it.each([
    new QuotaError(
      "Neutron POST /v2.0/security-groups: 409: delete some, or have an administrator raise the project's quota",
      answer,
    ),
    new ForbiddenError(
      'Neutron PUT /v2.0/ports: 403: it is of another project than that of [neutron], or for administrators only',
      answer,
    ),
    new UnauthorizedError('Neutron GET /v2.0/ports: 401: check [keystone_authtoken] of the service', answer),
  ])('has the one remedy that the cloud’s error names: $name', (error) => {
    const told = asLoadBalancerError(error, DOING);
    expect(told).toBeInstanceOf(LoadBalancerRefusedError);
    expect(told).toMatchObject({ message: `${DOING}: ${error.message}`, cause: error });
  });

  it.each([
    [
      new BadRequestError(
        'Octavia PUT /v2/lbaas/loadbalancers/1: 400 Security Group 7b2f6a64-5c8d-4f0e-8a10-2f8a1f5f2c33 not found.',
        answer,
      ),
      /\[neutron_defaults\] pod_security_groups/,
    ],
    [
      new UnsupportedError(
        "Octavia PUT /v2/lbaas/pools/1: 501 Provider 'amphora' does not support a requested option: Amphora provider does not support SOURCE_IP_PORT algorithm.",
        answer,
      ),
      /annotation loadbalancer\.openstack\.org\/lb-method/,
    ],
    [
      new UnsupportedError(
        "Octavia POST /v2/lbaas/loadbalancers: 501 Provider 'ovn' does not support a requested option: OVN provider does not support ROUND_ROBIN algorithm",
        answer,
      ),
      /annotation loadbalancer\.openstack\.org\/lb-method/,
    ],
  ])('names what asks for it, which Octavia does not know: %s', (error, expected) => {
    expect(asLoadBalancerError(error, DOING)).toMatchObject({ message: expect.stringMatching(expected), cause: error });
  });

  it.each([
    "PUT /v2/lbaas/pools/1/members: 501 Provider 'ovn' does not support a requested option",
    "POST /v2/lbaas/loadbalancers: 501 Provider 'ovn' does not support a requested option: OVN provider does not support HTTP protocol",
  ])('names no setting of pools where that is not what is refused: %s', (said) => {
    const error = new UnsupportedError(`Octavia ${said}`, answer);
    expect(asLoadBalancerError(error, DOING)).toMatchObject({ message: `${DOING}: ${error.message}` });
  });
});
