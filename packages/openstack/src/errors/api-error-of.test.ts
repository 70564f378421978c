import { describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../transport/http-message.js';
import { ConflictError, ImmutableError } from './api-error.js';
import { apiErrorOf } from './api-error-of.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const REMEDIES = { unauthorized: 'log in', forbidden: 'ask' };
const ID = 'fd60a1c5-0b35-4e0e-9d3d-b7d92e4b9e6f';

function octavia(faultstring: string) {
  return { faultcode: 'Client', faultstring, debuginfo: null };
}

function errorOf(status: number, body: unknown, headers: HttpAnswer['headers'] = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return apiErrorOf('Octavia POST /x', { status, headers, body: Buffer.from(text) }, REMEDIES, NOW);
}

describe('an error status', () => {
  it.each<[string, boolean, number, unknown]>([
    [
      'UNAUTHORIZED',
      true,
      401,
      { error: { code: 401, message: 'The request you have made requires authentication.' } },
    ],
    ['FORBIDDEN', true, 403, octavia('Policy does not allow this request to be performed.')],
    ['NOT_FOUND', false, 404, octavia(`Load Balancer ${ID} not found.`)],
    // Octavia, Neutron, Barbican, each in its own way.
    ['QUOTA', true, 403, octavia('Quota has been met for resources: Load Balancer')],
    [
      'QUOTA',
      true,
      409,
      { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['floatingip'].", detail: '' } },
    ],
    [
      'QUOTA',
      true,
      403,
      { code: 403, title: 'Forbidden', description: 'Creation not allowed because a quota has been reached' },
    ],
    ['QUOTA', true, 413, { NeutronError: { type: 'OverQuota', message: 'Too much', detail: '' } }],
    [
      'ADDRESSES_EXHAUSTED',
      true,
      409,
      {
        NeutronError: {
          type: 'IpAddressGenerationFailure',
          message: `No more IP addresses available on network ${ID}.`,
          detail: '',
        },
      },
    ],
    [
      'ADDRESSES_EXHAUSTED',
      true,
      500,
      { NeutronError: { type: 'SubnetAllocationError', message: 'Failed to allocate subnet: …', detail: '' } },
    ],
    [
      'CHANGED_MEANWHILE',
      true,
      412,
      {
        NeutronError: {
          type: 'RevisionNumberConstraintFailed',
          message: 'Constrained to 1, but current revision is 2',
          detail: '',
        },
      },
    ],
    // 409 is both a busy load balancer and a duplicate.
    ['IMMUTABLE', true, 409, octavia(`Load Balancer ${ID} is immutable and cannot be updated.`)],
    ['IMMUTABLE', true, 409, octavia(`Invalid state PENDING_CREATE of loadbalancer resource ${ID}`)],
    [
      'CONFLICT',
      false,
      409,
      octavia('Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80'),
    ],
    ['BUSY', true, 503, octavia('Project busy. Unable to lock the project. Please try again.')],
    ['BUSY', true, 429, ''],
    ['BAD_REQUEST', false, 400, octavia('Unknown attribute for argument pool_.pool: nope')],
    ['BAD_REQUEST', false, 413, 'too large'],
    ['UNSUPPORTED', false, 501, octavia("Provider 'ovn' does not support a requested action")],
    ['UNAVAILABLE', true, 500, octavia("'dict' object has no attribute '_sa_instance_state'")],
    ['UNAVAILABLE', true, 503, '<html>No server is available to handle this request.</html>'],
    ['UNAVAILABLE', true, 504, ''],
    ['UNAVAILABLE', true, 408, ''],
  ])('is ERR_OPENSTACK_%s (retryable: %s) for %d %j', (code, retryable, status, body) => {
    expect(errorOf(status, body)).toMatchObject({ code: `ERR_OPENSTACK_${code}`, retryable, status });
  });

  it.each<[number, unknown, string]>([
    [400, octavia('Invalid input'), 'Octavia POST /x: 400 Invalid input (req-7)'],
    [400, { error: { message: 'Expecting to find auth' } }, 'Octavia POST /x: 400 Expecting to find auth (req-7)'],
    [400, { error: 'Bad' }, 'Octavia POST /x: 400 Bad (req-7)'],
    [
      404,
      { code: 404, title: 'Not Found', description: 'Secret not found.' },
      'Octavia POST /x: 404 Not Found: Secret not found. (req-7)',
    ],
    [404, '<html>\n  gone</html>', 'Octavia POST /x: 404 "<html> gone</html>" (req-7)'],
    [404, '', 'Octavia POST /x: 404 (req-7)'],
    [401, octavia('no'), 'Octavia POST /x: 401 no (req-7): log in'],
    [403, octavia('no'), 'Octavia POST /x: 403 no (req-7): ask'],
  ])('%d says in the words of the service what is wrong, and the request id: %j', (status, body, message) => {
    expect(errorOf(status, body, { 'x-openstack-request-id': 'req-7' })).toHaveProperty('message', message);
  });

  it('that is a redirect says where to', () => {
    const { message } = errorOf(302, '<html>', { location: 'https://cloud.example/v2' });
    expect(message).toBe('Octavia POST /x: 302 redirected to https://cloud.example/v2');
  });

  it.each([
    ['12', 12_000],
    ['Sat, 21 Nov 2026 10:00:05 GMT', 5000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
  ])('asks to wait: Retry-After %s is %s ms', (header, retryAfter) => {
    expect(errorOf(503, '', { 'retry-after': header })).toHaveProperty('retryAfter', retryAfter);
  });

  it('tells what is immutable', () => {
    const load = errorOf(409, octavia(`Load Balancer ${ID} is immutable and cannot be updated.`));
    const policy = errorOf(409, octavia(`L7Policy ${ID} is immutable and cannot be updated.`));
    const state = errorOf(409, octavia(`Invalid state PENDING_CREATE of loadbalancer resource ${ID}`));
    const objects = [load, policy, state].map((error) => error instanceof ImmutableError && error.object);
    expect(objects).toEqual([
      { kind: 'Load Balancer', id: ID },
      { kind: 'L7Policy', id: ID },
      { kind: 'loadbalancer', id: ID },
    ]);
    expect(new ImmutableError('', { status: 409, fault: '', type: '' }).object).toBeUndefined();
  });

  it.each([
    ['exists', octavia('Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80')],
    ['exists', octavia('This pool already has a health monitor')],
    ['exists', octavia('Another member on this pool is already using ip 10.0.0.1 on protocol_port 80')],
    [
      'exists',
      {
        NeutronError: { type: 'SecurityGroupRuleExists', message: 'Security group rule already exists. Rule id is 1.' },
      },
    ],
    ['exists', { NeutronError: { type: 'FloatingIPPortAlreadyAssociated', message: 'Cannot associate floating IP' } }],
    ['in-use', octavia(`Pool ${ID} is in use by L7 policy ${ID}`)],
    ['in-use', { NeutronError: { type: 'SecurityGroupInUse', message: 'Security Group 1 in use.' } }],
    ['full', octavia(`Too many rules on L7 policy ${ID}`)],
    ['other', octavia('No')],
  ])('tells of what kind a conflict is: %s for %j', (conflict, body) => {
    const error = errorOf(409, body);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toHaveProperty('conflict', conflict);
  });
});
