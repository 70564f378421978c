import { randomUUID } from 'node:crypto';
import { Barbican } from './barbican/barbican.js';
import { SYSTEM_CLOCK, timestamp } from './clock.js';
import { makeIdentity, makeNetworks } from './cloud-content.js';
import type { Login, OpenStackFacts } from './facts.js';
import { ApiServer } from './http/api-server.js';
import { catalogService } from './keystone/catalog.js';
import { Identity } from './keystone/identity.js';
import { Keystone } from './keystone/keystone.js';
import { Neutron } from './neutron/neutron.js';
import { VipPorts } from './neutron/vip-ports.js';
import { LATEST_MINOR_VERSION } from './octavia/discovery-api.js';
import { Octavia } from './octavia/octavia.js';
import { constantTiming } from './octavia/write-timing.js';
import type { OpenStackSimulatorOptions } from './simulator-options.js';

/** A cloud in this process. Each service tells its state, what it was asked, and takes orders to fail. */
export interface OpenStackSimulator {
  /** Keystone, with `/v3`. */
  readonly authUrl: string;
  /** The ordinary user: may do everything in his project. */
  readonly credentials: Login;
  readonly facts: OpenStackFacts;
  readonly keystone: Keystone;
  readonly octavia: Octavia;
  readonly neutron: Neutron;
  readonly barbican: Barbican;
  /** Ends everything at once; writes under way are not done. */
  close(): Promise<void>;
}

const DAY_SECONDS = 86400;
const DEFAULT_WRITE_MILLISECONDS = 5;

/**
 * Starts a simulated OpenStack on a free port of 127.0.0.1: Keystone, Octavia, and what it needs of Neutron and
 * Barbican. It behaves as a real one does: the same recorded expectations run against both.
 *
 * ```ts
 * const cloud = await startOpenStackSimulator();
 * cloud.octavia.interference.fail({ answer: 503, moment: 'after' }); // the next write takes effect and fails
 * cloud.octavia.hold(loadBalancerId); // Octavia's worker is down
 * console.log(cloud.octavia.traffic.writes, cloud.octavia.lockedSeconds());
 * await cloud.close();
 * ```
 */
export async function startOpenStackSimulator(options: OpenStackSimulatorOptions = {}): Promise<OpenStackSimulator> {
  const { clock = SYSTEM_CLOCK, region = 'RegionOne', tokenLifetimeSeconds = DAY_SECONDS } = options;
  const identity = new Identity(clock, tokenLifetimeSeconds * 1000);
  const keystone = new Keystone(identity);
  const routerId = randomUUID();
  const neutron = new Neutron(clock, routerId);
  const barbican = new Barbican(clock);
  const octavia = new Octavia({
    clock,
    timing: options.timing ?? constantTiming(DEFAULT_WRITE_MILLISECONDS),
    latestMinorVersion: options.octaviaMinorVersion ?? LATEST_MINOR_VERSION,
    network: new VipPorts(neutron.state, () => `${timestamp(clock.now())}Z`),
    certificates: barbican,
    dataPlane: options.dataPlane,
  });
  const server = new ApiServer([keystone, octavia, neutron, barbican], (token) => identity.authenticate(token), clock);
  const url = await server.listen();
  const { users, applicationCredential } = makeIdentity(identity);
  const endpoints = {
    identity: `${url}${keystone.prefix}/v3`,
    network: `${url}${neutron.prefix}`,
    keyManager: `${url}${barbican.prefix}`,
    loadBalancer: `${url}${octavia.prefix}`,
  };
  keystone.catalog = [
    catalogService('identity', 'keystone', region, endpoints.identity),
    catalogService('network', 'neutron', region, endpoints.network),
    catalogService('key-manager', 'barbican', region, endpoints.keyManager),
    catalogService('load-balancer', 'octavia', region, endpoints.loadBalancer),
  ];
  const networks = makeNetworks(neutron, users);
  return {
    authUrl: endpoints.identity,
    credentials: users.member,
    facts: { authUrl: endpoints.identity, region, endpoints, users, applicationCredential, networks, routerId },
    keystone,
    octavia,
    neutron,
    barbican,
    async close() {
      octavia.worker.close();
      await server.close();
    },
  };
}
