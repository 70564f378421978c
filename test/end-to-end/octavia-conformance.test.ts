import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalRouter, type LocalRouter } from '@kuryr-l7/driver-local';
import {
  createRouter,
  DEFAULT_OCTAVIA_SETTINGS,
  octaviaCapabilities,
  openOctaviaRouter,
  PollingPace,
} from '@kuryr-l7/driver-octavia';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { L7Router } from '@kuryr-l7/plugin';
import {
  type ClientRequest,
  type ClientResponse,
  type ForeignObjects,
  l7RouterConformance,
} from '@kuryr-l7/plugin/conformance';
import type { Router } from '@kuryr-l7/router';

const signal = new AbortController().signal;
const pace = new PollingPace({ shortest: 1, firstGuess: 2 });

let simulator: OpenStackSimulator;
/** Carries the requests of the one load balancer that a test uses. */
let carrier: LocalRouter | undefined;

function cloudOf({ facts }: OpenStackSimulator): Promise<Cloud> {
  return openCloud(cloudSettings(facts));
}

async function open(loadBalancerId: string): Promise<L7Router> {
  const settings = {
    ...DEFAULT_OCTAVIA_SETTINGS,
    loadBalancerId,
    clusterId: 'conformance',
    pendingTimeout: 5_000,
  };
  return openOctaviaRouter(await cloudOf(simulator), settings, signal, { pace });
}

/** A policy and a pool that an administrator has made. */
async function foreignObjects(loadBalancerId: string): Promise<ForeignObjects> {
  const { octavia } = await cloudOf(simulator);
  const here = { loadbalancer_id: loadBalancerId };
  const [listener] = await octavia.listeners.list(here);
  const pool = await octavia.pools.create({ ...here, name: 'one', protocol: 'HTTP', lb_algorithm: 'SOURCE_IP' });
  await simulator.octavia.idle();
  const policy = await octavia.l7Policies.create({
    listener_id: listener?.id ?? '',
    action: 'REDIRECT_TO_POOL',
    redirect_pool_id: pool.id,
  });
  await simulator.octavia.idle();
  await octavia.l7Rules.create(policy.id, { type: 'PATH', compare_type: 'EQUAL_TO', value: '/admin' });
  await simulator.octavia.idle();
  const read = async () => {
    const { updated_at: _when, position: _where, ...rest } = await octavia.l7Policies.get(policy.id);
    const { updated_at: _then, ...wholePool } = await octavia.pools.get(pool.id);
    return { rest, wholePool, rules: await octavia.l7Rules.list(policy.id) };
  };
  const before = await read();
  return { check: async () => expect(await read()).toEqual(before) };
}

/** What Octavia would render, on the one listener that the carrier has. */
async function carry({ listeners, pools }: Router): Promise<void> {
  const [identity] = carrier?.description.listeners ?? [];
  const [http] = listeners;
  if (carrier === undefined || identity === undefined) return;
  await carrier.replace({ listeners: [{ ...identity, policies: http?.policies ?? [] }], pools }, signal);
}

/** Requests go to where the carrier listens, which is not where the simulated VIP is. */
function request(
  port: number,
  { method = 'GET', host, path, headers = {}, body }: ClientRequest,
): Promise<ClientResponse> {
  return new Promise((resolve, reject) => {
    const sent = send({ host: '127.0.0.1', port, method, path, headers: { host, ...headers } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { statusCode: status = 0, headers: received } = response;
      resolve({ status, headers: received, body: Buffer.concat(chunks).toString() });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

beforeAll(async () => {
  simulator = await startOpenStackSimulator({
    timing: () => 0,
    dataPlane: { apply: (_loadBalancer, router) => carry(router) },
  });
});
afterAll(() => simulator.close());

l7RouterConformance(
  {
    name: 'octavia on a simulated cloud',
    capabilities: octaviaCapabilities(),
    async open() {
      const local = await createLocalRouter({ httpPort: 0 });
      carrier = local;
      const [listener] = local.description.listeners;
      const cloud = await cloudOf(simulator);
      const { subnetId } = simulator.facts.networks.vips;
      const made = await createRouter(
        cloud,
        { name: `conformance-${local.description.id}`, clusterId: 'conformance', vipSubnet: subnetId, pace },
        signal,
      );
      const router = await open(made.id);
      return {
        router,
        request: (asked) => request(listener?.port ?? 0, asked),
        async close() {
          carrier = undefined;
          await router.close();
          await cloud.octavia.loadBalancers.delete(made.id, { cascade: true });
          await simulator.octavia.idle();
          cloud.close();
          await local.close();
        },
      };
    },
    reopen: ({ router }) => open(router.description.id),
    addForeignObjects: ({ router }) => foreignObjects(router.description.id),
    unmatchedStatus: 503,
  },
  { describe, it },
);
