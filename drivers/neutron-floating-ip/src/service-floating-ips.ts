import { CLUSTER_ID, EXTERNAL_SVC_NET, EXTERNAL_SVC_SUBNET } from '@kuryr-l7/config';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import {
  ConflictError,
  type FloatingIp,
  type FloatingIpUpdate,
  type NeutronClient,
  NotFoundError,
  tagsOfText,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import {
  type Configuration,
  ConfigurationError,
  descriptionOf,
  KEPT_TAG,
  type ObjectKey,
  PublicIpUnavailableError,
  type ServicePublicIpRequest,
} from '@kuryr-l7/plugin';

/**
 * Floating IPs of Services. One that was taken for a Service is known by its tags and, until it has them, by its
 * description; one that is to be kept has another tag in their place.
 */
export class ServiceFloatingIps {
  constructor(
    private readonly neutron: NeutronClient,
    private readonly configuration: Configuration,
  ) {}

  async acquire(request: ServicePublicIpRequest, key: ObjectKey, signal: AbortSignal): Promise<LBaaSPubIp> {
    const { address, portId } = request;
    const there = await this.neutron.floatingIps.list({ port_id: portId }, { signal });
    if (address !== undefined) {
      const given = await this.#given(address, portId, signal);
      for (const other of there) if (other.id !== given.id && this.#isOf(other, key)) await this.#giveBack(other);
      return infoOf(given, 'user');
    }
    const left = there[0] ?? (await this.#lost(key, signal)) ?? (await this.#take(request, key));
    if (!this.#isOf(left, key)) return infoOf(left, 'user');
    await this.#mark(left, request.keep === true ? [KEPT_TAG] : this.#tags(key), signal);
    return infoOf(left, request.keep === true ? 'user' : 'pool');
  }

  /** Those that were taken for the Service and are to be given back. */
  async of(key: ObjectKey, signal: AbortSignal): Promise<readonly LBaaSPubIp[]> {
    const found = await this.neutron.floatingIps.list({ tags: this.#tags(key) }, { signal });
    return found.map((one) => infoOf(one, 'pool'));
  }

  async associate({ ip_id }: LBaaSPubIp, portId: string, signal: AbortSignal): Promise<void> {
    const { port_id } = await this.neutron.floatingIps.get(ip_id, { signal });
    if (port_id !== portId) await this.neutron.floatingIps.update(ip_id, { port_id: portId });
  }

  async disassociate({ ip_id }: LBaaSPubIp, signal: AbortSignal): Promise<void> {
    const detached: FloatingIpUpdate = { port_id: null };
    await ifThere(async () => {
      const { port_id } = await this.neutron.floatingIps.get(ip_id, { signal });
      if (port_id !== null) await this.neutron.floatingIps.update(ip_id, detached);
    });
  }

  async release({ ip_id, alloc_method }: LBaaSPubIp): Promise<void> {
    if (alloc_method === 'pool') await ifThere(() => this.neutron.floatingIps.delete(ip_id));
  }

  async #given(address: string, portId: string, signal: AbortSignal): Promise<FloatingIp> {
    const [found] = await this.neutron.floatingIps.list({ floating_ip_address: address }, { signal });
    if (found === undefined) {
      throw new PublicIpUnavailableError(
        `spec.loadBalancerIP ${address}: the project has no such floating IP; take it first ("openstack floating ip create --floating-ip-address ${address} <network>")`,
      );
    }
    if (found.port_id === null || found.port_id === portId) return found;
    throw new PublicIpUnavailableError(
      `spec.loadBalancerIP ${address}: the floating IP (${found.id}) leads to port ${found.port_id} already; free it, or ask for another one`,
    );
  }

  /** One whose port is gone with its load balancer, or whose creation got no answer. */
  async #lost(key: ObjectKey, signal: AbortSignal): Promise<FloatingIp | undefined> {
    const found = await this.neutron.floatingIps.list({ description: this.#description(key) }, { signal });
    return found.find(({ port_id }) => port_id === null);
  }

  async #take(request: ServicePublicIpRequest, key: ObjectKey): Promise<FloatingIp> {
    const network = await this.#network(request.network ?? this.configuration.get(EXTERNAL_SVC_NET));
    const subnet =
      request.subnet ?? (request.network === undefined ? this.configuration.get(EXTERNAL_SVC_SUBNET) : undefined);
    try {
      return await this.neutron.floatingIps.create({
        floating_network_id: network,
        port_id: request.portId,
        description: this.#description(key),
        ...(subnet !== undefined && { subnet_id: subnet }),
      });
    } catch (error) {
      if (!(error instanceof ConflictError) && !(error instanceof UnknownOutcomeError)) throw error;
      const [made] = await this.neutron.floatingIps.list({ port_id: request.portId });
      if (made === undefined) throw error;
      return made;
    }
  }

  async #network(nameOrId: string | undefined): Promise<string> {
    if (nameOrId === undefined) {
      throw new ConfigurationError(
        '[neutron_defaults] external_svc_net is not set: name the external network that floating IPs are taken from ("openstack network list --external")',
      );
    }
    const networks = await this.neutron.networks.list({ 'router:external': true });
    const fitting = networks.filter(({ id, name }) => id === nameOrId || name === nameOrId);
    const [network] = fitting;
    if (network !== undefined && fitting.length === 1) return network.id;
    const names = networks.map(({ name, id }) => name || id).join(', ') || 'none';
    throw new ConfigurationError(
      network === undefined
        ? `there is no external network ${nameOrId} (there are: ${names}); see [neutron_defaults] external_svc_net`
        : `several external networks are called ${nameOrId}; give the id`,
    );
  }

  async #giveBack(other: FloatingIp): Promise<void> {
    await ifThere(() => this.neutron.floatingIps.delete(other.id));
  }

  async #mark({ id, tags }: FloatingIp, wanted: readonly string[], signal: AbortSignal): Promise<void> {
    const others = tags.filter((tag) => !tag.startsWith('kuryr-'));
    const next = [...others, ...wanted];
    if ([...tags].sort().join() === [...next].sort().join()) return;
    await this.neutron.setTags('floatingips', id, next, { signal });
  }

  #isOf({ description, tags }: FloatingIp, key: ObjectKey): boolean {
    return description === this.#description(key) || this.#tags(key).every((tag) => tags.includes(tag));
  }

  #tags(key: ObjectKey): readonly string[] {
    return [`kuryr-cluster=${this.configuration.get(CLUSTER_ID)}`, ...tagsOfText('kuryr-source', `Service/${key}`)];
  }

  #description(key: ObjectKey): string {
    return descriptionOf('floating IP', key, this.configuration.get(CLUSTER_ID));
  }
}

function infoOf({ id, floating_ip_address }: FloatingIp, method: 'user' | 'pool'): LBaaSPubIp {
  return { ip_id: id, ip_addr: floating_ip_address, alloc_method: method };
}

async function ifThere(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
