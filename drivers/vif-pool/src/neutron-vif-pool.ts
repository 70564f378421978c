import type { Vif } from '@kuryr-l7/kuryr-objects';
import {
  type Configuration,
  hasCode,
  type Logger,
  type NODES,
  NotReadyError,
  type ObjectOf,
  type PODS,
  type PodVifDriver,
  type PodWithVifs,
  TOKENS,
  type VifPlace,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { type FreeVif, FreeVifs, groupsText } from './free-vifs.js';
import { PORTS_POOL_BATCH, PORTS_POOL_MAX, PORTS_POOL_MIN, PORTS_POOL_UPDATE_FREQUENCY } from './options.js';

type Pod = ObjectOf<typeof PODS>;

/** A VIF that a Pod has, and where it goes back to. */
interface UsedVif extends FreeVif {
  readonly podUid: string;
}

/**
 * Keeps VIFs ready for each node, project and network, made many in a request: a Pod gets one without asking Neutron for
 * anything. Which VIF is whose stands in the annotations of Pods alone; a VIF that no Pod has is free, after a restart too.
 */
@injectable()
export class NeutronVifPool implements VifPoolDriver {
  readonly name = 'neutron';
  readonly #free = new FreeVifs();
  /** By the id of the VIF. */
  readonly #used = new Map<string, UsedVif>();
  /** Uid of a Pod -> id of its VIF. */
  readonly #ofPod = new Map<string, string>();
  /** As they were made; others are asked for when they are taken. */
  readonly #known = new Map<string, Vif>();
  readonly #fillings = new Map<string, Promise<void>>();
  /** Milliseconds, of no meaning but as a difference. */
  readonly #filledAt = new Map<string, number>();
  /** Nodes that Pods leave for good. */
  #goneNodes: ReadonlySet<string> = new Set();
  readonly #closed = new AbortController();
  #isSynced = false;

  constructor(
    @inject(TOKENS.podVifDriver) private readonly vifs: PodVifDriver,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  async syncPools(pods: () => readonly PodWithVifs[], signal: AbortSignal): Promise<void> {
    const held = await this.vifs.heldVifs(signal);
    const owners = new Map(pods().flatMap(({ uid, vifIds }) => vifIds.map((id) => [id, uid])));
    const uids = new Set(pods().map(({ uid }) => uid));
    for (const { id, podUid, node, projectId, networkId, securityGroups } of held) {
      if (this.#used.has(id)) continue;
      const vif = { id, pool: poolOf(node, projectId, networkId), securityGroups };
      const owner = owners.get(id) ?? (podUid !== undefined && uids.has(podUid) ? podUid : undefined);
      if (owner !== undefined) this.#use({ ...vif, podUid: owner });
      // Made for one Pod, before there was a pool: its port says so. One in no node serves nobody.
      else if (podUid !== undefined || node === '') await this.vifs.releaseVif({ id }, signal);
      else this.#free.add(vif);
    }
    this.#isSynced = true;
  }

  async requestVif(pod: Pod, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    if (!this.#isSynced) throw new NotReadyError('what is in the pools of VIFs is not known yet');
    const podUid = pod.metadata.uid ?? '';
    const own = this.#used.get(this.#ofPod.get(podUid) ?? '');
    const owned = own === undefined ? undefined : await this.#asItIs(own, place, signal);
    if (owned !== undefined) return owned;
    const [networkId = ''] = place.subnets.map(({ network_id }) => network_id);
    const node = await this.vifs.nodeOf(pod, signal);
    const pool = poolOf(node, place.projectId, networkId);
    // It has come back.
    if (this.#goneNodes.has(node)) this.#goneNodes = new Set([...this.#goneNodes].filter((gone) => gone !== node));
    for (;;) {
      const vif = await this.#take(pool, podUid, place, signal);
      if (vif !== undefined) {
        this.#refill(pool, pod, place);
        return vif;
      }
      if (this.#free.size(pool) === 0) await this.#fill(pool, pod, place);
      signal.throwIfAborted();
    }
  }

  async releaseVif({ id }: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void> {
    const used = this.#used.get(id);
    const most = this.configuration.get(PORTS_POOL_MAX);
    if (used === undefined || this.#isGone(used.pool) || (most > 0 && this.#free.size(used.pool) >= most)) {
      await this.vifs.releaseVif({ id }, signal);
      this.#known.delete(id);
    } else {
      this.#free.add(used);
      const known = this.#known.get(id);
      if (known !== undefined) this.#known.set(id, { ...known, active: false });
    }
    if (used !== undefined) this.#unuse(used);
  }

  async activateVif(vif: Vif, signal: AbortSignal): Promise<Vif> {
    try {
      return await this.vifs.activateVif(vif, signal);
    } catch (error) {
      const used = this.#used.get(vif.id);
      if (used !== undefined && hasCode(error, 'ERR_VIF_GONE')) this.#forget(used);
      throw error;
    }
  }

  async updateVifSecurityGroups(
    { id }: Pick<Vif, 'id'>,
    securityGroups: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const used = this.#used.get(id);
    if (used !== undefined && groupsText(used.securityGroups) === groupsText(securityGroups)) return;
    await this.vifs.updateVifSecurityGroups({ id }, securityGroups, signal);
    if (used !== undefined) this.#used.set(id, { ...used, securityGroups });
  }

  async retainNodes(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<void> {
    const pools = [...this.#free.pools, ...[...this.#used.values()].map(({ pool }) => pool)];
    if (pools.length === 0) return;
    const there = await this.vifs.idsOfNodes(nodes, signal);
    this.#goneNodes = new Set(pools.map(nodeOf).filter((node) => !there.has(node)));
    await this.#deleteFree((pool) => this.#isGone(pool), signal);
  }

  leaveNetwork(networkId: string, signal: AbortSignal): Promise<void> {
    return this.#deleteFree((pool) => pool.endsWith(` ${networkId}`), signal);
  }

  async close(): Promise<void> {
    this.#closed.abort(new NotReadyError('the controller stops'));
    await Promise.allSettled(this.#fillings.values());
  }

  async #deleteFree(isSuch: (pool: string) => boolean, signal: AbortSignal): Promise<void> {
    const vifs = [...this.#free.takeAll(isSuch)];
    try {
      for (let vif = vifs[0]; vif !== undefined; vif = vifs[0]) {
        await this.vifs.releaseVif(vif, signal);
        this.#known.delete(vif.id);
        vifs.shift();
      }
    } finally {
      for (const vif of vifs) this.#free.add(vif);
    }
  }

  #isGone(pool: string): boolean {
    const node = nodeOf(pool);
    return node === '' || this.#goneNodes.has(node);
  }

  /** One of the pool, the Pod's from now on; undefined where there is none, or the one that there was is gone. */
  async #take(pool: string, podUid: string, place: VifPlace, signal: AbortSignal): Promise<Vif | undefined> {
    const free = this.#free.take(pool, place.securityGroups);
    if (free === undefined) return undefined;
    const used = { ...free, podUid };
    this.#use(used);
    try {
      const vif = await this.#asItIs(used, place, signal);
      // None given leaves it to Neutron, as when the port was made.
      if (vif !== undefined && place.securityGroups.length > 0) {
        await this.updateVifSecurityGroups(vif, place.securityGroups, signal);
      }
      return vif;
    } catch (error) {
      this.#unuse(used);
      this.#free.add(free);
      throw error;
    }
  }

  /** The VIF that a Pod has; undefined where somebody has deleted it. */
  async #asItIs(used: UsedVif, place: VifPlace, signal: AbortSignal): Promise<Vif | undefined> {
    const { id } = used;
    const vif = this.#known.get(id) ?? (await this.vifs.getVif(id, place, signal));
    if (vif === undefined) this.#forget(used);
    else this.#known.set(id, vif);
    return vif;
  }

  #use(vif: UsedVif): void {
    this.#used.set(vif.id, vif);
    this.#ofPod.set(vif.podUid, vif.id);
  }

  #unuse({ id, podUid }: UsedVif): void {
    this.#used.delete(id);
    this.#ofPod.delete(podUid);
  }

  /** It is gone for good. */
  #forget(used: UsedVif): void {
    this.#unuse(used);
    this.#known.delete(used.id);
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
    const missing = this.configuration.get(PORTS_POOL_MIN) - this.#free.size(pool);
    const count = Math.max(this.configuration.get(PORTS_POOL_BATCH), missing);
    const vifs = await this.vifs.requestVifs(pod, place, count, this.#closed.signal);
    for (const vif of vifs) {
      this.#known.set(vif.id, vif);
      this.#free.add({ id: vif.id, pool, securityGroups: place.securityGroups });
    }
  }
}

/** The first word of what {@link poolOf} says. */
function nodeOf(pool: string): string {
  return pool.split(' ', 1).join();
}

function poolOf(node: string, projectId: string, networkId: string): string {
  return `${node} ${projectId} ${networkId}`;
}
