import { ConflictError, NotFoundError, type Subport, type Trunk } from '@kuryr-l7/openstack';
import { type SharedCloud, Turns, VifUnavailableError } from '@kuryr-l7/plugin';
import { SharedReads } from './shared-reads.js';

const LAST_VLAN = 4094;

/** The lowest VLAN ids that nobody has. */
export function freeVlans(taken: ReadonlySet<number>, count: number): readonly number[] {
  const free: number[] = [];
  for (let id = 1; id <= LAST_VLAN && free.length < count; id += 1) if (!taken.has(id)) free.push(id);
  return free;
}

export interface TrunksOptions {
  readonly cloud: SharedCloud;
  /** Ids of the subnets of nodes. */
  readonly nodeSubnets: readonly string[];
  /** How often other VLANs are tried. */
  readonly attempts: number;
}

export interface NodeAddress {
  /** Of the node, for messages. */
  readonly name: string;
  readonly address: string;
}

/** The trunk of a node. */
export interface NodeTrunk {
  /** Of its parent port, which is the node's own: it stays where the trunk is made anew. */
  readonly portId: string;
  readonly id: string;
}

interface TrunkVlan {
  readonly trunkId: string;
  readonly vlanId: number;
}

/** The trunks of the nodes, whose VLANs are ports of Pods. */
export class Trunks {
  /** By the address of the node; a node that is made anew has another address or is asked for again. */
  readonly #ofNode = new Map<string, NodeTrunk>();
  /** By port, as Neutron has told of them last. */
  readonly #ofPort = new Map<string, TrunkVlan>();
  /** Of each trunk: two at once would choose the same VLAN. */
  readonly #changes = new Turns();
  readonly #reads: SharedReads<Trunk>;

  constructor(private readonly options: TrunksOptions) {
    this.#reads = new SharedReads(async (id) => (await options.cloud.open()).neutron.trunks.get(id));
  }

  /** @throws ConfigurationError, VifUnavailableError saying what the node lacks */
  async ofNode({ name, address }: NodeAddress, signal: AbortSignal): Promise<NodeTrunk> {
    const known = this.#ofNode.get(address);
    if (known !== undefined) return known;
    const { nodeSubnets, cloud } = this.options;
    const { neutron } = await cloud.open();
    const ports = await neutron.ports.list({ fixed_ips: [`ip_address=${address}`] }, { signal });
    const parent = ports.find(({ fixed_ips }) => fixed_ips.some(({ subnet_id }) => nodeSubnets.includes(subnet_id)));
    if (parent === undefined) {
      throw new VifUnavailableError(
        `there is no port with address ${address} of node ${name} in [pod_vif_nested] worker_nodes_subnets (${nodeSubnets.join(', ')})`,
      );
    }
    if (parent.trunk_details === null) {
      throw new VifUnavailableError(
        `port ${parent.id} of node ${name} with address ${address} is not the parent of a trunk: "openstack network trunk create --parent-port ${parent.id}"`,
      );
    }
    const trunk = { portId: parent.id, id: parent.trunk_details.trunk_id };
    this.#ofNode.set(address, trunk);
    return trunk;
  }

  /** The VLAN of each port, which become VLANs of the trunk where they are not; at most as many as VLANs are free. */
  attach(trunkId: string, portIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    return this.#changes.take(trunkId, () => this.#attach(trunkId, portIds, signal));
  }

  /**
   * VLAN of a port in a trunk, which becomes one where it is not, as Neutron has it now; undefined where none is free.
   * @throws NotFoundError where there is no such trunk any more, or no such port
   */
  async vlanIn(trunkId: string, portId: string, signal: AbortSignal): Promise<number | undefined> {
    const { sub_ports } = await this.#reads.get(trunkId);
    signal.throwIfAborted();
    this.#remember(trunkId, sub_ports);
    const subport = sub_ports.find(({ port_id }) => port_id === portId);
    return subport?.segmentation_id ?? (await this.attach(trunkId, [portId], signal)).get(portId);
  }

  /** VLAN of a port, as it is remembered; undefined where it is in no trunk. */
  async vlanOf(portId: string, signal: AbortSignal): Promise<number | undefined> {
    const known = await this.#placeOf(portId, signal);
    return known?.vlanId;
  }

  /** Takes a port out of its trunk. */
  async detach(portId: string, signal: AbortSignal): Promise<void> {
    const { neutron } = await this.options.cloud.open();
    const place = await this.#placeOf(portId, signal);
    if (place === undefined) return;
    try {
      await neutron.removeSubports(place.trunkId, [portId], { signal });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    this.#ofPort.delete(portId);
  }

  async list(signal: AbortSignal): Promise<readonly Trunk[]> {
    const { neutron } = await this.options.cloud.open();
    const trunks = await neutron.trunks.list({}, { signal });
    for (const { id, sub_ports } of trunks) this.#remember(id, sub_ports);
    return trunks;
  }

  /** The trunk may have been made anew. */
  forget(trunkId: string): void {
    for (const [address, { id }] of this.#ofNode) if (id === trunkId) this.#ofNode.delete(address);
    for (const [portId, place] of this.#ofPort) if (place.trunkId === trunkId) this.#ofPort.delete(portId);
  }

  async #placeOf(portId: string, signal: AbortSignal): Promise<TrunkVlan | undefined> {
    if (!this.#ofPort.has(portId)) await this.list(signal);
    return this.#ofPort.get(portId);
  }

  #remember(trunkId: string, subports: readonly Subport[]): void {
    for (const { port_id, segmentation_id } of subports) {
      this.#ofPort.set(port_id, { trunkId, vlanId: segmentation_id });
    }
  }

  async #attach(
    trunkId: string,
    portIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    const { neutron } = await this.options.cloud.open();
    for (let attempt = 1; ; attempt += 1) {
      const { sub_ports } = await neutron.trunks.get(trunkId, { signal });
      this.#remember(trunkId, sub_ports);
      const vlans = new Map(sub_ports.map(({ port_id, segmentation_id }) => [port_id, segmentation_id]));
      const missing = portIds.filter((id) => !vlans.has(id));
      const free = freeVlans(new Set(vlans.values()), missing.length);
      const added = free.flatMap((segmentation_id, index) => {
        const port_id = missing[index];
        return port_id === undefined ? [] : [{ port_id, segmentation_type: 'vlan', segmentation_id }];
      });
      try {
        if (added.length > 0) await neutron.addSubports(trunkId, added, { signal });
      } catch (error) {
        if (error instanceof ConflictError && attempt < this.options.attempts) continue;
        throw error;
      }
      this.#remember(trunkId, added);
      for (const { port_id, segmentation_id } of added) vlans.set(port_id, segmentation_id);
      return vlans;
    }
  }
}
