import { type Clock, type Logger, SILENT_LOGGER, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import {
  type Cloud,
  hasL7,
  type LoadBalancer,
  type LoadBalancerCreate,
  type NeutronClient,
  type PollingPace,
  ROUTER_TAG,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import { ConfigurationError, RouterUnavailableError } from '@kuryr-l7/plugin';
import { externalNetwork, routerAddress } from '../address/router-addresses.js';
import { asRouterError } from '../cloud-errors.js';
import { inWords, titleOf } from '../load-balancer/describe-load-balancer.js';
import { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import { Ownership } from '../ownership/ownership.js';
import { DEFAULT_LISTENER_SETTINGS, type ListenerSettings, listenerFields } from '../settings.js';

const NOT_FOUND_POOL = 'kuryr-l7-not-found';
/** Milliseconds. An amphora boots in one to three minutes. */
const PENDING_TIMEOUT = 300_000;

export interface CreateRouterOptions {
  /** Name of the load balancer. @default 'kuryr-l7-router' */
  readonly name?: string;
  /** `[ingress] cluster_id`; the listener is tagged with it. */
  readonly clusterId: string;
  /** Name or id of the subnet of the VIP, or of its network. One of them is needed. */
  readonly vipSubnet?: string;
  readonly vipNetwork?: string;
  /** Address of the VIP. @default one that Neutron chooses */
  readonly vipAddress?: string;
  /** @default 'amphora' */
  readonly provider?: string;
  readonly flavor?: string;
  readonly availabilityZone?: string;
  /** Port of the HTTP listener; where given, the lines for kuryr.conf say it. @default 80 */
  readonly httpPort?: number;
  readonly listener?: ListenerSettings;
  /** Servers that answer 404; a pool of them is the default of the listener. @default none */
  readonly notFoundMembers?: readonly { readonly address: string; readonly port: number }[];
  /** Name or id of the external network to take a floating IP from. @default none is taken */
  readonly floatingNetwork?: string;
  /** Milliseconds that the load balancer may be PENDING. @default 300_000 */
  readonly pendingTimeout?: number;
  /** Told what goes on, in sentences. */
  readonly progress?: (message: string) => void;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** How often is asked whether it is ACTIVE. */
  readonly pace?: PollingPace;
}

export interface CreatedRouter {
  readonly id: string;
  readonly name: string;
  /** Where clients reach it. */
  readonly address: string;
  readonly vipAddress: string;
  /** Lines for kuryr.conf. */
  readonly configuration: string;
}

/**
 * Makes a load balancer that can be the L7 router, with its HTTP listener and, where servers for it are given, a pool that
 * answers 404: all in one fully populated request. Waits until every part is ACTIVE.
 *
 * @throws ConfigurationError, RouterRefusedError (quota), RouterUnavailableError
 */
export async function createRouter(
  cloud: Cloud,
  options: CreateRouterOptions,
  signal: AbortSignal,
): Promise<CreatedRouter> {
  const { progress = () => undefined, clock = SYSTEM_CLOCK, logger = SILENT_LOGGER } = options;
  const request = await asked(routerRequest(cloud, options, signal), 'prepare the L7 router');
  progress(`Making load balancer ${request.name}.`);
  const start = clock.now();
  const { id } = await asked(makeOnce(cloud, request, signal), `create load balancer ${request.name}`);
  progress(`It is ${id}; waiting until it is ACTIVE.`);
  const loadBalancer = new LockedLoadBalancer({
    octavia: cloud.octavia,
    id,
    clock,
    logger,
    pendingTimeout: options.pendingTimeout ?? PENDING_TIMEOUT,
    ...(options.pace !== undefined && { pace: options.pace }),
  });
  const router = await loadBalancer.whenActive(signal, 'create load balancer');
  progress(`It is ACTIVE after ${inWords(clock.now() - start)}, at ${router.vip_address}.`);
  const notFoundPool = await checkChildren(cloud, router, signal);
  const address = await routerAddress(
    cloud.neutron,
    router,
    { network: options.floatingNetwork, clusterTag: new Ownership(options.clusterId).clusterTag, logger },
    signal,
  );
  if (address !== router.vip_address) progress(`Its floating IP is ${address}.`);
  const octavia = [
    ...(options.httpPort === undefined ? [] : [`http_port = ${options.httpPort}`]),
    ...(notFoundPool === undefined ? [] : [`not_found_pool = ${notFoundPool}`]),
  ];
  return {
    id,
    name: router.name,
    address,
    vipAddress: router.vip_address,
    configuration: [
      '[kubernetes]',
      'l7_router_driver = octavia',
      '[ingress]',
      `l7_router_uuid = ${id}`,
      ...(octavia.length === 0 ? [] : ['[octavia]', ...octavia]),
      '',
    ].join('\n'),
  };
}

async function routerRequest(
  { neutron }: Cloud,
  options: CreateRouterOptions,
  signal: AbortSignal,
): Promise<LoadBalancerCreate & { readonly name: string }> {
  const { name = 'kuryr-l7-router', provider = 'amphora', httpPort = 80, notFoundMembers = [] } = options;
  refuseProvider(provider);
  if (options.floatingNetwork !== undefined) {
    await externalNetwork(neutron, options.floatingNetwork, { signal }, 'Floating network');
  }
  const listener = listenerFields(options.listener ?? DEFAULT_LISTENER_SETTINGS, 'HTTP');
  const members = notFoundMembers.map(({ address, port }) => ({ address, protocol_port: port }));
  return {
    name,
    description: 'L7 router of Kuryr',
    tags: [ROUTER_TAG],
    provider,
    ...(await vip(neutron, options, signal)),
    ...(options.vipAddress !== undefined && { vip_address: options.vipAddress }),
    ...(options.flavor !== undefined && { flavor_id: options.flavor }),
    ...(options.availabilityZone !== undefined && { availability_zone: options.availabilityZone }),
    listeners: [
      {
        ...listener,
        name: `kuryr-l7-http-${httpPort}`,
        tags: [new Ownership(options.clusterId).clusterTag],
        protocol: 'HTTP',
        protocol_port: httpPort,
        ...(members.length > 0 && { default_pool: { name: NOT_FOUND_POOL } }),
      },
    ],
    pools:
      members.length === 0
        ? []
        : [{ name: NOT_FOUND_POOL, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN', tags: [ROUTER_TAG], members }],
  };
}

function refuseProvider(provider: string): void {
  if (hasL7(provider)) return;
  throw new ConfigurationError(
    `--provider ${provider}: it has no L7 policies and no HTTP listeners. Leave --provider out, and the load balancer is made by amphora`,
  );
}

async function vip(
  neutron: NeutronClient,
  { vipSubnet, vipNetwork }: CreateRouterOptions,
  signal: AbortSignal,
): Promise<Pick<LoadBalancerCreate, 'vip_subnet_id' | 'vip_network_id'>> {
  if (vipSubnet !== undefined) {
    return { vip_subnet_id: onlyOne('subnet', vipSubnet, await neutron.subnets.list({}, { signal })) };
  }
  if (vipNetwork !== undefined) {
    return { vip_network_id: onlyOne('network', vipNetwork, await neutron.networks.list({}, { signal })) };
  }
  throw new ConfigurationError(
    'The L7 router needs a VIP: name the subnet (--vip-subnet) or the network (--vip-network) that it shall be in.',
  );
}

function onlyOne(
  kind: string,
  nameOrId: string,
  all: readonly { readonly id: string; readonly name: string }[],
): string {
  const fitting = all.filter(({ id, name }) => id === nameOrId || name === nameOrId);
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first.id;
  throw new ConfigurationError(
    first === undefined
      ? `There is no ${kind} ${nameOrId} (there are: ${all.map(({ name, id }) => name || id).join(', ') || 'none'}).`
      : `Several ${kind}s are called ${nameOrId}; give the id.`,
  );
}

/** One that is there with that name is not made twice, nor is one whose creation got no answer. */
async function makeOnce(
  { octavia }: Cloud,
  request: LoadBalancerCreate & { readonly name: string },
  signal: AbortSignal,
): Promise<LoadBalancer> {
  const find = async (): Promise<LoadBalancer | undefined> =>
    (await octavia.loadBalancers.list({ name: request.name }, { signal })).at(0);
  const there = await find();
  if (there !== undefined) {
    throw new ConfigurationError(
      `${titleOf(there)} is there already, in ${there.provisioning_status}: use it (l7_router_uuid = ${there.id}), or give another name`,
    );
  }
  try {
    return await octavia.loadBalancers.create(request, { signal });
  } catch (error) {
    const made = error instanceof UnknownOutcomeError ? await find() : undefined;
    if (made === undefined) throw error;
    return made;
  }
}

/**
 * Octavia before 12.0.0 leaves the children of a fully populated load balancer in PENDING_CREATE for ever (measured).
 * Answers the id of the pool for 404.
 */
async function checkChildren(
  { octavia }: Cloud,
  router: LoadBalancer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const here = { loadbalancer_id: router.id };
  const listeners = await asked(octavia.listeners.list(here, { signal }), `read ${titleOf(router)}`);
  const pools = await asked(octavia.pools.list(here, { signal }), `read ${titleOf(router)}`);
  const bad = [...listeners, ...pools].find(({ provisioning_status }) => provisioning_status !== 'ACTIVE');
  if (bad !== undefined) {
    throw new RouterUnavailableError(
      `${titleOf(router)} is ACTIVE and its ${bad.name} (${bad.id}) stays in ${bad.provisioning_status}, as with Octavia before 12.0.0: delete it (openstack loadbalancer delete --cascade ${router.id}), and make a plain load balancer (openstack loadbalancer create); its listener is made when it is first used`,
    );
  }
  return pools.find(({ name }) => name === NOT_FOUND_POOL)?.id;
}

async function asked<T>(answer: Promise<T>, doing: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asRouterError(error, doing);
  }
}
