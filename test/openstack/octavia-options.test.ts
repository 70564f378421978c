/** Every option of listeners and pools in kuryr.conf, on a real Octavia: what it is told, and what its HAProxy does. */
import { request as send } from 'node:http';
import { request as sendOverTls } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { connect, createServer as createTlsServer, type SecureVersion, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createRouter,
  DEFAULT_LISTENER_SETTINGS,
  DEFAULT_OCTAVIA_SETTINGS,
  DEFAULT_POOL_SETTINGS,
  type ListenerSettings,
  type OctaviaRouter,
  type OctaviaSettings,
  openOctaviaRouter,
  type PoolSettings,
} from '@kuryr-l7/driver-octavia';
import type { Cloud } from '@kuryr-l7/openstack';
import { everyPathRule, plan, type Router } from '@kuryr-l7/router';
import { Gateway } from './gateway.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';
import { selfSigned } from './self-signed.fixture.js';

const signal = new AbortController().signal;
const CLUSTER = 'options';
const SOURCE = { kind: 'Ingress', namespace: 'shop', name: 'web' };
const PROXY_V2 = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

const LISTENER: ListenerSettings = {
  timeoutClientData: 61_000,
  timeoutMemberConnect: 6_000,
  timeoutMemberData: 62_000,
  insertHeaders: ['X-Forwarded-For', 'X-Forwarded-Port'],
  allowedCidrs: ['127.0.0.0/8', '10.0.0.0/8'],
  connectionLimit: 1_000,
  tlsVersions: ['TLSv1.2'],
  tlsCiphers: 'ECDHE-RSA-AES256-GCM-SHA384',
  alpnProtocols: ['http/1.1'],
  hstsMaxAge: 600,
  hstsIncludeSubdomains: true,
  hstsPreload: true,
};

/** Of the load balancing endpoint. */
let gateway: Gateway;
let cloud: Cloud;
let id: string;
let address: string;
const opened: OctaviaRouter[] = [];
const servers: Server[] = [];

function throughGateway(): Promise<Cloud> {
  return realCloud(facts.users.member, { 'load-balancer': gateway.url });
}

async function open(listener: ListenerSettings, pool: PoolSettings): Promise<OctaviaRouter> {
  const settings: OctaviaSettings = {
    ...DEFAULT_OCTAVIA_SETTINGS,
    loadBalancerId: id,
    clusterId: CLUSTER,
    listener,
    pool,
  };
  const router = await openOctaviaRouter(await throughGateway(), settings, signal);
  opened.push(router);
  return router;
}

/** Opens the router with these settings of pools and sends every request to these members. */
async function route(pool: PoolSettings, ...members: readonly Server[]): Promise<void> {
  const router = await open(LISTENER, pool);
  const policies = [
    {
      key: 'any',
      action: 'REDIRECT_TO_POOL',
      redirectPool: 'web',
      enabled: true,
      rules: [everyPathRule()],
      source: SOURCE,
    },
  ] as const;
  const wanted: Router = {
    listeners: router.description.listeners.map((listener) => ({ ...listener, policies })),
    pools: [
      {
        name: 'web',
        protocol: 'HTTP',
        lbAlgorithm: 'ROUND_ROBIN',
        ...router.capabilities.poolDefaults,
        members: members.map((server) => ({ address: '127.0.0.1', port: portOf(server), weight: 1, backup: false })),
        source: SOURCE,
      },
    ],
  };
  const observed = await router.snapshot({ full: true }, signal);
  for (const change of plan(wanted, observed, router.capabilities)) await router.apply(change, signal);
}

/** Opens the router once more, as it is: no write may come of it. */
async function expectNoWrite(listener: ListenerSettings, pool: PoolSettings): Promise<void> {
  const before = [...gateway.writes];
  await open(listener, pool);
  expect(gateway.writes).toEqual(before);
}

async function listening<T extends Server>(server: T): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Answers each connection with what it makes of the first bytes, and closes it. */
function answering(answer: (first: Buffer, socket: Socket) => string): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      const body = answer(first, socket);
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly cookie: string | undefined;
}

function get(cookie = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = send({ host: address, port: 80, agent: false, headers: { cookie } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const [setCookie] = response.headers['set-cookie'] ?? [];
      resolve({
        status: response.statusCode,
        body: Buffer.concat(chunks).toString(),
        cookie: setCookie?.split(';')[0],
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function pool() {
  const pools = await cloud.octavia.pools.list({ loadbalancer_id: id });
  expect(pools).toHaveLength(1);
  return pools[0];
}

beforeAll(async () => {
  gateway = await Gateway.to(facts.endpoints.loadBalancer);
  cloud = await realCloud();
  const vipSubnet = facts.networks.vips.subnetId;
  const name = `octavia-options-${process.pid}`;
  ({ id, address } = await createRouter(cloud, { name, clusterId: CLUSTER, vipSubnet }, signal));
});

afterAll(async () => {
  for (const router of opened) await router.close();
  await cloud.octavia.loadBalancers.delete(id, { cascade: true });
  for (const secret of await cloud.barbican.secrets.list()) {
    if (secret.name.startsWith(`kuryr-cluster=${CLUSTER} `)) await cloud.barbican.secrets.delete(secret.secret_ref);
  }
  cloud.close();
  for (const server of servers) server.close();
  await gateway.close();
});

describe('options of listeners', () => {
  it('reach a listener that is there, with one write for it, and then none', async () => {
    await open(LISTENER, DEFAULT_POOL_SETTINGS);
    const [listener] = await cloud.octavia.listeners.list({ loadbalancer_id: id });
    expect(listener).toMatchObject({
      timeout_client_data: 61_000,
      timeout_member_connect: 6_000,
      timeout_member_data: 62_000,
      insert_headers: { 'X-Forwarded-For': 'true', 'X-Forwarded-Port': 'true' },
      allowed_cidrs: expect.arrayContaining(['10.0.0.0/8', '127.0.0.0/8']),
      connection_limit: 1_000,
    });
    await expectNoWrite(LISTENER, DEFAULT_POOL_SETTINGS);
  });

  it('hold for TLS: versions, ciphers, ALPN and HSTS', async () => {
    const router = await open(LISTENER, DEFAULT_POOL_SETTINGS);
    await router.setCertificates({ default: selfSigned('a.example') }, signal);
    const shake = (maxVersion: SecureVersion, minVersion: SecureVersion) =>
      new Promise<TLSSocket>((resolve, reject) => {
        const terms = { minVersion, maxVersion, ALPNProtocols: ['h2', 'http/1.1'], rejectUnauthorized: false };
        const socket = connect({ host: address, port: 443, ...terms }, () => resolve(socket));
        socket.once('error', reject);
      });
    const socket = await shake('TLSv1.3', 'TLSv1.2');
    expect(socket.getProtocol()).toBe('TLSv1.2');
    expect(socket.getCipher().name).toBe('ECDHE-RSA-AES256-GCM-SHA384');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
    await expect(shake('TLSv1.3', 'TLSv1.3')).rejects.toThrow();
    const [listener] = await cloud.octavia.listeners.list({ loadbalancer_id: id, protocol: 'TERMINATED_HTTPS' });
    expect(listener).toMatchObject({ hsts_max_age: 600, hsts_include_subdomains: true, hsts_preload: true });
    await expectNoWrite(LISTENER, DEFAULT_POOL_SETTINGS);
  });

  it('go back to what they are without', async () => {
    await open({ ...DEFAULT_LISTENER_SETTINGS, allowedCidrs: [] }, DEFAULT_POOL_SETTINGS);
    const [listener] = await cloud.octavia.listeners.list({ loadbalancer_id: id, protocol: 'HTTP' });
    expect(listener).toMatchObject({ allowed_cidrs: [], connection_limit: -1 });
    await expectNoWrite(DEFAULT_LISTENER_SETTINGS, DEFAULT_POOL_SETTINGS);
  });
});

describe('options of pools', () => {
  it('tell members the client in the PROXY protocol, in either version: the pool is made anew', async () => {
    const isV2 = (first: Buffer) => first.subarray(0, PROXY_V2.length).equals(PROXY_V2);
    const member = await listening(
      createServer(answering((first) => (isV2(first) ? 'PROXYV2' : String(first.toString().split(' ')[0])))),
    );
    await route({ protocol: 'PROXY' }, member);
    expect(await get()).toMatchObject({ status: 200, body: 'PROXY' });
    await route({ protocol: 'PROXYV2' }, member);
    expect(await get()).toMatchObject({ status: 200, body: 'PROXYV2' });
    await route({ protocol: 'HTTP' }, member);
    expect(await get()).toMatchObject({ status: 200, body: 'GET' });
    expect(await pool()).toMatchObject({ protocol: 'HTTP' });
  });

  it('leave HSTS to the listener, which adds it to what a member answers', async () => {
    await route(DEFAULT_POOL_SETTINGS, await listening(createServer(answering(() => 'a member'))));
    const hsts = await new Promise((resolve, reject) => {
      const sent = sendOverTls({ host: address, rejectUnauthorized: false, agent: false }, (response) => {
        response.resume();
        resolve(response.headers['strict-transport-security']);
      });
      sent.once('error', reject).end();
    });
    expect(hsts).toMatch(/^max-age=600;.*includeSubDomains;.*preload/);
  });

  it('encrypt towards members again, with versions, ciphers and ALPN', async () => {
    const { certificate: cert, key } = selfSigned('member.example');
    const described = (_: Buffer, socket: Socket) => {
      if (!(socket instanceof TLSSocket)) return 'not encrypted';
      return [socket.getProtocol(), socket.getCipher().name, socket.alpnProtocol].join(' ');
    };
    const member = await listening(createTlsServer({ cert, key, ALPNProtocols: ['http/1.1'] }, answering(described)));
    const versions = ['TLSv1.2'];
    const tls = { versions, ciphers: 'ECDHE-RSA-AES256-GCM-SHA384', alpnProtocols: ['http/1.1'] };
    await route({ protocol: 'HTTP', tls }, member);
    expect(await get()).toMatchObject({ status: 200, body: 'TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 http/1.1' });
    const store = (payload: string) =>
      cloud.barbican.secrets.create({ name: `kuryr-cluster=${CLUSTER} CA`, secret_type: 'opaque', payload });
    await route({ protocol: 'HTTP', tls: { ...tls, caRef: await store(cert) } }, member);
    expect(await get()).toMatchObject({ status: 200 });
    await route({ protocol: 'HTTP', tls: { ...tls, caRef: await store(selfSigned('other').certificate) } }, member);
    expect(await get()).toMatchObject({ status: 503 });
  });

  it('say how members are chosen, and check them: one that is not well gets nothing', async () => {
    const well = await listening(createServer(answering(() => 'well')));
    const ill = await listening(createServer((socket) => socket.on('error', () => undefined).destroy()));
    const healthMonitor = { type: 'HTTP', delay: 1, timeout: 1, maxRetries: 1, maxRetriesDown: 1 } as const;
    const pools: PoolSettings = {
      protocol: 'HTTP',
      lbAlgorithm: 'LEAST_CONNECTIONS',
      healthMonitor: { ...healthMonitor, urlPath: '/healthz' },
    };
    await route(pools, well, ill);
    const { lb_algorithm, healthmonitor_id } = (await pool()) ?? {};
    expect(lb_algorithm).toBe('LEAST_CONNECTIONS');
    expect(await cloud.octavia.healthMonitors.get(healthmonitor_id ?? '')).toMatchObject({
      type: 'HTTP',
      url_path: '/healthz',
      expected_codes: '200',
    });
    let good = 0;
    while (good < 10) good = (await get()).body === 'well' ? good + 1 : 0;

    await route({ protocol: 'HTTP', lbAlgorithm: 'SOURCE_IP' }, well);
    expect(await pool()).toMatchObject({ lb_algorithm: 'SOURCE_IP', healthmonitor_id: null });
    await route(DEFAULT_POOL_SETTINGS, well);
    expect(await pool()).toMatchObject({ lb_algorithm: 'ROUND_ROBIN' });
  });

  it('keep a client with a member, in any of the three ways', async () => {
    const members = [
      await listening(createServer(answering(() => 'one'))),
      await listening(createServer(answering(() => 'two'))),
    ];
    await route({ protocol: 'HTTP', sessionPersistence: { type: 'HTTP_COOKIE' } }, ...members);
    const { body, cookie } = await get();
    for (let request = 0; request < 4; request += 1) expect(await get(cookie)).toMatchObject({ status: 200, body });
    await expectNoWrite(LISTENER, { protocol: 'HTTP', sessionPersistence: { type: 'HTTP_COOKIE' } });

    const byApplication = { type: 'APP_COOKIE', cookieName: 'JSESSIONID' } as const;
    await route({ protocol: 'HTTP', sessionPersistence: byApplication }, ...members);
    expect(await pool()).toMatchObject({ session_persistence: { type: 'APP_COOKIE', cookie_name: 'JSESSIONID' } });

    await route({ protocol: 'HTTP', sessionPersistence: { type: 'SOURCE_IP' } }, ...members);
    const same = await get();
    for (let request = 0; request < 4; request += 1)
      expect(await get()).toMatchObject({ status: 200, body: same.body });

    await route(DEFAULT_POOL_SETTINGS, ...members);
    expect(await pool()).toMatchObject({ session_persistence: null });
  });
});
