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

const agent = new Agent({ keepAlive: true });

let cloud: Cloud;
let notFound: Server;
let id: string;

function settings(clusterId = 'conformance'): OctaviaSettings {
  return {
    loadBalancerId: id,
    clusterId,
    httpPort: 80,
    httpsPort: 443,
    notFoundPool: NOT_FOUND_POOL,
    pendingTimeout: 60_000,
    listener: DEFAULT_LISTENER_SETTINGS,
    pool: DEFAULT_POOL_SETTINGS,
  };
}

async function open(clusterId?: string): Promise<OctaviaRouter> {
  return openOctaviaRouter(await realCloud(), settings(clusterId), signal);
}

/** Takes everything of this cluster off the load balancer. */
async function empty(router: OctaviaRouter): Promise<void> {
  const observed = await router.snapshot({ full: true }, signal);
  for (const change of plan({ listeners: [], pools: [] }, observed, router.capabilities)) {
    await router.apply(change, signal);
  }
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
  const made = await createRouter(
    cloud,
    {
      name: `octavia-driver-${process.pid}`,
      clusterId: 'conformance',
      vipSubnet: facts.networks.vips.subnetId,
      notFoundMembers: [{ address: '127.0.0.1', port: (notFound.address() as AddressInfo).port }],
    },
    signal,
  );
  id = made.id;
});

afterAll(async () => {
  await cloud.octavia.loadBalancers.delete(id, { cascade: true });
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
      const router = await open();
      await empty(router);
      const [address] = router.description.addresses;
      return {
        router,
        request: (asked) => request(address?.ip ?? '', asked),
        close: () => router.close(),
      };
    },
    reopen: () => open(),
    unmatchedStatus: 404,
    patience: 5_000,
    testTimeout: 900_000,
  },
  { describe, it },
);

describe('a router that was made by createRouter', () => {
  it('has its listener and its pool for 404, and nothing is wrong with it', async () => {
    const report = await describeRouter(cloud, id, 'conformance', signal);
    expect(report).toMatchObject({ state: expect.stringMatching(/^ACTIVE/), provider: 'amphora', problems: [] });
    expect(report.listeners).toMatchObject([{ key: 'HTTP:80', name: 'kuryr-l7-http-80' }]);
    expect(report.pools.others).toBe(1);
  });
});
