import { type Clock, keyOf, type ObjectOf, PODS, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import { formatPayload, POD_STATE, type PodState, VIF_ANNOTATION, type Vif } from '@kuryr-l7/kuryr-objects';
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
  type PodWithVifs,
  TOKENS,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable, unmanaged } from 'inversify';
import { nextLook, PATIENCE } from './activation-pace.js';
import { Leftovers } from './leftovers.js';
import { hasOwnNetwork, isFinished, needsVif } from './pod-phase.js';
import { podStateOf, vifsOf } from './pod-vifs.js';
import { Recovery } from './recovery.js';
import { troubleNote } from './trouble-note.js';

type Pod = ObjectOf<typeof PODS>;

/** The VIFs that a Pod has, as this process knows it. */
interface GivenVifs {
  readonly podUid: string;
  readonly state: PodState;
}

interface Waiting {
  readonly podUid: string;
  readonly since: number;
  /** A person was told. */
  readonly isTold: boolean;
  readonly cancel: () => void;
}

/**
 * Pod -> VIF, and the annotation `openstack.org/kuryr-vif` that Kuryr's CNI daemon waits for: first with `active: false`, for
 * it to plug the VIF in, then with `active: true` once the network is ready. The VIF goes when the Pod is gone or has
 * finished.
 */
@injectable()
export class PodVifHandler implements Handler<Pod> {
  readonly name = 'vif';
  readonly kind = PODS;
  readonly #given = new Map<ObjectKey, GivenVifs>();
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
    this.#recovery = new Recovery((signal) => this.pool.syncPools(() => this.#podsWithVifs(), signal), logger);
  }

  start(context: HandlerContext): void {
    this.#context = context;
    const ready = (signal: AbortSignal) => this.#recovery.done(signal);
    const { subnets, pool, logger, clock } = this;
    this.#leftovers = new Leftovers({ context, subnets, pool, ready, logger, clock });
  }

  /** Also where there is no Pod, so that what Pods have left goes. */
  synced(): void {
    this.#recovery.begin(this.clock);
    this.#leftovers?.begin();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#leftovers?.stop(), this.#recovery.stop()]);
    for (const { cancel } of this.#waiting.values()) cancel();
  }

  async onPresent(pod: Pod, signal: AbortSignal): Promise<void> {
    const key = keyOf(pod);
    // Another Pod of the same name, as those of a StatefulSet are.
    if (this.#given.get(key)?.podUid !== pod.metadata.uid) await this.#release(key, signal);
    if (!hasOwnNetwork(pod)) return;
    await this.#recovery.done(signal);
    if (!this.#given.has(key)) {
      const state = podStateOf(pod) ?? (needsVif(pod) ? await this.#request(pod, signal) : undefined);
      if (state !== undefined) this.#given.set(key, { podUid: pod.metadata.uid ?? '', state });
    }
    if (isFinished(pod)) await this.#finish(pod, signal);
    else if (needsVif(pod)) await this.#provide(pod, signal);
  }

  async onDeleted(key: ObjectKey, signal: AbortSignal): Promise<void> {
    await this.#release(key, signal);
  }

  async #request(pod: Pod, signal: AbortSignal): Promise<PodState> {
    try {
      const projectId = await this.projects.getProject(pod, signal);
      const subnets = await this.subnets.getSubnets(pod, projectId, signal);
      const securityGroups = await this.securityGroups.getSecurityGroups(pod, projectId, signal);
      const vif = await this.pool.requestVif(pod, { projectId, subnets, securityGroups }, signal);
      return { default_vif: vif, additional_vifs: {} };
    } catch (error) {
      const note = troubleNote(error);
      if (note !== undefined && !signal.aborted) this.kubernetes.event(PODS, pod, note);
      throw error;
    }
  }

  /** The annotation says what the Pod has, whoever has changed it meanwhile, and what is not active becomes it. */
  async #provide(pod: Pod, signal: AbortSignal): Promise<void> {
    const key = keyOf(pod);
    const given = this.#given.get(key);
    if (given === undefined) return;
    if (await this.#annotate(pod, given.state, signal)) await this.#activate(pod, given.state, signal);
    else await this.#release(key, signal);
  }

  /** Looks whether the VIFs are active; comes back later where one is not. */
  async #activate(pod: Pod, state: PodState, signal: AbortSignal): Promise<void> {
    const inactive = vifsOf(state).some(({ active }) => !active);
    if (!inactive) {
      this.#stopWaiting(keyOf(pod));
      return;
    }
    try {
      const vifs = await this.#active(state, signal);
      this.#stopWaiting(keyOf(pod));
      this.#given.set(keyOf(pod), { podUid: pod.metadata.uid ?? '', state: vifs });
      await this.#annotate(pod, vifs, signal);
    } catch (error) {
      if (hasCode(error, 'ERR_VIF_GONE')) {
        this.#given.delete(keyOf(pod));
        await this.kubernetes.annotate(PODS, pod, { [VIF_ANNOTATION]: null }, signal);
      }
      if (!hasCode(error, 'ERR_NOT_READY')) throw error;
      this.#wait(pod, error.message);
    }
  }

  async #active(state: PodState, signal: AbortSignal): Promise<PodState> {
    const active = (vif: Vif) => (vif.active ? vif : this.pool.activateVif(vif, signal));
    const additional = Object.entries(state.additional_vifs).map(
      async ([name, vif]) => [name, await active(vif)] as const,
    );
    return {
      default_vif: await active(state.default_vif),
      additional_vifs: Object.fromEntries(await Promise.all(additional)),
    };
  }

  /** Not by failing: the pace of the network is not that of errors, and nobody's worker is held up. */
  #wait(pod: Pod, reason: string): void {
    const key = keyOf(pod);
    const before = this.#waiting.get(key);
    before?.cancel();
    const podUid = pod.metadata.uid ?? '';
    const same = before?.podUid === podUid ? before : undefined;
    const since = same?.since ?? this.clock.now();
    const waited = this.clock.now() - since;
    const isLate = waited >= PATIENCE;
    if (isLate && same?.isTold !== true) {
      this.kubernetes.event(PODS, pod, {
        type: 'Warning',
        reason: 'VifNotActive',
        action: 'ActivatingVif',
        note: `${reason} for ${Math.round(waited / 1_000)} s: look for the CNI daemon and the agent of Neutron on node ${pod.spec?.nodeName}`,
      });
    }
    const cancel = this.clock.schedule(() => this.#context?.enqueue(key), nextLook(waited));
    this.#waiting.set(key, { podUid, since, isTold: isLate, cancel });
  }

  #stopWaiting(key: ObjectKey): void {
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
  }

  /** A finished Pod needs its address no more, and may be kept for days. */
  async #finish(pod: Pod, signal: AbortSignal): Promise<void> {
    await this.#release(keyOf(pod), signal);
    await this.kubernetes.annotate(PODS, pod, { [VIF_ANNOTATION]: null }, signal);
  }

  async #release(key: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#stopWaiting(key);
    const given = this.#given.get(key);
    if (given === undefined) return;
    for (const vif of vifsOf(given.state)) await this.pool.releaseVif(vif, signal);
    this.#given.delete(key);
  }

  /** @returns whether the Pod is still there */
  #annotate(pod: Pod, state: PodState, signal: AbortSignal): Promise<boolean> {
    return this.kubernetes.annotate(PODS, pod, { [VIF_ANNOTATION]: formatPayload(POD_STATE, state) }, signal);
  }

  #podsWithVifs(): readonly PodWithVifs[] {
    const pods = [...(this.#context?.watch(PODS).store.values() ?? [])];
    return pods
      .filter((pod) => hasOwnNetwork(pod) && !isFinished(pod))
      .map((pod) => {
        const state = podStateOf(pod);
        return { uid: pod.metadata.uid ?? '', vifIds: state === undefined ? [] : vifsOf(state).map(({ id }) => id) };
      });
  }
}
