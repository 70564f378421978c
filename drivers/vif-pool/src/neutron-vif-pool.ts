import type { Vif } from '@kuryr-l7/kuryr-objects';
import {
  type Configuration,
  type HeldVif,
  hasCode,
  type Logger,
  type NODES,
  NotReadyError,
  type ObjectOf,
  type PODS,
  type PodPlaces,
  type PodVifDriver,
  TOKENS,
  tryEach,
  type VifPlace,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { type FreeVif, FreeVifs, type WantedVif } from './free-vifs.js';
import { GonePlaces } from './gone-places.js';
import { PORTS_POOL_MAX } from './options.js';
import { PoolFillings, type VifRequest } from './pool-fillings.js';
import { VifBatches } from './vif-batches.js';

type Pod = ObjectOf<typeof PODS>;

/** A VIF that a Pod has, and where it goes back to. */
interface UsedVif extends FreeVif {
  /** Neutron has said that it knows whose it is. */
  readonly isAssigned: boolean;
}

/**
 * Keeps VIFs ready for each node, project and subnets, made many in a request: a Pod gets one by the one request that
 * writes into Neutron whose it is. It says so until the next Pod has it; free is what is of no Pod that is there.
 */
@injectable()
export class NeutronVifPool implements VifPoolDriver {
  readonly name = 'neutron';
  readonly #free = new FreeVifs();
  /** By the uid of the Pod that has it. */
  readonly #used = new Map<string, UsedVif>();
  /** Ids of what Pods have left and nobody can use, to be deleted. */
  readonly #left = new Set<string>();
  /** Ids of all these, and of what is just being deleted. */
  readonly #known = new Set<string>();
  readonly #batches: VifBatches;
  readonly #fillings: PoolFillings;
  readonly #gone = new GonePlaces();
  readonly #closed = new AbortController();
  #isSynced = false;

  constructor(
    @inject(TOKENS.podVifDriver) private readonly vifs: PodVifDriver,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {
    this.#batches = new VifBatches(vifs, (held) => this.#takeIn(held), this.#closed.signal);
    this.#fillings = new PoolFillings({
      configuration,
      logger,
      count: (wanted) => this.#free.count(wanted),
      settle: () => this.#batches.settle(),
      make: (request, count) => this.#make(request, count),
    });
  }

  async syncPools(podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const held = await this.vifs.heldVifs(signal);
    const there = podUids();
    // Of an attempt that was broken off.
    this.#used.clear();
    this.#free.takeAll(() => true);
    this.#left.clear();
    this.#known.clear();
    for (const vif of held) {
      const { id, podUid = '' } = vif;
      this.#known.add(id);
      const free = freeVif(vif);
      // Of several of a Pod, the one in use comes first.
      if (there.has(podUid) && !this.#used.has(podUid)) this.#used.set(podUid, { ...free, isAssigned: true });
      else if (there.has(podUid) || !this.#isWelcome(free)) this.#left.add(id);
      else this.#free.add(free);
    }
    this.#isSynced = true;
  }

  async releaseLeftovers(_podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const release = async (id: string) => {
      await this.#delete({ id }, signal);
      this.#left.delete(id);
    };
    await tryEach(this.#left, release, signal);
  }

  async requestVif(pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    if (!this.#isSynced) throw new NotReadyError('what is in the pools of VIFs is not known yet');
    const owned = await this.vifOf(pod.metadata.uid ?? '', signal);
    if (owned !== undefined) return owned;
    const [networkId = ''] = place.subnets.map(({ network_id }) => network_id);
    const { projectId, securityGroups } = place;
    const subnetIds = place.subnets.map(({ id }) => id);
    const wanted = { node: await this.vifs.nodeOf(pod, signal), projectId, networkId, subnetIds, securityGroups };
    const request = { pod, place, wanted };
    this.#gone.comeBack(wanted);
    for (;;) {
      const vif = await this.#take(request, signal);
      if (vif !== undefined) {
        this.#fillings.refill(request);
        return vif;
      }
      if (this.#free.count(wanted) === 0) await this.#fillings.fill(request);
      signal.throwIfAborted();
    }
  }

  async vifOf(podUid: string, signal: AbortSignal): Promise<Vif | undefined> {
    return this.#used.get(podUid)?.isAssigned === true ? this.vifs.vifOf(podUid, signal) : undefined;
  }

  async releaseVif(podUid: string, signal: AbortSignal): Promise<void> {
    const used = this.#used.get(podUid);
    if (used === undefined) return;
    // Given back once, however many ask for it.
    this.#used.delete(podUid);
    try {
      await this.#giveBack(used, signal);
    } catch (error) {
      this.#used.set(podUid, used);
      throw error;
    }
  }

  async activateVif(vif: Vif, signal: AbortSignal): Promise<Vif> {
    try {
      return await this.vifs.activateVif(vif, signal);
    } catch (error) {
      if (hasCode(error, 'ERR_VIF_GONE')) this.#forget(vif);
      throw error;
    }
  }

  async retainNodes(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<void> {
    await this.#batches.settle();
    const vifs = this.#vifs;
    if (vifs.length === 0) return;
    const there = await this.vifs.idsOfNodes(nodes, signal);
    this.#gone.setNodes(vifs.filter(({ node }) => !there.has(node)));
    await this.#deleteFree((vif) => this.#gone.has(vif), signal);
  }

  async retainPlaces(placesOf: () => Promise<PodPlaces>, signal: AbortSignal): Promise<void> {
    await this.#batches.settle();
    const vifs = this.#vifs;
    if (vifs.length === 0) return;
    const places = await placesOf();
    this.#gone.setPlaces(vifs.filter((vif) => !isAmong(vif, places)));
    await this.#deleteFree((vif) => this.#gone.has(vif), signal);
  }

  async leaveNetwork(networkId: string, signal: AbortSignal): Promise<void> {
    await this.#batches.settle();
    await this.#deleteFree((vif) => vif.networkId === networkId, signal);
  }

  async close(): Promise<void> {
    this.#closed.abort(new NotReadyError('the controller stops'));
    await this.#fillings.close();
  }

  async #deleteFree(isSuch: (vif: WantedVif) => boolean, signal: AbortSignal): Promise<void> {
    this.#fillings.forget(isSuch);
    const vifs = new Set(this.#free.takeAll(isSuch));
    const release = async (vif: FreeVif) => {
      await this.#delete(vif, signal);
      vifs.delete(vif);
    };
    try {
      await tryEach(vifs, release, signal);
    } finally {
      for (const vif of vifs) this.#free.add(vif);
    }
  }

  /** Also those in use: Pods will leave them. */
  get #vifs(): readonly FreeVif[] {
    return [...this.#free.all, ...this.#used.values()];
  }

  /** To the next Pod, or deleted where no Pod would come for it. */
  async #giveBack({ isAssigned: _, ...vif }: UsedVif, signal: AbortSignal): Promise<void> {
    if (this.#isWelcome(vif)) this.#free.add(vif);
    else await this.#delete(vif, signal);
  }

  async #delete({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
    await this.vifs.releaseVif({ id }, signal);
    this.#known.delete(id);
  }

  /** Also what was made in advance by a request of which nobody has heard; what is left half-made of it goes. */
  async #takeIn(held: readonly HeldVif[]): Promise<void> {
    for (const vif of held) if (vif.podUid === undefined) this.#add(freeVif(vif));
    await this.#deleteFree((vif) => this.#gone.has(vif), this.#closed.signal).catch((error: unknown) => {
      this.logger.warn('VIFs that were left half-made are not deleted yet', { error });
    });
  }

  /** Whether a Pod may come for one more. */
  #isWelcome(vif: FreeVif): boolean {
    const most = this.configuration.get(PORTS_POOL_MAX);
    return !this.#gone.has(vif) && (most === 0 || this.#free.count(vif) < most);
  }

  /** One of the pool, the Pod's from now on; undefined where there is none, or the one that there was is gone. */
  async #take({ pod, place, wanted }: VifRequest, signal: AbortSignal): Promise<Vif | undefined> {
    const podUid = pod.metadata.uid ?? '';
    const taken = this.#used.get(podUid) ?? this.#free.take(wanted);
    if (taken === undefined) return undefined;
    // Nobody else's from now on, whatever is heard of the request.
    this.#used.set(podUid, { ...taken, isAssigned: false });
    try {
      const vif = await this.vifs.assignVif(taken, pod, place, signal);
      const { securityGroups } = place.securityGroups.length > 0 ? place : taken;
      this.#used.set(podUid, { ...taken, node: wanted.node, securityGroups, isAssigned: true });
      // The agent may not have noticed yet that the last Pod is gone.
      return { ...vif, active: false };
    } catch (error) {
      if (!hasCode(error, 'ERR_VIF_GONE')) throw error;
      await this.#delete(taken, signal);
      this.#used.delete(podUid);
      return undefined;
    }
  }

  #forget({ id }: Vif): void {
    this.#known.delete(id);
    for (const [podUid, used] of this.#used) if (used.id === id) this.#used.delete(podUid);
  }

  async #make({ pod, place, wanted }: VifRequest, count: number): Promise<void> {
    for (const { id, securityGroups } of await this.#batches.make(pod, place, count)) {
      this.#add({ ...wanted, id, securityGroups });
    }
  }

  /** One that was made in advance; once, however often it is heard of. */
  #add(vif: FreeVif): void {
    if (this.#known.has(vif.id)) return;
    this.#known.add(vif.id);
    this.#free.add(vif);
  }
}

function isAmong({ projectId, subnetIds }: FreeVif, { projects, subnets }: PodPlaces): boolean {
  const isOfProject = projects?.includes(projectId) ?? true;
  const isInSubnets = subnets?.some((ones) => ones.every(({ id }) => subnetIds.includes(id))) ?? true;
  return isOfProject && isInSubnets;
}

function freeVif({ podUid: _, ...vif }: HeldVif): FreeVif {
  return vif;
}
