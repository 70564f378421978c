import { type Logger, SILENT_LOGGER } from '@kuryr-l7/kube';
import {
  ConflictError,
  type FloatingIp,
  type LoadBalancer,
  type NeutronClient,
  ROUTER_TAG,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';
import { titleOf } from '../load-balancer/describe-load-balancer.js';

/** A floating IP that may be taken. */
export interface FloatingIpTerms {
  /** Name or id of the network to take it from where the VIP has none; absent: none is taken. */
  readonly network: string | undefined;
  /** Of the cluster that it is taken for; it is also given {@link ROUTER_TAG}. */
  readonly clusterTag: string;
  readonly logger?: Logger;
}

/**
 * Where clients reach the router: the floating IP of its VIP's port, else the VIP.
 *
 * @param terms absent: none is taken
 * @throws ConfigurationError, RouterRefusedError (quota), TemporaryRouterError
 */
export async function routerAddress(
  neutron: NeutronClient,
  router: LoadBalancer,
  terms?: FloatingIpTerms,
  signal?: AbortSignal,
): Promise<string> {
  const options = signal === undefined ? {} : { signal };
  try {
    const there = await floatingIpOf(neutron, router, options);
    if (terms?.network === undefined) return there?.floating_ip_address ?? router.vip_address;
    if (there !== undefined) return await tagged(neutron, router, there, terms);
    const network = await externalNetwork(neutron, terms.network, options);
    return await tagged(neutron, router, await takeFloatingIp(neutron, router, network, terms), terms);
  } catch (error) {
    throw asRouterError(error, `find the floating IP of ${titleOf(router)}`);
  }
}

type Options = { readonly signal?: AbortSignal };

async function floatingIpOf(
  neutron: NeutronClient,
  { vip_port_id, vip_address }: LoadBalancer,
  options: Options,
): Promise<FloatingIp | undefined> {
  const found = await neutron.floatingIps.list({ port_id: vip_port_id }, options);
  return found.find(({ fixed_ip_address }) => fixed_ip_address === vip_address) ?? found.at(0);
}

/**
 * @param origin where the network is named, for messages
 * @throws ConfigurationError unless exactly one external network has that name or id
 */
export async function externalNetwork(
  neutron: NeutronClient,
  nameOrId: string,
  options: Options,
  origin = '[neutron_defaults] external_svc_net =',
): Promise<string> {
  const networks = await neutron.networks.list({ 'router:external': true }, options);
  const fitting = networks.filter(({ id, name }) => id === nameOrId || name === nameOrId);
  const [network] = fitting;
  if (network !== undefined && fitting.length === 1) return network.id;
  const problem =
    network === undefined
      ? `there is no external network of that name or id (there are: ${networks.map(({ name }) => name).join(', ') || 'none'})`
      : 'several external networks have that name; give the id';
  throw new ConfigurationError(`${origin} ${nameOrId}: ${problem}`);
}

/** Whoever was faster, and whatever became of an attempt without an answer: a port has one floating IP, and that is taken. */
async function takeFloatingIp(
  neutron: NeutronClient,
  router: LoadBalancer,
  network: string,
  { logger = SILENT_LOGGER }: FloatingIpTerms,
): Promise<FloatingIp> {
  try {
    const taken = await neutron.floatingIps.create({
      floating_network_id: network,
      port_id: router.vip_port_id,
      description: descriptionOf(router),
    });
    logger.info(`take floating IP ${taken.floating_ip_address} for ${titleOf(router)}`, { floatingIp: taken.id });
    return taken;
  } catch (error) {
    if (!(error instanceof ConflictError) && !(error instanceof UnknownOutcomeError)) throw error;
    const there = await floatingIpOf(neutron, router, {});
    if (there === undefined) throw error;
    return there;
  }
}

/** One of ours has its tags, also when the process ended between taking and tagging it; anybody else's is left as it is. */
async function tagged(
  neutron: NeutronClient,
  router: LoadBalancer,
  { id, description, tags, floating_ip_address }: FloatingIp,
  { clusterTag }: FloatingIpTerms,
): Promise<string> {
  if (description === descriptionOf(router) && !tags.includes(ROUTER_TAG)) {
    await neutron.setTags('floatingips', id, [...new Set([...tags, clusterTag, ROUTER_TAG])]);
  }
  return floating_ip_address;
}

function descriptionOf(router: LoadBalancer): string {
  return `Kuryr L7 Router: ${titleOf(router)}`.slice(0, 255);
}
