import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeCloud } from '../fake-cloud.fixture.js';
import { newestVersion } from './api-version.js';
import { capabilitiesOf } from './octavia-capabilities.js';
import type { OctaviaClient } from './octavia-client.js';
import { refuseProviderWithoutL7 } from './refuse-provider-without-l7.js';

const common = {
  id: 'x1',
  admin_state_up: true,
  provisioning_status: 'ACTIVE',
  operating_status: 'ONLINE',
  project_id: 'p',
};

describe('Octavia', () => {
  let fake: FakeCloud;
  let octavia: OctaviaClient;
  let body: unknown;

  beforeEach(async () => {
    fake = await FakeCloud.start();
    ({ octavia } = await fake.open());
    fake.respond = () => ({ body });
  });

  afterEach(() => fake.stop());

  const requests = () =>
    fake.seen.map(({ method, path, query }) => `${method} ${path.replace('/octavia/v2/lbaas', '')}${query}`);

  it('tells when Octavia answered last by its own clock, of which an answer may say nothing', async () => {
    expect(octavia.answeredAt()).toBeUndefined();
    fake.respond = () => ({ body: { pools: [] }, headers: { date: 'Tue, 03 Jun 2025 10:20:30 GMT' } });
    await octavia.pools.list();
    expect(octavia.answeredAt()).toBe(Date.UTC(2025, 5, 3, 10, 20, 30));
    fake.respond = () => ({ body: { pools: [] }, headers: { date: 'lunchtime' } });
    await octavia.pools.list();
    expect(octavia.answeredAt()).toBeUndefined();
  });

  it('makes a load balancer with everything below it in one request', async () => {
    body = {
      loadbalancer: {
        ...common,
        provider: 'amphora',
        vip_address: '10.0.0.5',
        listeners: [{ id: 'l1', name: 'http' }],
      },
    };
    const fields = {
      vip_subnet_id: 's1',
      pools: [
        {
          name: 'web',
          protocol: 'HTTP',
          lb_algorithm: 'ROUND_ROBIN',
          members: [{ address: '10.0.0.1', protocol_port: 80 }],
        },
      ],
      listeners: [
        {
          protocol: 'HTTP',
          protocol_port: 80,
          default_pool: { name: 'web' },
          l7policies: [
            {
              action: 'REDIRECT_TO_POOL',
              redirect_pool: { name: 'web' },
              rules: [{ type: 'PATH', compare_type: 'STARTS_WITH', value: '/x' }],
            },
          ],
        },
      ],
    } as const;
    expect(await octavia.loadBalancers.create(fields)).toMatchObject({
      id: 'x1',
      provider: 'amphora',
      vip_address: '10.0.0.5',
      vip_subnet_id: null,
      tags: [],
      listeners: [{ id: 'l1' }],
    });
    expect(requests()).toEqual(['POST /loadbalancers']);
    expect(fake.seen[0]?.body).toEqual({ loadbalancer: fields });
  });

  const policy = { ...common, listener_id: 'l1', action: 'REJECT', position: 3, rules: [{ id: 'r1' }] };

  it('reads one object from the list, for which Octavia does not load the whole load balancer', async () => {
    body = { l7policies: [policy] };
    expect(await octavia.l7Policies.get(policy.id)).toMatchObject({
      position: 3,
      rules: [{ id: 'r1' }],
      redirect_url: null,
    });
    expect(requests()).toEqual([`GET /l7policies?id=${policy.id}`]);
  });

  it('asks for an object itself that no list shows, which tells why', async () => {
    body = { l7policies: [], l7policy: policy };
    expect(await octavia.l7Policies.get(policy.id)).toMatchObject({ position: 3 });
    expect(requests()).toEqual([`GET /l7policies?id=${policy.id}`, `GET /l7policies/${policy.id}`]);
  });

  it('changes and deletes by id', async () => {
    body = { l7policy: policy };
    await octavia.l7Policies.update('x1', { position: 1, admin_state_up: true });
    await octavia.l7Policies.delete('../x1');
    expect(requests()).toEqual(['PUT /l7policies/x1', 'DELETE /l7policies/..%2Fx1']);
    expect(fake.seen[0]?.body).toEqual({ l7policy: { position: 1, admin_state_up: true } });
  });

  it('keeps rules below their policy', async () => {
    const { name: _, ...rule } = { ...common, name: '', type: 'HEADER', compare_type: 'REGEX', key: 'X-A', value: 'v' };
    body = { rule, rules: [rule] };
    expect(await octavia.l7Rules.list('p1')).toMatchObject([{ key: 'X-A', invert: false }]);
    await octavia.l7Rules.create('p1', { type: 'HEADER', compare_type: 'REGEX', key: 'X-A', value: 'v' });
    await octavia.l7Rules.update('p1', 'x1', { value: 'w' });
    await octavia.l7Rules.get('p1', 'x1');
    await octavia.l7Rules.delete('p1', 'x1');
    expect(requests()).toEqual([
      'GET /l7policies/p1/rules',
      'POST /l7policies/p1/rules',
      'PUT /l7policies/p1/rules/x1',
      'GET /l7policies/p1/rules/x1',
      'DELETE /l7policies/p1/rules/x1',
    ]);
    expect(fake.seen[2]?.body).toEqual({ rule: { value: 'w' } });
  });

  it('replaces the members of a pool in one request', async () => {
    fake.respond = () => ({ status: 202 });
    const members = [{ address: '10.0.0.1', protocol_port: 80, weight: 0 }];
    await octavia.members.replace('p1', members);
    await octavia.members.replace('p1', members, { additiveOnly: true });
    expect(requests()).toEqual(['PUT /pools/p1/members', 'PUT /pools/p1/members?additive_only=true']);
    expect(fake.seen[0]?.body).toEqual({ members });
  });

  it('lists by name, tags and parent', async () => {
    body = { pools: [], listeners: [] };
    await octavia.pools.list({ loadbalancer_id: 'lb', tags: ['a=b', 'c'], 'not-tags-any': ['d'], name: 'web' });
    await octavia.listeners.list({ protocol_port: 80 });
    expect(requests()).toEqual([
      'GET /pools?loadbalancer_id=lb&tags=a=b,c&not-tags-any=d&name=web',
      'GET /listeners?protocol_port=80',
    ]);
  });

  it('deletes a load balancer with all that is below it', async () => {
    fake.respond = () => ({ status: 204 });
    await octavia.loadBalancers.delete('lb', { cascade: true });
    await octavia.loadBalancers.delete('lb');
    expect(requests()).toEqual(['DELETE /loadbalancers/lb?cascade=true', 'DELETE /loadbalancers/lb']);
  });

  it('tells the status of a whole load balancer, and what went through it', async () => {
    const node = { id: 'x', name: '', provisioning_status: 'ACTIVE', operating_status: 'ONLINE' };
    const member = { ...node, address: '10.0.0.1', protocol_port: 80 };
    const pool = { ...node, members: [member], health_monitor: {} };
    const monitored = { ...node, members: [], health_monitor: { ...node, type: 'HTTP' } };
    const stats = { bytes_in: 1, bytes_out: 2, active_connections: 3, total_connections: 4, request_errors: 5 };
    body = {
      statuses: { loadbalancer: { ...node, listeners: [{ ...node, pools: [pool] }], pools: [monitored] } },
      stats,
    };
    expect(await octavia.loadBalancers.status('lb')).toEqual({
      ...node,
      listeners: [{ ...node, pools: [{ ...node, members: [member], health_monitor: null }] }],
      pools: [monitored],
    });
    expect(await octavia.loadBalancers.statistics('lb')).toEqual(stats);
    expect(await octavia.listeners.statistics('l1')).toEqual(stats);
    expect(requests()).toEqual([
      'GET /loadbalancers/lb/status',
      'GET /loadbalancers/lb/stats',
      'GET /listeners/l1/stats',
    ]);
  });

  it('tells quotas, also by the older names', async () => {
    body = { quota: { load_balancer: 10, pool: -1 } };
    expect(await octavia.quotas.get('p1')).toMatchObject({ load_balancer: 10, pool: -1, l7policy: null });
    body = { quota: { loadbalancer: 3, healthmonitor: 4 } };
    expect(await octavia.quotas.defaults()).toMatchObject({ load_balancer: 3, health_monitor: 4 });
    await octavia.quotas.update('p1', { pool: 5 });
    await octavia.quotas.reset('p1');
    expect(requests()).toEqual(['GET /quotas/p1', 'GET /quotas/defaults', 'PUT /quotas/p1', 'DELETE /quotas/p1']);
  });

  it('refuses a status that it does not know, by its path', async () => {
    body = { listeners: [{ ...common, protocol: 'HTTP', protocol_port: 80, provisioning_status: 'SLEEPING' }] };
    await expect(octavia.listeners.list()).rejects.toThrow(
      'listeners[0].provisioning_status: one of ACTIVE, PENDING_CREATE',
    );
  });

  it('tells what it can do by the newest version of its API, asked for once', async () => {
    body = { versions: ['v2.0', 'v2.13', 'v2.9', 'v1'].map((id) => ({ id, status: 'SUPPORTED' })) };
    expect(await octavia.capabilities()).toMatchObject({ version: '2.13', allowedCidrs: true, proxyV2: false });
    await octavia.capabilities();
    expect(fake.seen.map(({ path }) => path)).toEqual(['/octavia/']);
  });

  it('without an API v2 is refused', async () => {
    body = { versions: [{ id: 'v1' }] };
    await expect(octavia.capabilities()).rejects.toThrow('Octavia GET /: versions: there is none of the API v2');
  });
});

describe('the versions of Octavia', () => {
  it('are compared by number', () => {
    const versions = [0, 9, 26, 5].map((minor) => ({ major: 2, minor }));
    expect(newestVersion([...versions, { major: 1, minor: 99 }])).toEqual({ major: 2, minor: 26 });
    expect(newestVersion([])).toBeUndefined();
  });

  it('bring what they brought, and keep it', () => {
    const known = (minor: number) =>
      Object.values(capabilitiesOf({ major: 2, minor })).filter((value) => value === true).length;
    const counts = Array.from({ length: 31 }, (_, minor) => known(minor));
    expect(counts[0]).toBe(0);
    expect(counts[30]).toBe(Object.keys(capabilitiesOf({ major: 2, minor: 30 })).length - 1);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(capabilitiesOf({ major: 2, minor: 4 }).tags).toBe(false);
    expect(capabilitiesOf({ major: 2, minor: 5 }).tags).toBe(true);
  });
});

describe('the provider of a load balancer', () => {
  it('that has no L7 policies is refused with that reason', () => {
    expect(() => refuseProviderWithoutL7({ id: 'lb', provider: 'ovn' })).toThrow(
      'load balancer lb is of provider ovn, which has no L7 policies and no HTTP listeners: make one of provider amphora',
    );
  });

  it.each(['amphora', 'octavia', 'f5'])('%s is taken', (provider) => {
    expect(() => refuseProviderWithoutL7({ id: 'lb', provider })).not.toThrow();
  });
});
