import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFacts } from './bed/facts.js';
import {
  OctaviaRequests,
  ServiceRequests,
  tokenByApplicationCredential,
  tokenByPassword,
} from './service-requests.fixture.js';

const facts = readFacts();

/** A backend that answers every request with its own name. */
async function backend(name: string): Promise<Server> {
  const server = createServer((_, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** GET with a Host of its own, which fetch does not allow; gives status and body. */
function get(address: string, host: string, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: address, port: 80, path, headers: { host }, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve(`${response.statusCode} ${Buffer.concat(chunks)}`);
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** What the bed does within seconds, by a process of its own. */
async function eventually<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 150) throw error;
      await delay(200);
    }
  }
}

describe('the OpenStack test bed', () => {
  let token: string;
  let octavia: OctaviaRequests;
  let loadBalancerId: string;
  let address: string;
  let listenerId: string;
  let poolId: string;
  const backends: Server[] = [];

  async function pool(name: string): Promise<string> {
    const server = await backend(name);
    backends.push(server);
    const attributes = { name, loadbalancer_id: loadBalancerId, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
    const id = await octavia.createAndSettle('pool', '/pools', attributes, loadBalancerId);
    const members = [{ address: '127.0.0.1', protocol_port: portOf(server) }];
    expect(await octavia.request('PUT', `/pools/${id}/members`, { members })).toMatchObject({ status: 202 });
    await octavia.settled(loadBalancerId);
    return id;
  }

  async function policyWithRule(rule: object): Promise<string> {
    const policy = { listener_id: listenerId, action: 'REDIRECT_TO_POOL', redirect_pool_id: poolId };
    const id = await octavia.createAndSettle('l7policy', '/l7policies', policy, loadBalancerId);
    await octavia.createAndSettle('rule', `/l7policies/${id}/rules`, rule, loadBalancerId);
    return id;
  }

  beforeAll(async () => {
    token = await tokenByPassword(facts, facts.users.member);
    octavia = new OctaviaRequests(facts, token);
    const attributes = { name: 'bed', vip_subnet_id: facts.networks.vips.subnetId };
    loadBalancerId = await octavia.createAndSettle('loadbalancer', '/loadbalancers', attributes);
    const { body } = await octavia.request('GET', `/loadbalancers/${loadBalancerId}`);
    address = String(body.loadbalancer?.vip_address);
    const fallback = await pool('fallback');
    const listener = { loadbalancer_id: loadBalancerId, protocol: 'HTTP', protocol_port: 80 };
    const attributesWithPool = { ...listener, default_pool_id: fallback };
    listenerId = await octavia.createAndSettle('listener', '/listeners', attributesWithPool, loadBalancerId);
    poolId = await pool('chosen');
  });

  afterAll(async () => {
    await octavia.settled(loadBalancerId);
    await octavia.request('DELETE', `/loadbalancers/${loadBalancerId}?cascade=true`);
    await octavia.settled(loadBalancerId);
    for (const server of backends) server.close();
  });

  it('accepts an application credential', async () => {
    const byCredential = new OctaviaRequests(facts, await tokenByApplicationCredential(facts));
    expect(await byCredential.request('GET', `/loadbalancers/${loadBalancerId}`)).toMatchObject({ status: 200 });
  });

  it('gives VIPs of the loopback network', () => {
    expect(address).toMatch(/^127\.100\.\d+\.\d+$/);
  });

  it('routes by Host as a policy says, and everything else to the default pool', async () => {
    const id = await policyWithRule({ type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: 'chosen.example' });
    expect(await get(address, 'chosen.example')).toBe('200 chosen');
    expect(await get(address, 'unknown.example')).toBe('200 fallback');
    expect(await octavia.request('DELETE', `/l7policies/${id}`)).toMatchObject({ status: 204 });
    await octavia.settled(loadBalancerId);
    expect(await get(address, 'chosen.example')).toBe('200 fallback');
  });

  it('refuses a second write while the first is PENDING', async () => {
    const policy = { listener_id: listenerId, action: 'REJECT' };
    const first = await octavia.request('POST', '/l7policies', { l7policy: policy });
    const second = await octavia.request('POST', '/l7policies', { l7policy: policy });
    expect(first).toMatchObject({ status: 201, body: { l7policy: { provisioning_status: 'PENDING_CREATE' } } });
    expect(second).toMatchObject({
      status: 409,
      body: { faultstring: `Load Balancer ${loadBalancerId} is immutable and cannot be updated.` },
    });
    expect(await octavia.settled(loadBalancerId)).toBe('ACTIVE');
  });

  it('puts a rule in ERROR whose regular expression HAProxy refuses, and routes as before', async () => {
    // Octavia checks with Python's `re`, to which this is a set of characters; to HAProxy's PCRE it is an unknown class.
    const policy = { listener_id: listenerId, action: 'REDIRECT_TO_POOL', redirect_pool_id: poolId };
    const id = await octavia.createAndSettle('l7policy', '/l7policies', policy, loadBalancerId);
    const rule = { type: 'PATH', compare_type: 'REGEX', value: '^/[[:unknown:]]$' };
    const ruleId = await octavia.createAndSettle('rule', `/l7policies/${id}/rules`, rule, loadBalancerId);
    const { body } = await octavia.request('GET', `/l7policies/${id}/rules/${ruleId}`);
    expect(body.rule).toMatchObject({ provisioning_status: 'ERROR' });
    expect(await get(address, 'unknown.example')).toBe('200 fallback');
    expect(await octavia.request('DELETE', `/l7policies/${id}`)).toMatchObject({ status: 204 });
    expect(await octavia.settled(loadBalancerId)).toBe('ACTIVE');
  });

  it('forwards a floating IP to the VIP', async () => {
    const neutron = new ServiceRequests(`${facts.endpoints.network}/v2.0`, token);
    const { body } = await octavia.request('GET', `/loadbalancers/${loadBalancerId}`);
    const floatingIp = await neutron.create('floatingip', '/floatingips', {
      floating_network_id: facts.networks.floating.networkId,
      port_id: body.loadbalancer?.vip_port_id,
    });
    try {
      const floatingAddress = String(floatingIp.floating_ip_address);
      expect(floatingAddress).toMatch(/^127\.200\.\d+\.\d+$/);
      expect(await eventually(() => get(floatingAddress, 'unknown.example'))).toBe('200 fallback');
    } finally {
      await neutron.request('DELETE', `/floatingips/${floatingIp.id}`);
    }
  });

  it('tells by its operating status that a member serves', async () => {
    const path = `/loadbalancers/${loadBalancerId}`;
    const online = await eventually(async () => {
      const status = (await octavia.request('GET', path)).body.loadbalancer?.operating_status;
      if (status !== 'ONLINE') throw new Error(`It is ${status}`);
      return status;
    });
    expect(online).toBe('ONLINE');
  });

  it('refuses other projects, and users without a role for load balancers', async () => {
    for (const login of [facts.users.other, facts.users.withoutLoadBalancerRole]) {
      const others = new OctaviaRequests(facts, await tokenByPassword(facts, login));
      expect(await others.request('GET', `/loadbalancers/${loadBalancerId}`)).toMatchObject({ status: 403 });
    }
  });
});
