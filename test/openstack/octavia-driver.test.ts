import { createServer, type Server } from 'node:http';
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
import { l7RouterConformance } from '@kuryr-l7/plugin/conformance';
import { plan } from '@kuryr-l7/router';
import { facts, realCloud } from './real-cloud.fixture.js';

const signal = new AbortController().signal;
const NOT_FOUND_POOL = 'kuryr-l7-not-found';

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
      return { router, close: () => router.close() };
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
