import { Agent, createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createRouter,
  DEFAULT_OCTAVIA_SETTINGS,
  describeRouter,
  type OctaviaRouter,
  type OctaviaSettings,
  octaviaCapabilities,
  openOctaviaRouter,
} from '@kuryr-l7/driver-octavia';
import type { Cloud } from '@kuryr-l7/openstack';
import {
  type ClientRequest,
  type ClientResponse,
  type ForeignObjects,
  l7RouterConformance,
} from '@kuryr-l7/plugin/conformance';
import { plan } from '@kuryr-l7/router';
import { facts, realCloud } from './real-cloud.fixture.js';

const signal = new AbortController().signal;
const NOT_FOUND_POOL = 'kuryr-l7-not-found';
const CLUSTER = 'conformance';

const agent = new Agent({ keepAlive: true });

let cloud: Cloud;
let notFound: Server;
/** Of the load balancers, which the tests use by turns: the next one is being emptied meanwhile. */
let ids: readonly string[] = [];
/** Those that no test uses, each given when it is empty. */
let waiting: Promise<string>[] = [];
const opened: OctaviaRouter[] = [];
/** Objects of the administrator by the id of their load balancer. */
const foreign = new Map<string, { readonly policy: string; readonly pool: string }>();

function settings(loadBalancerId: string): OctaviaSettings {
  return {
    ...DEFAULT_OCTAVIA_SETTINGS,
    loadBalancerId,
    clusterId: CLUSTER,
    notFoundPool: NOT_FOUND_POOL,
  };
}

async function open(id: string): Promise<OctaviaRouter> {
  const router = await openOctaviaRouter(await realCloud(), settings(id), signal);
  opened.push(router);
  return router;
}

/** Takes everything of this cluster and of the administrator off a load balancer; gives its id. */
async function emptied(id: string): Promise<string> {
  const { policy, pool } = foreign.get(id) ?? {};
  foreign.delete(id);
  if (policy !== undefined && pool !== undefined) {
    await cloud.octavia.l7Policies.delete(policy);
    await active(id);
    await cloud.octavia.pools.delete(pool);
    await active(id);
  }
  const router = await open(id);
  const observed = await router.snapshot({ full: true }, signal);
  for (const change of plan({ listeners: [], pools: [] }, observed, router.capabilities)) {
    await router.apply(change, signal);
  }
  return id;
}

/** A policy of an administrator, with its rule, that leads to a pool with a member; deleted when the load balancer is given back. */
async function addForeignObjects(id: string): Promise<ForeignObjects> {
  const { octavia } = cloud;
  const here = { loadbalancer_id: id };
  const [listener] = await octavia.listeners.list({ ...here, protocol: 'HTTP' });
  const write = async <T>(send: () => Promise<T>): Promise<T> => {
    const written = await send();
    await active(id);
    return written;
  };
  const pool = await write(() =>
    octavia.pools.create({ ...here, name: 'one', protocol: 'HTTP', lb_algorithm: 'SOURCE_IP' }),
  );
  await write(() => octavia.members.replace(pool.id, [{ address: '127.0.0.1', protocol_port: 9 }]));
  const policy = await write(() =>
    octavia.l7Policies.create({
      listener_id: listener?.id ?? '',
      name: 'administrator',
      action: 'REDIRECT_TO_POOL',
      redirect_pool_id: pool.id,
    }),
  );
  await write(() => octavia.l7Rules.create(policy.id, { type: 'PATH', compare_type: 'EQUAL_TO', value: '/admin' }));
  foreign.set(id, { policy: policy.id, pool: pool.id });
  // Octavia tells changes of the load balancer as changes of these, and their health as it is.
  const read = async () => ({
    policy: lasting(await octavia.l7Policies.get(policy.id)),
    rules: (await octavia.l7Rules.list(policy.id)).map(lasting),
    pool: lasting(await octavia.pools.get(pool.id)),
    members: (await octavia.members.list(pool.id)).map(lasting),
  });
  const before = await read();
  return { check: async () => expect(await read()).toEqual(before) };
}

function lasting<T extends object>(object: T): Partial<T> {
  const moving = ['updated_at', 'operating_status', 'position'];
  return Object.fromEntries(Object.entries(object).filter(([name]) => !moving.includes(name))) as Partial<T>;
}

async function active(id: string): Promise<void> {
  while ((await cloud.octavia.loadBalancers.get(id)).provisioning_status !== 'ACTIVE') await delay(100);
}

/** Gives a load balancer back. That it could not be emptied is told by the test that it is given to next. */
function giveBack(id: string): void {
  const empty = emptied(id);
  empty.catch(() => undefined);
  waiting.push(empty);
}

/**
 * Over kept connections. HAProxy closes those that are idle when it is reloaded, so a GET on one is sent once more, as
 * browsers do (RFC 9112, 9.3.1).
 */
function request(address: string, asked: ClientRequest): Promise<ClientResponse> {
  const { method = 'GET', host, path, headers = {}, body } = asked;
  return new Promise((resolve, reject) => {
    const sent = send({ host: address, port: 80, method, path, agent, headers: { host, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (sent.reusedSocket && error.code === 'ECONNRESET' && method === 'GET') resolve(request(address, asked));
      else reject(error);
    });
    sent.end(body);
  });
}

beforeAll(async () => {
  cloud = await realCloud();
  notFound = createServer((_, response) => response.writeHead(404).end('nothing here'));
  await new Promise<void>((resolve) => notFound.listen(0, '127.0.0.1', resolve));
  const { port } = notFound.address() as AddressInfo;
  const made = [1, 2].map((number) =>
    createRouter(
      cloud,
      {
        name: `octavia-driver-${process.pid}-${number}`,
        clusterId: CLUSTER,
        vipSubnet: facts.networks.vips.subnetId,
        notFoundMembers: [{ address: '127.0.0.1', port }],
      },
      signal,
    ),
  );
  ids = (await Promise.all(made)).map(({ id }) => id);
  waiting = ids.map(async (id) => id);
});

afterAll(async () => {
  await Promise.allSettled(waiting);
  for (const router of opened) await router.close();
  for (const id of ids) await cloud.octavia.loadBalancers.delete(id, { cascade: true });
  cloud.close();
  agent.destroy();
  notFound.closeAllConnections();
  await new Promise((resolve) => notFound.close(resolve));
});

l7RouterConformance(
  {
    name: 'octavia',
    capabilities: octaviaCapabilities('not-found'),
    async open() {
      const id = await waiting.shift();
      if (id === undefined) throw new Error('Every load balancer is in use.');
      const router = await open(id);
      const [address] = router.description.addresses;
      return {
        router,
        request: (asked) => request(address?.ip ?? '', asked),
        close: async () => giveBack(id),
      };
    },
    reopen: ({ router }) => open(router.description.id),
    addForeignObjects: ({ router }) => addForeignObjects(router.description.id),
    unmatchedStatus: 404,
    patience: 30_000,
    // At all places on the simulated Octavia.
    interruptions: 3,
    testTimeout: 900_000,
  },
  { describe, it },
);

describe('a router that was made by createRouter', () => {
  it('has its listener and its pool for 404, and nothing is wrong with it', async () => {
    const [id = ''] = await Promise.all(waiting);
    const report = await describeRouter(cloud, id, CLUSTER, signal);
    expect(report).toMatchObject({ state: expect.stringMatching(/^ACTIVE/), provider: 'amphora', problems: [] });
    expect(report.listeners).toMatchObject([{ key: 'HTTP:80', name: 'kuryr-l7-http-80' }]);
    expect(report.pools.others).toHaveLength(1);
  });
});
