import { type Clock, type Failure, keyOf, type ObjectOf, PODS, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import { formatPayload, POD_STATE, VIF_ANNOTATION, type Vif } from '@kuryr-l7/kuryr-objects';
import {
  type Handler,
  type HandlerContext,
  hasCode,
  type KubernetesWriter,
  type Logger,
  type ObjectKey,
  type PodProjectDriver,
  type PodSecurityGroupsDriver,
  type PodSubnetsDriver,
  TOKENS,
  tryEach,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable, unmanaged } from 'inversify';
import { nextLook, PATIENCE } from './activation-pace.js';
import { Leftovers } from './leftovers.js';
import { hasOwnNetwork, isFinished, isPending, needsVif } from './pod-phase.js';
import { Recovery } from './recovery.js';
import { SeenPods } from './seen-pods.js';
import { troubleNote } from './trouble-note.js';

type Pod = ObjectOf<typeof PODS>;

interface Waiting {
  readonly uid: string;
  readonly since: number;
  readonly reason: string;
  /** A person was told. */
  readonly isTold: boolean;
  readonly cancel: () => void;
}

/**
 * Pod -> VIF, and the annotation `openstack.org/kuryr-vif` that Kuryr's CNI daemon waits for: first with `active: false`, for
 * it to plug the VIF in, then with `active: true` once the network is ready. The VIF goes when the Pod is gone or has
 * finished.
 *
 * Who has which VIF is known by the uids of Pods, in Neutron too. The annotation is written and never read: a Pod's maker
 * could write somebody else's VIF into it.
 */
@injectable()
export class PodVifHandler implements Handler<Pod> {
  readonly name = 'vif';
  readonly kind = PODS;
  readonly #seen = new SeenPods();
  readonly #waiting = new Map<ObjectKey, Waiting>();
  readonly #recovery: Recovery;
  #context: HandlerContext | undefined;
  #leftovers: Leftovers | undefined;

  constructor(
    @inject(TOKENS.kubernetes) private readonly kubernetes: KubernetesWriter,
    @inject(TOKENS.podProjectDriver) private readonly projects: PodProjectDriver,
    @inject(TOKENS.podSubnetsDriver) private readonly subnets: PodSubnetsDriver,
    @inject(TOKENS.podSecurityGroupsDriver) private readonly securityGroups: PodSecurityGroupsDriver,
    @inject(TOKENS.vifPoolDriver) private readonly pool: VifPoolDriver,
    @inject(TOKENS.logger) private readonly logger: Logger,
    @unmanaged() private readonly clock: Clock = SYSTEM_CLOCK,
  ) {
    this.#recovery = new Recovery((signal) => this.pool.syncPools(() => this.#uidsWithVifs(), signal), logger);
  }

  start(context: HandlerContext): void {
    this.#context = context;
    const ready = (signal: AbortSignal) => this.#recovery.done(signal);
    const podUids = () => uidsOf(this.#podsWithVifs());
    const { projects, subnets, pool, logger, clock } = this;
    this.#leftovers = new Leftovers({ context, projects, subnets, pool, podUids, ready, logger, clock });
  }

  /** Also where there is no Pod, so that what Pods have left goes. */
  synced(): void {
    this.#recovery.begin(this.clock);
    this.#leftovers?.begin();
  }

  /** Pods whose VIF takes longer to become active than it should. */
  failing(): readonly Failure[] {
    const begin = this.clock.wallTime() - this.clock.now();
    return [...this.#waiting]
      .filter(([, { isTold }]) => isTold)
      .map(([key, { since, reason }]) => ({ key, since: begin + since, reason }));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#leftovers?.stop(), this.#recovery.stop()]);
    for (const { cancel } of this.#waiting.values()) cancel();
  }

  async onPresent(pod: Pod, signal: AbortSignal): Promise<void> {
    const steps = [
      // First: what they leave may be the last address that there is.
      () => this.#releaseOthers(pod, signal),
      () => this.#handle(pod, signal),
    ];
    await tryEach(steps, (step) => step(), signal);
  }

  async onDeleted(key: ObjectKey, signal: AbortSignal): Promise<void> {
    await this.#release(key, signal);
  }

  async #handle(pod: Pod, signal: AbortSignal): Promise<void> {
    if (!hasOwnNetwork(pod)) return;
    await this.#telling(pod, signal, () => this.#recovery.done(signal));
    if (isFinished(pod)) await this.#finish(pod, signal);
    else await this.#provide(pod, signal);
  }

  /** The annotation says what the Pod has, whoever has written into it, and what is not active becomes it. */
  async #provide(pod: Pod, signal: AbortSignal): Promise<void> {
    const key = keyOf(pod);
    let vif = this.#seen.vifOf(pod) ?? (await this.pool.vifOf(pod.metadata.uid ?? '', signal));
    this.#seen.set(pod, vif);
    if (vif === undefined) {
      // What runs without a VIF of ours is on the network of somebody else.
      if (!isPending(pod)) return;
      // At once, and not when there is a VIF: the daemon takes what it finds.
      await this.#withdraw(pod, signal);
      if (!needsVif(pod)) return;
      vif = await this.#telling(pod, signal, () => this.#request(pod, signal));
    } else if (!isPending(pod)) {
      vif = { ...vif, active: true };
    }
    this.#seen.set(pod, vif);
    if (!(await this.#annotate(pod, vif, signal))) await this.#release(key, signal);
    else if (needsVif(pod)) await this.#activate(pod, vif, signal);
    else this.#stopWaiting(key);
  }

  async #request(pod: Pod, signal: AbortSignal): Promise<Vif> {
    const projectId = await this.projects.getProject(pod, signal);
    const subnets = await this.subnets.getSubnets(pod, projectId, signal);
    const securityGroups = await this.securityGroups.getSecurityGroups(pod, projectId, signal);
    return this.pool.requestVif(pod, { projectId, subnets, securityGroups }, signal);
  }

  /** Tells on a Pod that waits for its VIF why it has to. */
  async #telling<T>(pod: Pod, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const note = troubleNote(error);
      if (note !== undefined && needsVif(pod) && !signal.aborted) this.kubernetes.event(PODS, pod, note);
      throw error;
    }
  }

  /** Looks whether the VIF is active; comes back later where it is not. */
  async #activate(pod: Pod, vif: Vif, signal: AbortSignal): Promise<void> {
    const key = keyOf(pod);
    if (vif.active) {
      this.#stopWaiting(key);
      return;
    }
    try {
      const active = await this.pool.activateVif(vif, signal);
      this.#stopWaiting(key);
      this.#seen.set(pod, active);
      await this.#annotate(pod, active, signal);
    } catch (error) {
      if (hasCode(error, 'ERR_VIF_GONE')) {
        this.#seen.set(pod, undefined);
        await this.#withdraw(pod, signal);
      }
      if (!hasCode(error, 'ERR_NOT_READY')) throw error;
      this.#wait(pod, error.message);
    }
  }

  /** Not by failing: the pace of the network is not that of errors, and nobody's worker is held up. */
  #wait(pod: Pod, reason: string): void {
    const key = keyOf(pod);
    const before = this.#waiting.get(key);
    before?.cancel();
    const uid = pod.metadata.uid ?? '';
    const same = before?.uid === uid ? before : undefined;
    const since = same?.since ?? this.clock.now();
    const waited = this.clock.now() - since;
    const isLate = waited >= PATIENCE;
    if (isLate && same?.isTold !== true) {
      this.kubernetes.event(PODS, pod, {
        type: 'Warning',
        reason: 'VifNotActive',
        action: 'ActivatingVif',
        note: `${reason} for more than ${PATIENCE / 60_000} minutes: look for the CNI daemon and the agent of Neutron on node ${pod.spec?.nodeName}`,
      });
    }
    const cancel = this.clock.schedule(() => this.#context?.enqueue(key), nextLook(waited));
    this.#waiting.set(key, { uid, since, reason, isTold: isLate, cancel });
  }

  #stopWaiting(key: ObjectKey): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
  }

  /** A finished Pod needs its address no more, and may be kept for days. */
  async #finish(pod: Pod, signal: AbortSignal): Promise<void> {
    await this.#release(keyOf(pod), signal);
    await this.#withdraw(pod, signal);
  }

  async #release(key: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#stopWaiting(key);
    await this.#releaseOf(key, this.#seen.uidsOf(key), signal);
  }

  /** Of Pods of the same name that were there before, as those of a StatefulSet are. */
  async #releaseOthers(pod: Pod, signal: AbortSignal): Promise<void> {
    const key = keyOf(pod);
    const others = this.#seen.uidsOf(key).filter((uid) => uid !== pod.metadata.uid);
    if (others.length === 0) return;
    if (this.#waiting.get(key)?.uid !== pod.metadata.uid) this.#stopWaiting(key);
    await this.#releaseOf(key, others, signal);
  }

  async #releaseOf(key: ObjectKey, uids: readonly string[], signal: AbortSignal): Promise<void> {
    const release = async (uid: string) => {
      await this.pool.releaseVif(uid, signal);
      this.#seen.delete(key, uid);
    };
    await tryEach(uids, release, signal);
  }

  /** @returns whether the Pod is still there */
  #annotate(pod: Pod, vif: Vif, signal: AbortSignal): Promise<boolean> {
    const payload = formatPayload(POD_STATE, { default_vif: vif, additional_vifs: {} });
    return this.kubernetes.annotate(PODS, pod, { [VIF_ANNOTATION]: payload }, signal);
  }

  async #withdraw(pod: Pod, signal: AbortSignal): Promise<void> {
    await this.kubernetes.annotate(PODS, pod, { [VIF_ANNOTATION]: null }, signal);
  }

  /** Of Pods that are there. Seen from now on: the next that is heard of one may be that it is gone. */
  #uidsWithVifs(): ReadonlySet<string> {
    const there = this.#podsWithVifs();
    for (const pod of there) this.#seen.set(pod, undefined);
    return uidsOf(there);
  }

  #podsWithVifs(): readonly Pod[] {
    const pods = [...(this.#context?.watch(PODS).store.values() ?? [])];
    return pods.filter((pod) => hasOwnNetwork(pod) && !isFinished(pod));
  }
}

function uidsOf(pods: readonly Pod[]): ReadonlySet<string> {
  return new Set(pods.map(({ metadata }) => metadata.uid ?? ''));
}
