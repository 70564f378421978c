import { keyOf, type NODES, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import { NotFoundError, type Port, type Subnet } from '@kuryr-l7/openstack';
import {
  type Configuration,
  type HeldVif,
  type Logger,
  NotReadyError,
  type PodVifDriver,
  type SharedCloud,
  TOKENS,
  type VifPlace,
  VifUnavailableError,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { nodeSubnets } from './node-subnets.js';
import { REV_UPDATE_ATTEMPTS } from './options.js';
import { PodPorts } from './pod-ports.js';
import { portRequest } from './port-request.js';
import { type NodeAddress, type NodeTrunk, Trunks } from './trunks.js';
import { vlanVif } from './vif-of-port.js';

type Pod = ObjectOf<typeof PODS>;

/** A port of Neutron for each Pod, which is a VLAN of the trunk of its node: for nodes that are servers of the cloud. */
@injectable()
export class NestedVlanDriver implements PodVifDriver {
  readonly name = 'nested-vlan';
  readonly #ports: PodPorts;
  readonly #trunks: Trunks;

  constructor(
    @inject(TOKENS.configuration) configuration: Configuration,
    @inject(TOKENS.cloud) cloud: SharedCloud,
    @inject(TOKENS.logger) logger: Logger,
  ) {
    this.#ports = new PodPorts(configuration, cloud, logger);
    this.#trunks = new Trunks({
      cloud,
      nodeSubnets: nodeSubnets(configuration),
      attempts: configuration.get(REV_UPDATE_ATTEMPTS),
    });
  }

  /** The id of the node's port. */
  async nodeOf(pod: Pod, signal: AbortSignal): Promise<string> {
    const { portId } = await this.#trunkOf(pod, signal);
    return portId;
  }

  async idsOfNodes(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const portIds = new Set<string>();
    for (const node of nodes.flatMap(internalAddresses)) {
      try {
        const { portId } = await this.#trunks.ofNode(node, signal);
        portIds.add(portId);
      } catch (error) {
        // As those of the control plane.
        if (!(error instanceof VifUnavailableError)) throw error;
      }
    }
    return portIds;
  }

  async requestVif(pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    const trunk = await this.#trunkOf(pod, signal);
    const found = await this.#ports.ofPod(pod.metadata.uid ?? '', signal);
    // No device_id: Neutron then refuses the port as a VLAN of a trunk (measured).
    const ports = found === undefined ? await this.#ports.create([portRequest(place)], pod, signal) : [found];
    const vlans = await this.#attach(trunk, ports, signal);
    for (const port of ports) {
      const vlanId = vlans.get(port.id);
      if (vlanId !== undefined) return this.#vif(port, vlanId, place.subnets, signal);
    }
    throw withoutVlan(trunk);
  }

  async requestVifs(pod: Pod, place: VifPlace, count: number, signal: AbortSignal): Promise<readonly HeldVif[]> {
    const trunk = await this.#trunkOf(pod, signal);
    const request = portRequest(place);
    const requests = Array.from({ length: count }, () => request);
    const ports = await this.#ports.create(requests, undefined, signal);
    const vlans = await this.#attach(trunk, ports, signal);
    const attached = ports.filter(({ id }) => vlans.has(id));
    for (const { id } of ports) if (!vlans.has(id)) await this.#ports.release(id, signal);
    if (attached.length === 0) throw withoutVlan(trunk);
    return attached.map((port) => this.#ports.held(port, trunk.portId));
  }

  async assignVif({ id }: Pick<Vif, 'id'>, pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    const trunk = await this.#trunkOf(pod, signal);
    const port = await this.#ports.assign(id, pod, place, {}, signal);
    // Not by memory: the trunk may have been made anew since the port was.
    const vlanId = await this.#knowing(trunk, [port], this.#trunks.vlanIn(trunk.id, id, signal));
    if (vlanId === undefined) throw withoutVlan(trunk);
    return this.#vif(port, vlanId, place.subnets, signal);
  }

  async vifOf(podUid: string, signal: AbortSignal): Promise<Vif | undefined> {
    const port = await this.#ports.ofPod(podUid, signal);
    const vlanId = port === undefined ? undefined : await this.#trunks.vlanOf(port.id, signal);
    return port === undefined || vlanId === undefined ? undefined : this.#vif(port, vlanId, [], signal);
  }

  async releaseVif({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
    if (await this.#ports.isOurs(id, signal)) await this.#trunks.detach(id, signal);
    await this.#ports.release(id, signal);
  }

  async releaseVifOf(podUid: string, signal: AbortSignal): Promise<void> {
    for (const id of await this.#ports.idsOf(podUid, signal)) await this.releaseVif({ id }, signal);
  }

  async activateVif(vif: Vif, signal: AbortSignal): Promise<Vif> {
    if (!vif.active) await this.#ports.requireActive(vif.id, signal);
    return { ...vif, active: true };
  }

  async heldVifs(signal: AbortSignal): Promise<readonly HeldVif[]> {
    const [ports, trunks] = await Promise.all([this.#ports.list(signal), this.#trunks.list(signal)]);
    const nodeOf = new Map(
      trunks.flatMap(({ port_id: node, sub_ports }) => sub_ports.map(({ port_id }) => [port_id, node])),
    );
    // In no trunk: of a node that is gone, or left half-made.
    return ports.map((port) => this.#ports.held(port, nodeOf.get(port.id) ?? ''));
  }

  async #trunkOf(pod: Pod, signal: AbortSignal): Promise<NodeTrunk> {
    const address = pod.status?.hostIP;
    // The kubelet tells it with the first status that it writes.
    if (address === undefined || address === '') {
      throw new NotReadyError(`Pod ${keyOf(pod)} does not tell the address of its node yet`);
    }
    return this.#trunks.ofNode({ name: pod.spec?.nodeName ?? '', address }, signal);
  }

  /** The VLAN of each port that has got one. */
  #attach(trunk: NodeTrunk, ports: readonly Port[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const ids = ports.map(({ id }) => id);
    return this.#knowing(trunk, ports, this.#trunks.attach(trunk.id, ids, signal));
  }

  /**
   * Asks Neutron for the trunk and the ports anew, before they are used again, where one of them is gone.
   * @throws NotReadyError then: it is no Pod's affair that a trunk was made anew
   */
  async #knowing<T>(trunk: NodeTrunk, ports: readonly Port[], change: Promise<T>): Promise<T> {
    try {
      return await change;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      this.#trunks.forget(trunk.id);
      for (const { id } of ports) this.#ports.doubt(id);
      const what = `trunk ${trunk.id} of the node, or a port that shall be its VLAN, is gone: looked for anew`;
      throw new NotReadyError(what, { cause: error });
    }
  }

  async #vif(port: Port, vlanId: number, known: readonly Subnet[], signal: AbortSignal): Promise<Vif> {
    return vlanVif(await this.#ports.surrounded(port, known, signal), vlanId);
  }
}

function internalAddresses({ metadata: { name }, status }: ObjectOf<typeof NODES>): readonly NodeAddress[] {
  return (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => ({ name, address }));
}

function withoutVlan({ id }: NodeTrunk): VifUnavailableError {
  return new VifUnavailableError(`trunk ${id} of the node has no VLAN left`);
}
