import { keyOf, type NODES, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import { NotFoundError, type Port } from '@kuryr-l7/openstack';
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
import { KnownNetworks } from './known-networks.js';
import { PORT_DEBUG, REV_UPDATE_ATTEMPTS, WORKER_NODES_SUBNETS } from './options.js';
import { PodPorts } from './pod-ports.js';
import { portRequest } from './port-request.js';
import { PortStatuses } from './port-statuses.js';
import { Trunks } from './trunks.js';
import { vlanVif } from './vif-of-port.js';

type Pod = ObjectOf<typeof PODS>;

/** A port of Neutron for each Pod, which is a VLAN of the trunk of its node: for nodes that are servers of the cloud. */
@injectable()
export class NestedVlanDriver implements PodVifDriver {
  readonly name = 'nested-vlan';
  readonly #ports: PodPorts;
  readonly #networks: KnownNetworks;
  readonly #statuses: PortStatuses;
  readonly #trunks: Trunks;

  constructor(
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
    @inject(TOKENS.logger) logger: Logger,
  ) {
    this.#ports = new PodPorts(configuration, cloud, logger);
    this.#networks = new KnownNetworks(cloud);
    this.#statuses = new PortStatuses(cloud);
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
    const uid = pod.metadata.uid ?? '';
    const trunkId = await this.nodeOf(pod, signal);
    const found = await this.#ports.ofPod(uid, signal);
    const named = this.configuration.get(PORT_DEBUG) ? { name: keyOf(pod).slice(0, 255) } : {};
    // No device_id: Neutron then refuses the port as a VLAN of a trunk (measured).
    const ports =
      found === undefined ? await this.#ports.create([{ ...portRequest(place), ...named }], uid, signal) : [found];
    const [vif] = await this.#attached(trunkId, ports, place, signal);
    if (vif === undefined) throw new VifUnavailableError(`trunk ${trunkId} of the node has no VLAN left`);
    return vif;
  }

  async requestVifs(pod: Pod, place: VifPlace, count: number, signal: AbortSignal): Promise<readonly Vif[]> {
    const trunkId = await this.nodeOf(pod, signal);
    const request = portRequest(place);
    const ports = await this.#ports.create(
      Array.from({ length: count }, () => request),
      undefined,
      signal,
    );
    const vifs = await this.#attached(trunkId, ports, place, signal);
    const unused = ports.filter(({ id }) => !vifs.some((vif) => vif.id === id));
    for (const { id } of unused) await this.#ports.release(id, signal);
    if (vifs.length === 0) throw new VifUnavailableError(`trunk ${trunkId} of the node has no VLAN left`);
    return vifs;
  }

  async getVif(id: string, place: VifPlace, signal: AbortSignal): Promise<Vif | undefined> {
    const port = await this.#ports.get(id, signal);
    const vlanId = port === undefined ? undefined : await this.#trunks.vlanOf(id, signal);
    if (port === undefined || vlanId === undefined) return undefined;
    return vlanVif(
      { port, network: await this.#networks.get(port.network_id, signal), subnets: place.subnets },
      vlanId,
    );
  }

  async releaseVif({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
    if ((await this.#ports.get(id, signal)) === undefined) return;
    await this.#trunks.detach(id, signal);
    await this.#ports.release(id, signal);
  }

  async activateVif(vif: Vif, signal: AbortSignal): Promise<Vif> {
    if (!vif.active) await this.#statuses.requireActive(vif.id, signal);
    return { ...vif, active: true };
  }

  async updateVifSecurityGroups(
    { id }: Pick<Vif, 'id'>,
    securityGroups: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const { neutron } = await this.cloud.open();
    await neutron.ports.update(id, { security_groups: securityGroups }, { signal });
  }

  async heldVifs(signal: AbortSignal): Promise<readonly HeldVif[]> {
    const [ports, trunks] = await Promise.all([this.#ports.list(signal), this.#trunks.list(signal)]);
    const trunkOf = new Map(trunks.flatMap(({ id, sub_ports }) => sub_ports.map(({ port_id }) => [port_id, id])));
    return ports.map((port) => ({
      id: port.id,
      podUid: this.#ports.ownership.podUidOf(port),
      // In no trunk: of a node that is gone, or left half-made.
      node: trunkOf.get(port.id) ?? '',
      projectId: port.project_id,
      networkId: port.network_id,
      securityGroups: port.security_groups,
    }));
  }

  /** The VIFs of those ports that have a VLAN. */
  async #attached(
    trunkId: string,
    ports: readonly Port[],
    { subnets }: VifPlace,
    signal: AbortSignal,
  ): Promise<readonly Vif[]> {
    const ids = ports.map(({ id }) => id);
    const vlans = await this.#trunks.attach(trunkId, ids, signal).catch((error: unknown) => {
      if (error instanceof NotFoundError) this.#trunks.forget(trunkId);
      throw error;
    });
    const vifs: Vif[] = [];
    for (const port of ports) {
      const vlanId = vlans.get(port.id);
      const network = await this.#networks.get(port.network_id, signal);
      if (vlanId !== undefined) vifs.push(vlanVif({ port, network, subnets }, vlanId));
    }
    return vifs;
  }
}
