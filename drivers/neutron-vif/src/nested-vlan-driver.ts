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
  VifGoneError,
  type VifPlace,
  VifUnavailableError,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { REV_UPDATE_ATTEMPTS, WORKER_NODES_SUBNETS } from './options.js';
import { PodPorts } from './pod-ports.js';
import { portRequest } from './port-request.js';
import { Trunks } from './trunks.js';
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
      nodeSubnets: configuration.get(WORKER_NODES_SUBNETS),
      attempts: configuration.get(REV_UPDATE_ATTEMPTS),
    });
  }

  /** The id of the node's trunk. */
  async nodeOf(pod: Pod, signal: AbortSignal): Promise<string> {
    const address = pod.status?.hostIP;
    // The kubelet tells it with the first status that it writes.
    if (address === undefined || address === '') {
      throw new NotReadyError(`Pod ${keyOf(pod)} does not tell the address of its node yet`);
    }
    return this.#trunks.ofNode(address, signal);
  }

  async idsOfNodes(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const trunkIds = new Set<string>();
    for (const { type, address } of nodes.flatMap(({ status }) => status?.addresses ?? [])) {
      if (type !== 'InternalIP') continue;
      try {
        trunkIds.add(await this.#trunks.ofNode(address, signal));
      } catch (error) {
        // As those of the control plane.
        if (!(error instanceof VifUnavailableError)) throw error;
      }
    }
    return trunkIds;
  }

  async requestVif(pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    const trunkId = await this.nodeOf(pod, signal);
    const found = await this.#ports.ofPod(pod.metadata.uid ?? '', signal);
    // No device_id: Neutron then refuses the port as a VLAN of a trunk (measured).
    const ports = found === undefined ? await this.#ports.create([portRequest(place)], pod, signal) : [found];
    const vlans = await this.#attach(trunkId, ports, signal);
    for (const port of ports) {
      const vlanId = vlans.get(port.id);
      if (vlanId !== undefined) return this.#vif(port, vlanId, place.subnets, signal);
    }
    throw withoutVlan(trunkId);
  }

  async requestVifs(pod: Pod, place: VifPlace, count: number, signal: AbortSignal): Promise<readonly HeldVif[]> {
    const trunkId = await this.nodeOf(pod, signal);
    const request = portRequest(place);
    const requests = Array.from({ length: count }, () => request);
    const ports = await this.#ports.create(requests, undefined, signal);
    const vlans = await this.#attach(trunkId, ports, signal);
    const attached = ports.filter(({ id }) => vlans.has(id));
    for (const { id } of ports) if (!vlans.has(id)) await this.#ports.release(id, signal);
    if (attached.length === 0) throw withoutVlan(trunkId);
    return attached.map((port) => this.#ports.held(port, trunkId));
  }

  async assignVif({ id }: Pick<Vif, 'id'>, pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    const port = await this.#ports.assign(id, pod, place, {}, signal);
    const vlanId = await this.#trunks.vlanOf(id, signal);
    if (vlanId === undefined) throw new VifGoneError(`port ${id} is in no trunk: somebody has taken it out`);
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
    const trunkOf = new Map(trunks.flatMap(({ id, sub_ports }) => sub_ports.map(({ port_id }) => [port_id, id])));
    // In no trunk: of a node that is gone, or left half-made.
    return ports.map((port) => this.#ports.held(port, trunkOf.get(port.id) ?? ''));
  }

  /** The VLAN of each port that has got one. */
  #attach(trunkId: string, ports: readonly Port[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const ids = ports.map(({ id }) => id);
    return this.#trunks.attach(trunkId, ids, signal).catch((error: unknown) => {
      if (error instanceof NotFoundError) {
        this.#trunks.forget(trunkId);
        for (const id of ids) this.#ports.doubt(id);
      }
      throw error;
    });
  }

  async #vif(port: Port, vlanId: number, known: readonly Subnet[], signal: AbortSignal): Promise<Vif> {
    return vlanVif(await this.#ports.surrounded(port, known, signal), vlanId);
  }
}

function withoutVlan(trunkId: string): VifUnavailableError {
  return new VifUnavailableError(`trunk ${trunkId} of the node has no VLAN left`);
}
