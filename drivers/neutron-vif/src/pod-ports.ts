import { CLUSTER_ID, RESOURCE_TAGS } from '@kuryr-l7/config';
import { NotFoundError, type Port, type PortCreate } from '@kuryr-l7/openstack';
import type { Configuration, Logger, SharedCloud } from '@kuryr-l7/plugin';
import { DEVICE_OWNER, PortOwnership } from './port-ownership.js';

/** Neutron then takes the tags of a port together with it. */
const TAGS_ON_CREATION = 'tag-ports-during-bulk-creation';

/**
 * The ports of this cluster's Pods in Neutron. What is not ours is never changed or deleted. A port is looked for before
 * another one is made only where there may be one: for Pods that had one when this process began, and for those for which
 * it has begun to make one.
 */
export class PodPorts {
  readonly ownership: PortOwnership;
  readonly #tags: readonly string[];
  /** Uids of Pods that may have a port. */
  readonly #begun = new Set<string>();
  /** By id, those that are known to be ours, and the Pod of each. */
  readonly #ours = new Map<string, string | undefined>();
  #hasListed = false;
  #tagsOnCreation: boolean | undefined;

  constructor(
    configuration: Configuration,
    private readonly cloud: SharedCloud,
    private readonly logger: Logger,
  ) {
    this.ownership = new PortOwnership(configuration.get(CLUSTER_ID));
    this.#tags = [this.ownership.clusterTag, ...configuration.get(RESOURCE_TAGS)];
  }

  /** All of them, the half-made ones too. */
  async list(signal: AbortSignal): Promise<readonly Port[]> {
    const { neutron } = await this.cloud.open();
    const { clusterTag } = this.ownership;
    const [tagged, untagged] = await Promise.all([
      neutron.ports.list({ tags: [clusterTag] }, { signal }),
      neutron.ports.list({ device_owner: DEVICE_OWNER, 'not-tags': [clusterTag] }, { signal }),
    ]);
    const ports = [...tagged, ...untagged.filter((port) => this.ownership.owns(port))];
    for (const port of ports) this.#remember(port);
    this.#hasListed = true;
    return ports;
  }

  /** The port of a Pod, if it has one. */
  async ofPod(podUid: string, signal: AbortSignal): Promise<Port | undefined> {
    if (!this.#hasListed) await this.list(signal);
    if (!this.#begun.has(podUid)) return undefined;
    const { neutron } = await this.cloud.open();
    const description = this.ownership.description(podUid);
    const found = await neutron.ports.list({ description }, { signal });
    const [port, ...more] = found.filter((one) => this.ownership.owns(one));
    // Made twice, by a request of which nobody knew what became of it.
    for (const { id } of more) await this.release(id, signal);
    return port === undefined ? undefined : this.#tagged(port, signal);
  }

  /** By its id, if it is ours. */
  async get(id: string, signal: AbortSignal): Promise<Port | undefined> {
    const { neutron } = await this.cloud.open();
    try {
      const port = await neutron.ports.get(id, { signal });
      return this.ownership.owns(port) ? port : undefined;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** @param podUid the Pod they are for; undefined for none yet */
  async create(
    fields: readonly PortCreate[],
    podUid: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly Port[]> {
    const { neutron } = await this.cloud.open();
    const tags = (await this.#takesTags(signal)) ? { tags: this.#tags } : {};
    const owned = fields.map((port) => ({
      ...port,
      ...tags,
      device_owner: DEVICE_OWNER,
      description: this.ownership.description(podUid),
    }));
    if (podUid !== undefined) this.#begun.add(podUid);
    const [first, ...more] = owned;
    if (first === undefined) return [];
    const ports =
      more.length === 0
        ? [await neutron.ports.create(first, { signal })]
        : await neutron.createPorts(owned, { signal });
    for (const port of ports) this.#remember(port);
    return Promise.all(ports.map((port) => this.#tagged(port, signal)));
  }

  /** Deletes a port; one that is gone already, or is not ours, is left as it is. */
  async release(id: string, signal: AbortSignal): Promise<void> {
    if (!this.#ours.has(id) && (await this.get(id, signal)) === undefined) {
      this.logger.warn(`port ${id} is not deleted: it is gone, or not one of this cluster`);
      return;
    }
    const { neutron } = await this.cloud.open();
    try {
      await neutron.ports.delete(id, { signal });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    const podUid = this.#ours.get(id);
    if (podUid !== undefined) this.#begun.delete(podUid);
    this.#ours.delete(id);
  }

  #remember(port: Port): void {
    const podUid = this.ownership.podUidOf(port);
    this.#ours.set(port.id, podUid);
    if (podUid !== undefined) this.#begun.add(podUid);
  }

  async #tagged(port: Port, signal: AbortSignal): Promise<Port> {
    if (this.#tags.every((tag) => port.tags.includes(tag))) return port;
    const { neutron } = await this.cloud.open();
    const tags = await neutron.setTags('ports', port.id, [...new Set([...port.tags, ...this.#tags])], { signal });
    return { ...port, tags };
  }

  async #takesTags(signal: AbortSignal): Promise<boolean> {
    if (this.#tagsOnCreation === undefined) {
      const { neutron } = await this.cloud.open();
      const extensions = await neutron.extensions({ signal });
      this.#tagsOnCreation = extensions.some(({ alias }) => alias === TAGS_ON_CREATION);
    }
    return this.#tagsOnCreation;
  }
}
