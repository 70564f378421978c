import { CLUSTER_ID, RESOURCE_TAGS } from '@kuryr-l7/config';
import type { ObjectOf, PODS } from '@kuryr-l7/kube';
import {
  BadRequestError,
  ClusterMarks,
  deleteNetwork,
  type Network,
  type NeutronClient,
  type Subnet,
} from '@kuryr-l7/openstack';
import {
  type Configuration,
  NotReadyError,
  type PodSubnetsDriver,
  type SharedCloud,
  TOKENS,
  Turns,
  tryEach,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { configuredPlace } from './configured-place.js';

/** Milliseconds. */
const MOST_AGE = 300_000;

interface NamespaceNetwork {
  readonly namespace: string;
  readonly network: Network;
}

/**
 * Pods of a namespace have their addresses in a network of its own: made with the first Pod, with a subnet of
 * `[namespace_subnet] pod_subnet_pool`, joined by `pod_router`. It is found again by its tags, and goes after its namespace.
 */
@injectable()
export class NamespaceSubnetsDriver implements PodSubnetsDriver {
  readonly name = 'namespace';
  readonly #known = new Map<string, { readonly subnets: Promise<readonly Subnet[]>; readonly askedAt: number }>();
  /** Of each namespace: nothing is made while it is deleted. */
  readonly #changes = new Turns();

  constructor(
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
  ) {}

  async getSubnets(
    { metadata }: Pick<ObjectOf<typeof PODS>, 'metadata'>,
    projectId: string,
    signal: AbortSignal,
  ): Promise<readonly Subnet[]> {
    const namespace = metadata.namespace ?? 'default';
    const key = `${projectId} ${namespace}`;
    const known = this.#known.get(key);
    if (known !== undefined && performance.now() - known.askedAt < MOST_AGE) return known.subnets;
    // However many Pods ask at once, one network is made.
    const subnets = this.#changes.take(namespace, () => this.#ensure(namespace, projectId, signal));
    this.#known.set(key, { subnets, askedAt: performance.now() });
    try {
      return await subnets;
    } catch (error) {
      this.#known.delete(key);
      throw error;
    }
  }

  async retainNamespaces(
    namespaces: () => ReadonlySet<string>,
    leave: (networkId: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { neutron } = await this.cloud.open();
    const remove = async ({ namespace, network: { id, name } }: NamespaceNetwork) => {
      const reason = await this.#changes.take(namespace, async () => {
        if (namespaces().has(namespace)) return undefined;
        for (const key of this.#known.keys()) if (key.endsWith(` ${namespace}`)) this.#known.delete(key);
        await leave(id);
        return deleteNetwork(neutron, id, { signal });
      });
      if (reason === undefined) return;
      throw new NotReadyError(`network ${name} (${id}) of a namespace that is gone stays: ${reason}`);
    };
    await tryEach(await this.#made(neutron, signal), remove, signal);
  }

  async allSubnets(signal: AbortSignal): Promise<readonly (readonly Subnet[])[]> {
    const { neutron } = await this.cloud.open();
    const [made, all] = await Promise.all([this.#made(neutron, signal), neutron.subnets.list({}, { signal })]);
    const ofEach = made.map(({ network }) => all.filter(({ network_id }) => network_id === network.id));
    // The others are still being made.
    return ofEach.filter((subnets) => subnets.length > 0);
  }

  async #made(neutron: NeutronClient, signal: AbortSignal): Promise<readonly NamespaceNetwork[]> {
    const marks = this.#marks;
    // All of them: one whose maker was killed has no tags yet.
    const all = await neutron.networks.list({}, { signal });
    return all.flatMap((network) => {
      const namespace = marks.namespaceOf(network);
      return namespace === undefined ? [] : [{ namespace, network }];
    });
  }

  get #marks(): ClusterMarks {
    return new ClusterMarks(this.configuration.get(CLUSTER_ID));
  }

  async #ensure(namespace: string, projectId: string, signal: AbortSignal): Promise<readonly Subnet[]> {
    const { pool, router } = configuredPlace(this.configuration);
    const { neutron } = await this.cloud.open();
    const network = await this.#network(neutron, namespace, projectId, signal);
    const found = await neutron.subnets.list({ network_id: network.id }, { signal });
    const name = network.name;
    const fields = {
      network_id: network.id,
      project_id: projectId,
      name,
      subnetpool_id: pool,
      enable_dhcp: false,
    } as const;
    const subnets = found.length > 0 ? found : [await neutron.subnets.create({ ...fields, ip_version: 4 }, { signal })];
    for (const { id } of subnets) await this.#join(neutron, router, id, signal);
    return subnets;
  }

  async #network(neutron: NeutronClient, namespace: string, projectId: string, signal: AbortSignal): Promise<Network> {
    const marks = this.#marks;
    // Comes with the network; the tags come after it.
    const description = marks.networkDescription(namespace);
    const [found] = await neutron.networks.list({ description, project_id: projectId }, { signal });
    const network =
      found ??
      (await neutron.networks.create(
        { name: `ns/${namespace}-net`, description, project_id: projectId, admin_state_up: true },
        { signal },
      ));
    const tags = [marks.tag, ...this.configuration.get(RESOURCE_TAGS)];
    if (!tags.every((tag) => network.tags.includes(tag))) {
      await neutron.setTags('networks', network.id, [...new Set([...network.tags, ...tags])], { signal });
    }
    return network;
  }

  async #join(neutron: NeutronClient, router: string, subnetId: string, signal: AbortSignal): Promise<void> {
    try {
      await neutron.addRouterInterface(router, subnetId, { signal });
    } catch (error) {
      // It is joined already.
      if (!(error instanceof BadRequestError) || !error.fault.includes('already has a port')) throw error;
    }
  }
}
