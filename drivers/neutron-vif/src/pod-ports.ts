import { CLUSTER_ID, RESOURCE_TAGS } from '@kuryr-l7/config';
import { keyOf, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import {
  ClusterMarks,
  ConflictError,
  NotFoundError,
  POD_PORT_OWNER,
  type Port,
  type PortCreate,
  type PortUpdate,
  type Subnet,
} from '@kuryr-l7/openstack';
import {
  type Configuration,
  type HeldVif,
  type Logger,
  type SharedCloud,
  VifGoneError,
  type VifPlace,
} from '@kuryr-l7/plugin';
import { KnownPorts } from './known-ports.js';
import { PORT_DEBUG } from './options.js';
import { OwnGroups } from './own-groups.js';
import { ownsPort } from './port-ownership.js';
import { PortStatuses } from './port-statuses.js';
import { PortSurroundings, type SurroundedPort } from './port-surroundings.js';

type Pod = ObjectOf<typeof PODS>;

/** Neutron then takes the tags of a port together with it. */
const TAGS_ON_CREATION = 'tag-ports-during-bulk-creation';

/**
 * The ports of this cluster's Pods in Neutron, whose descriptions say which is whose. What is not ours is never changed or
 * deleted. They are listed once and remembered from then on: nothing is asked for each Pod, but where nobody knows what
 * became of a request to make its port.
 */
export class PodPorts {
  readonly #marks: ClusterMarks;
  readonly #tags: readonly string[];
  readonly #statuses: PortStatuses;
  readonly #surroundings: PortSurroundings;
  readonly #ownGroups: OwnGroups;
  readonly #known: KnownPorts;
  /** Uids of Pods of whose ports one more may come true later: a request that failed may have been done all the same. */
  readonly #late = new Set<string>();
  #hasListed = false;
  #tagsOnCreation: boolean | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly cloud: SharedCloud,
    private readonly logger: Logger,
  ) {
    this.#marks = new ClusterMarks(configuration.get(CLUSTER_ID));
    this.#known = new KnownPorts(this.#marks);
    this.#tags = [this.#marks.tag, ...configuration.get(RESOURCE_TAGS)];
    this.#statuses = new PortStatuses(cloud);
    this.#surroundings = new PortSurroundings(cloud);
    this.#ownGroups = new OwnGroups(cloud);
  }

  /** All of them, the half-made ones too; those that are in use first. */
  async list(signal: AbortSignal): Promise<readonly Port[]> {
    const { neutron } = await this.cloud.open();
    const { tag } = this.#marks;
    const [tagged, untagged] = await Promise.all([
      neutron.ports.list({ tags: [tag] }, { signal }),
      neutron.ports.list({ device_owner: POD_PORT_OWNER, 'not-tags': [tag] }, { signal }),
    ]);
    const ports = inUseFirst([...tagged, ...untagged.filter((port) => ownsPort(this.#marks, port))]);
    for (const port of ports) this.#known.remember(port);
    this.#hasListed = true;
    return ports;
  }

  /** The port of a Pod, if it has one. */
  async ofPod(podUid: string, signal: AbortSignal): Promise<Port | undefined> {
    const [port, ...more] = await this.#portsOf(podUid, signal);
    // Made twice, by a request of which nobody knew what became of it.
    for (const { id } of more) await this.release(id, signal);
    return port === undefined ? undefined : this.#tagged(port, signal);
  }

  /**
   * @param pod the one they are for; undefined for none yet
   * @returns those that could be tagged, at least one; the others are left half-made, for {@link list} to tell of
   */
  async create(fields: readonly PortCreate[], pod: Pod | undefined, signal: AbortSignal): Promise<readonly Port[]> {
    const tags = (await this.#takesTags(signal)) ? { tags: this.#tags } : {};
    const owned = fields.map((port) => ({ ...port, ...tags, device_owner: POD_PORT_OWNER, ...this.#given(pod) }));
    const podUid = pod?.metadata.uid;
    if (podUid !== undefined) this.#known.expect(podUid);
    const ports = await this.#make(owned, signal).catch((error: unknown) => {
      if (podUid !== undefined) this.#late.add(podUid);
      throw error;
    });
    for (const port of ports) this.#known.remember(port);
    const results = await Promise.allSettled(ports.map((port) => this.#tagged(port, signal)));
    const tagged = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const [failure] = results.flatMap((result) => (result.status === 'rejected' ? [result] : []));
    if (failure !== undefined && tagged.length === 0) throw failure.reason;
    return tagged;
  }

  async #make(fields: readonly PortCreate[], signal: AbortSignal): Promise<readonly Port[]> {
    const { neutron } = await this.cloud.open();
    const [first, ...more] = fields;
    if (first === undefined) return [];
    return more.length === 0
      ? [await neutron.ports.create(first, { signal })]
      : neutron.createPorts(fields, { signal });
  }

  /** Writes that a port is a Pod's, whosever it was. @throws VifGoneError where it is gone, or not ours */
  async assign(id: string, pod: Pod, place: VifPlace, more: PortUpdate, signal: AbortSignal): Promise<Port> {
    if (!(await this.isOurs(id, signal))) throw new VifGoneError(`port ${id} is gone, or not one of this cluster`);
    const { neutron } = await this.cloud.open();
    const security_groups = await this.#groupsFor(id, place, signal);
    const fields = { ...(security_groups !== undefined && { security_groups }), ...more, ...this.#given(pod) };
    try {
      const port = await neutron.ports.update(id, fields, { signal });
      this.#known.remember(port);
      return await this.#tagged(port, signal);
    } catch (cause) {
      if (!(cause instanceof NotFoundError)) throw cause;
      this.#known.forget(id);
      throw new VifGoneError(`port ${id} is gone: somebody has deleted it`, { cause });
    }
  }

  /** Deletes a port; one that is gone already, or is not ours, is left as it is. */
  async release(id: string, signal: AbortSignal): Promise<void> {
    if (!(await this.isOurs(id, signal))) {
      this.logger.warn(`port ${id} is not deleted: it is gone, or not one of this cluster`);
      return;
    }
    try {
      await this.#delete(id, signal);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    this.#known.forget(id);
  }

  async #delete(id: string, signal: AbortSignal): Promise<void> {
    const { neutron } = await this.cloud.open();
    try {
      await neutron.ports.delete(id, { signal });
    } catch (error) {
      if (!(error instanceof ConflictError) || !(await this.#leaveTrunk(id, signal))) throw error;
      await neutron.ports.delete(id, { signal });
    }
  }

  /** What another pod_vif_driver has made a VLAN of a trunk. @returns whether it was one */
  async #leaveTrunk(id: string, signal: AbortSignal): Promise<boolean> {
    const { neutron } = await this.cloud.open();
    try {
      const trunks = await neutron.trunks.list({}, { signal });
      const trunk = trunks.find(({ sub_ports }) => sub_ports.some(({ port_id }) => port_id === id));
      if (trunk !== undefined) await neutron.removeSubports(trunk.id, [id], { signal });
      return trunk !== undefined;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /** Ids of the ports that a Pod has had; more than one where a request to make one was lost and has come true. */
  async idsOf(podUid: string, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#late.has(podUid)) await this.#find(podUid, signal);
    this.#late.delete(podUid);
    const ports = await this.#portsOf(podUid, signal);
    return ports.map(({ id }) => id);
  }

  /** Has Neutron asked whether a port is still there before it is used again. */
  doubt(id: string): void {
    this.#known.doubt(id);
  }

  async isOurs(id: string, signal: AbortSignal): Promise<boolean> {
    if (this.#known.get(id) !== undefined) return true;
    const { neutron } = await this.cloud.open();
    try {
      const port = await neutron.ports.get(id, { signal });
      if (!ownsPort(this.#marks, port)) return false;
      this.#known.remember(port);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /** Returns when the port is ACTIVE. @throws NotReadyError where it is not, VifGoneError where there is none */
  async requireActive(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#statuses.requireActive(id, signal);
    } catch (error) {
      if (error instanceof VifGoneError) this.#known.forget(id);
      throw error;
    }
  }

  /** @param known subnets that need not be asked for */
  surrounded(port: Port, known: readonly Subnet[], signal: AbortSignal): Promise<SurroundedPort> {
    return this.#surroundings.of(port, known, signal);
  }

  held(port: Port, node: string): HeldVif {
    return {
      id: port.id,
      podUid: this.#marks.podUidOf(port),
      node,
      projectId: port.project_id,
      networkId: port.network_id,
      subnetIds: [...new Set(port.fixed_ips.map(({ subnet_id }) => subnet_id))],
      securityGroups: port.security_groups,
    };
  }

  async #portsOf(podUid: string, signal: AbortSignal): Promise<readonly Port[]> {
    if (!this.#hasListed) await this.list(signal);
    if (!this.#known.mayHave(podUid)) return [];
    const known = this.#known.of(podUid);
    return inUseFirst(known.length > 0 ? known : await this.#find(podUid, signal));
  }

  /** Asks Neutron for the ports of a Pod. */
  async #find(podUid: string, signal: AbortSignal): Promise<readonly Port[]> {
    const { neutron } = await this.cloud.open();
    const found = await neutron.ports.list({ description: this.#marks.portDescription(podUid) }, { signal });
    const ports = found.filter((port) => ownsPort(this.#marks, port));
    // Whatever was begun has made none.
    if (ports.length === 0) this.#known.expectNone(podUid);
    for (const port of ports) this.#known.remember(port);
    return ports;
  }

  /** Undefined where it can stay as it is. */
  async #groupsFor(id: string, place: VifPlace, signal: AbortSignal): Promise<readonly string[] | undefined> {
    if (place.securityGroups.length > 0) return place.securityGroups;
    const { security_groups: before = [] } = this.#known.get(id) ?? {};
    // In a network without port security, where it can have none.
    if (before.length === 0) return undefined;
    const own = await this.#ownGroups.of(place.projectId, signal);
    return own.length > 0 ? own : undefined;
  }

  /** What a port says of the Pod that has it. */
  #given(pod: Pod | undefined): Pick<PortCreate, 'description' | 'name'> {
    const isNamed = pod !== undefined && this.configuration.get(PORT_DEBUG);
    return {
      description: this.#marks.portDescription(pod?.metadata.uid),
      ...(isNamed && { name: keyOf(pod).slice(0, 255) }),
    };
  }

  async #tagged(port: Port, signal: AbortSignal): Promise<Port> {
    if (this.#tags.every((tag) => port.tags.includes(tag))) return port;
    const { neutron } = await this.cloud.open();
    const tags = await neutron.setTags('ports', port.id, [...new Set([...port.tags, ...this.#tags])], { signal });
    const tagged = { ...port, tags };
    this.#known.remember(tagged);
    return tagged;
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

/** Of two ports of a Pod, only one can have been plugged in. */
function inUseFirst(ports: readonly Port[]): readonly Port[] {
  const isActive = ({ status }: Port) => Number(status === 'ACTIVE');
  return [...ports].sort((one, other) => isActive(other) - isActive(one));
}
