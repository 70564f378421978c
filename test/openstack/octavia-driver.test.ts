import { Agent, createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createRouter,
  DEFAULT_LISTENER_SETTINGS,
  DEFAULT_POOL_SETTINGS,
  describeRouter,
  type OctaviaRouter,
  type OctaviaSettings,
  octaviaCapabilities,
  openOctaviaRouter,
} from '@kuryr-l7/driver-octavia';
import type { Cloud } from '@kuryr-l7/openstack';
import { type ClientRequest, type ClientResponse, l7RouterConformance } from '@kuryr-l7/plugin/conformance';
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

function settings(loadBalancerId: string): OctaviaSettings {
  return {
    loadBalancerId,
    clusterId: CLUSTER,
    httpPort: 80,
    httpsPort: 443,
    notFoundPool: NOT_FOUND_POOL,
    pendingTimeout: 60_000,
    listener: DEFAULT_LISTENER_SETTINGS,
    pool: DEFAULT_POOL_SETTINGS,
  };
}

async function open(id: string): Promise<OctaviaRouter> {
  const router = await openOctaviaRouter(await realCloud(), settings(id), signal);
  opened.push(router);
  return router;
}

/** Takes everything of this cluster off a load balancer; gives its id. */
async function emptied(id: string): Promise<string> {
  const router = await open(id);
  const observed = await router.snapshot({ full: true }, signal);
  for (const change of plan({ listeners: [], pools: [] }, observed, router.capabilities)) {
    await router.apply(change, signal);
  }
  return id;
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
    capabilities: octaviaCapabilities(NOT_FOUND_POOL),
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
    unmatchedStatus: 404,
    patience: 5_000,
    // At all places on the simulated Octavia.
    interruptions: 4,
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
    expect(report.pools.others).toBe(1);
  });
});
