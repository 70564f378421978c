import {
  ConflictError,
  type FloatingIp,
  type LoadBalancer,
  type NeutronClient,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';
import { titleOf } from '../load-balancer/describe-load-balancer.js';

/**
 * Where clients reach the router: the floating IP of its VIP's port, else the VIP.
 *
 * @param floatingNetwork name or id of the network to take a floating IP from where there is none; absent: none is taken
 * @throws ConfigurationError, RouterRefusedError (quota), TemporaryRouterError
 */
export async function routerAddress(
  neutron: NeutronClient,
  router: LoadBalancer,
  floatingNetwork: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const options = signal === undefined ? {} : { signal };
  try {
    const there = await floatingIpOf(neutron, router, options);
    if (there !== undefined) return there.floating_ip_address;
    if (floatingNetwork === undefined) return router.vip_address;
    const network = await externalNetwork(neutron, floatingNetwork, options);
    return (await takeFloatingIp(neutron, router, network)).floating_ip_address;
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
async function takeFloatingIp(neutron: NeutronClient, router: LoadBalancer, network: string): Promise<FloatingIp> {
  try {
    return await neutron.floatingIps.create({
      floating_network_id: network,
      port_id: router.vip_port_id,
      description: `Kuryr L7 Router: ${titleOf(router)}`.slice(0, 255),
    });
  } catch (error) {
    if (!(error instanceof ConflictError) && !(error instanceof UnknownOutcomeError)) throw error;
    const there = await floatingIpOf(neutron, router, {});
    if (there === undefined) throw error;
    return there;
  }
}
