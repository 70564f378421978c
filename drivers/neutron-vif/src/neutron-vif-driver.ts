import { OVS_BRIDGE } from '@kuryr-l7/config';
import { keyOf, type NODES, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import type { Port, PortCreate, Subnet } from '@kuryr-l7/openstack';
import {
  type Configuration,
  type HeldVif,
  type Logger,
  NotReadyError,
  type PodVifDriver,
  type SharedCloud,
  TOKENS,
  type VifPlace,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { PodPorts } from './pod-ports.js';
import { bindingRefusal, bindingTrouble } from './port-binding.js';
import { portRequest } from './port-request.js';
import { openVSwitchVif } from './vif-of-port.js';

type Pod = ObjectOf<typeof PODS>;

/** A port of Neutron for each Pod, bound to the node, which has an agent of Neutron. */
@injectable()
export class NeutronVifDriver implements PodVifDriver {
  readonly name = 'neutron-vif';
  readonly #ports: PodPorts;

  constructor(
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.cloud) cloud: SharedCloud,
    @inject(TOKENS.logger) logger: Logger,
  ) {
    this.#ports = new PodPorts(configuration, cloud, logger);
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
    const request = { ...(await this.#request(pod, place)), device_id: uid };
    const found = await this.#ports.ofPod(uid, signal);
    const ports = found === undefined ? await this.#create([request], pod, signal) : [found];
    const [port] = await this.#bound(ports, signal);
    if (port === undefined) throw new NotReadyError(`Pod ${keyOf(pod)} has no port yet`);
    return this.#vif(port, place.subnets, signal);
  }

  async requestVifs(pod: Pod, place: VifPlace, count: number, signal: AbortSignal): Promise<readonly HeldVif[]> {
    const request = await this.#request(pod, place);
    const requests = Array.from({ length: count }, () => request);
    const ports = await this.#bound(await this.#create(requests, undefined, signal), signal);
    return ports.map((port) => this.#held(port));
  }

  async assignVif({ id }: Pick<Vif, 'id'>, pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    const port = await this.#ports.assign(id, pod, place, { device_id: pod.metadata.uid ?? '' }, signal);
    await this.#bound([port], signal);
    return this.#vif(port, place.subnets, signal);
  }

  async vifOf(podUid: string, signal: AbortSignal): Promise<Vif | undefined> {
    const port = await this.#ports.ofPod(podUid, signal);
    return port === undefined || bindingTrouble(port) !== undefined ? undefined : this.#vif(port, [], signal);
  }

  async releaseVif({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
    await this.#ports.release(id, signal);
  }

  async releaseVifOf(podUid: string, signal: AbortSignal): Promise<void> {
    for (const id of await this.#ports.idsOf(podUid, signal)) await this.#ports.release(id, signal);
  }

  async activateVif(vif: Vif, signal: AbortSignal): Promise<Vif> {
    if (!vif.active) await this.#ports.requireActive(vif.id, signal);
    return { ...vif, active: true };
  }

  async heldVifs(signal: AbortSignal): Promise<readonly HeldVif[]> {
    const ports = await this.#ports.list(signal);
    return ports.map((port) => this.#held(port));
  }

  #held(port: Port): HeldVif {
    // Of use on no node: Neutron binds it where its trunk is.
    const isVlan = port.device_owner === 'trunk:subport';
    return this.#ports.held(port, isVlan ? '' : port['binding:host_id']);
  }

  async #request(pod: Pod, place: VifPlace): Promise<PortCreate> {
    return { ...portRequest(place), 'binding:host_id': await this.nodeOf(pod) };
  }

  async #create(requests: readonly PortCreate[], pod: Pod | undefined, signal: AbortSignal): Promise<readonly Port[]> {
    try {
      return await this.#ports.create(requests, pod, signal);
    } catch (error) {
      throw bindingRefusal(error);
    }
  }

  /** Those that are bound; the others go, as they would never be. @throws where that are all */
  async #bound(ports: readonly Port[], signal: AbortSignal): Promise<readonly Port[]> {
    const bound = ports.filter((port) => bindingTrouble(port) === undefined);
    const [unbound, ...more] = ports.filter((port) => !bound.includes(port));
    if (unbound === undefined) return bound;
    for (const { id } of [unbound, ...more]) await this.#ports.release(id, signal);
    if (bound.length === 0) throw bindingTrouble(unbound);
    return bound;
  }

  async #vif(port: Port, known: readonly Subnet[], signal: AbortSignal): Promise<Vif> {
    return openVSwitchVif(await this.#ports.surrounded(port, known, signal), this.configuration.get(OVS_BRIDGE));
  }
}
