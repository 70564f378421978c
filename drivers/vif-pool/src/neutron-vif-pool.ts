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
  type PodVifDriver,
  TOKENS,
  tryEach,
  type VifPlace,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { type FreeVif, FreeVifs } from './free-vifs.js';
import { PORTS_POOL_BATCH, PORTS_POOL_MAX, PORTS_POOL_MIN, PORTS_POOL_UPDATE_FREQUENCY } from './options.js';
import { VifBatches } from './vif-batches.js';

type Pod = ObjectOf<typeof PODS>;

/** A VIF that a Pod has, and where it goes back to. */
interface UsedVif extends FreeVif {
  /** Neutron has said that it knows whose it is. */
  readonly isAssigned: boolean;
}

/**
 * Keeps VIFs ready for each node, project and network, made many in a request: a Pod gets one by the one request that
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
  readonly #fillings = new Map<string, Promise<void>>();
  /** Milliseconds, of no meaning but as a difference. */
  readonly #filledAt = new Map<string, number>();
  /** Nodes and networks that Pods leave for good. */
  #goneNodes = new Set<string>();
  #goneNetworks = new Set<string>();
  readonly #closed = new AbortController();
  #isSynced = false;

  constructor(
    @inject(TOKENS.podVifDriver) private readonly vifs: PodVifDriver,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {
    this.#batches = new VifBatches(vifs, (held) => this.#takeIn(held), this.#closed.signal);
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
      else if (there.has(podUid) || !this.#isWelcome(free.pool)) this.#left.add(id);
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
    const node = await this.vifs.nodeOf(pod, signal);
    const pool = poolOf({ node, projectId: place.projectId, networkId });
    // They have come back.
    this.#goneNodes.delete(node);
    this.#goneNetworks.delete(networkId);
    for (;;) {
      const vif = await this.#take(pool, pod, place, signal);
      if (vif !== undefined) {
        this.#refill(pool, pod, place);
        return vif;
      }
      if (this.#free.size(pool) === 0) await this.#fill(pool, pod, place);
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
    const pools = this.#pools;
    if (pools.length === 0) return;
    const there = await this.vifs.idsOfNodes(nodes, signal);
    this.#goneNodes = new Set(pools.map(nodeOf).filter((node) => !there.has(node)));
    await this.#deleteFree((pool) => this.#isGone(pool), signal);
  }

  async retainNetworks(networkIds: () => Promise<ReadonlySet<string>>, signal: AbortSignal): Promise<void> {
    await this.#batches.settle();
    const pools = this.#pools;
    if (pools.length === 0) return;
    const there = await networkIds();
    this.#goneNetworks = new Set(pools.map(networkOf).filter((id) => !there.has(id)));
    await this.#deleteFree((pool) => this.#isGone(pool), signal);
  }

  async leaveNetwork(networkId: string, signal: AbortSignal): Promise<void> {
    await this.#batches.settle();
    await this.#deleteFree((pool) => networkOf(pool) === networkId, signal);
  }

  async close(): Promise<void> {
    this.#closed.abort(new NotReadyError('the controller stops'));
    await Promise.allSettled(this.#fillings.values());
  }

  async #deleteFree(isSuch: (pool: string) => boolean, signal: AbortSignal): Promise<void> {
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

  /** Also those of which all is in use. */
  get #pools(): readonly string[] {
    return [...this.#free.pools, ...[...this.#used.values()].map(({ pool }) => pool)];
  }

  #isGone(pool: string): boolean {
    const node = nodeOf(pool);
    return node === '' || this.#goneNodes.has(node) || this.#goneNetworks.has(networkOf(pool));
  }

  /** To the next Pod, or deleted where no Pod would come for it. */
  async #giveBack({ id, pool, securityGroups }: FreeVif, signal: AbortSignal): Promise<void> {
    if (this.#isWelcome(pool)) this.#free.add({ id, pool, securityGroups });
    else await this.#delete({ id }, signal);
  }

  async #delete({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
    await this.vifs.releaseVif({ id }, signal);
    this.#known.delete(id);
  }

  /** Also what was made in advance by a request of which nobody has heard; what is left half-made of it goes. */
  async #takeIn(held: readonly HeldVif[]): Promise<void> {
    for (const vif of held) if (vif.podUid === undefined) this.#add(freeVif(vif));
    await this.#deleteFree((pool) => this.#isGone(pool), this.#closed.signal).catch((error: unknown) => {
      this.logger.warn('VIFs that were left half-made are not deleted yet', { error });
    });
  }

  /** Whether a Pod may come for one more. */
  #isWelcome(pool: string): boolean {
    const most = this.configuration.get(PORTS_POOL_MAX);
    return !this.#isGone(pool) && (most === 0 || this.#free.size(pool) < most);
  }

  /** One of the pool, the Pod's from now on; undefined where there is none, or the one that there was is gone. */
  async #take(pool: string, pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif | undefined> {
    const podUid = pod.metadata.uid ?? '';
    const taken = this.#used.get(podUid) ?? this.#free.take(pool, place.securityGroups);
    if (taken === undefined) return undefined;
    // Nobody else's from now on, whatever is heard of the request.
    this.#used.set(podUid, { ...taken, isAssigned: false });
    try {
      const vif = await this.vifs.assignVif(taken, pod, place, signal);
      const { securityGroups } = place.securityGroups.length > 0 ? place : taken;
      this.#used.set(podUid, { ...taken, securityGroups, isAssigned: true });
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

  /** In the background, and not too often. */
  #refill(pool: string, pod: Pod, place: VifPlace): void {
    if (this.#free.size(pool) >= this.configuration.get(PORTS_POOL_MIN)) return;
    const pause = this.configuration.get(PORTS_POOL_UPDATE_FREQUENCY) * 1_000;
    if (performance.now() - (this.#filledAt.get(pool) ?? Number.NEGATIVE_INFINITY) < pause) return;
    this.#fill(pool, pod, place).catch((error: unknown) => {
      this.logger.warn('a pool of VIFs could not be filled up', { pool, error });
    });
  }

  /** However many ask for it at once, a pool is filled once. */
  #fill(pool: string, pod: Pod, place: VifPlace): Promise<void> {
    const underWay = this.#fillings.get(pool);
    if (underWay !== undefined) return underWay;
    const filling = this.#make(pool, pod, place).finally(() => this.#fillings.delete(pool));
    this.#fillings.set(pool, filling);
    return filling;
  }

  async #make(pool: string, pod: Pod, place: VifPlace): Promise<void> {
    this.#filledAt.set(pool, performance.now());
    await this.#batches.settle();
    const missing = this.configuration.get(PORTS_POOL_MIN) - this.#free.size(pool);
    if (missing <= 0) return;
    const count = Math.max(this.configuration.get(PORTS_POOL_BATCH), missing);
    for (const vif of await this.#batches.make(pod, place, count)) this.#add({ ...freeVif(vif), pool });
  }

  /** One that was made in advance; once, however often it is heard of. */
  #add(vif: FreeVif): void {
    if (this.#known.has(vif.id)) return;
    this.#known.add(vif.id);
    this.#free.add(vif);
  }
}

/** The first word of what {@link poolOf} says. */
function nodeOf(pool: string): string {
  return pool.split(' ', 1).join();
}

/** The last one. */
function networkOf(pool: string): string {
  return pool.slice(pool.lastIndexOf(' ') + 1);
}

function poolOf({ node, projectId, networkId }: Pick<HeldVif, 'node' | 'projectId' | 'networkId'>): string {
  return `${node} ${projectId} ${networkId}`;
}

function freeVif(vif: HeldVif): FreeVif {
  return { id: vif.id, pool: poolOf(vif), securityGroups: vif.securityGroups };
}
