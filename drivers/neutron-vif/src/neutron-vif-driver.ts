import { OVS_BRIDGE } from '@kuryr-l7/config';
import { keyOf, type NODES, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import type { Port, PortCreate } from '@kuryr-l7/openstack';
import {
  type Configuration,
  ConfigurationError,
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
import { PORT_DEBUG } from './options.js';
import { PodPorts } from './pod-ports.js';
import { portRequest } from './port-request.js';
import { PortStatuses } from './port-statuses.js';
import { openVSwitchVif } from './vif-of-port.js';

type Pod = ObjectOf<typeof PODS>;

/** A port of Neutron for each Pod, bound to the node, which has an agent of Neutron. */
@injectable()
export class NeutronVifDriver implements PodVifDriver {
  readonly name = 'neutron-vif';
  readonly #ports: PodPorts;
  readonly #networks: KnownNetworks;
  readonly #statuses: PortStatuses;

  constructor(
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
    @inject(TOKENS.logger) logger: Logger,
  ) {
    this.#ports = new PodPorts(configuration, cloud, logger);
    this.#networks = new KnownNetworks(cloud);
    this.#statuses = new PortStatuses(cloud);
  }

  async nodeOf(pod: Pod): Promise<string> {
    const node = pod.spec?.nodeName;
    if (node === undefined || node === '') throw new NotReadyError(`Pod ${keyOf(pod)} is not scheduled to a node yet`);
    return node;
  }

  async idsOfNodes(nodes: readonly ObjectOf<typeof NODES>[]): Promise<ReadonlySet<string>> {
    return new Set(nodes.map(({ metadata }) => metadata.name));
  }

  async requestVif(pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    const uid = pod.metadata.uid ?? '';
    const request = { ...(await this.#request(pod, place)), device_id: uid, ...this.#named(pod) };
    const found = await this.#ports.ofPod(uid, signal);
    const [port] = found === undefined ? await this.#ports.create([request], uid, signal) : [found];
    if (port === undefined) throw new NotReadyError(`Pod ${keyOf(pod)} has no port yet`);
    return this.#vif(port, place, signal);
  }

  async requestVifs(pod: Pod, place: VifPlace, count: number, signal: AbortSignal): Promise<readonly Vif[]> {
    const request = await this.#request(pod, place);
    const requests = Array.from({ length: count }, () => request);
    const ports = await this.#ports.create(requests, undefined, signal);
    return Promise.all(ports.map((port) => this.#vif(port, place, signal)));
  }

  async getVif(id: string, place: VifPlace, signal: AbortSignal): Promise<Vif | undefined> {
    const port = await this.#ports.get(id, signal);
    return port === undefined ? undefined : this.#vif(port, place, signal);
  }

  async releaseVif({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
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
    const ports = await this.#ports.list(signal);
    return ports.map((port) => ({
      id: port.id,
      podUid: this.#ports.ownership.podUidOf(port),
      node: port['binding:host_id'],
      projectId: port.project_id,
      networkId: port.network_id,
      securityGroups: port.security_groups,
    }));
  }

  async #request(pod: Pod, place: VifPlace): Promise<PortCreate> {
    return { ...portRequest(place), 'binding:host_id': await this.nodeOf(pod) };
  }

  #named(pod: Pod): Pick<PortCreate, 'name'> {
    return this.configuration.get(PORT_DEBUG) ? { name: keyOf(pod).slice(0, 255) } : {};
  }

  async #vif(port: Port, { subnets }: VifPlace, signal: AbortSignal): Promise<Vif> {
    const network = await this.#networks.get(port.network_id, signal);
    const type = port['binding:vif_type'];
    if (type === 'ovs') {
      return openVSwitchVif({ port, network, subnets }, this.configuration.get(OVS_BRIDGE));
    }
    // Bound anew by another one only.
    await this.#ports.release(port.id, signal);
    const host = port['binding:host_id'];
    if (type === '') {
      throw new ConfigurationError(
        'Neutron does not tell how ports are bound: the user of [neutron] needs the role admin, or a policy that lets it ' +
          'bind ports to hosts',
      );
    }
    if (type === 'binding_failed' || type === 'unbound') {
      throw new VifUnavailableError(
        `Neutron can't bind a port to node ${host}: an agent of Neutron has to run there under this name and be alive ` +
          '("openstack network agent list")',
      );
    }
    throw new ConfigurationError(`node ${host} is served by ${type}, and pod_vif_driver = neutron-vif knows ovs alone`);
  }
}
