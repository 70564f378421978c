import { type HeldVif, hasCode, type ObjectOf, type PODS, type PodVifDriver, type VifPlace } from '@kuryr-l7/plugin';

type Pod = ObjectOf<typeof PODS>;

/** There is no room for more VIFs, of which there may be some for fewer; none was made. */
const SHORTAGES = ['ERR_OPENSTACK_QUOTA', 'ERR_OPENSTACK_ADDRESSES_EXHAUSTED'];

/** Makes VIFs, many in a request, and remembers where nobody knows what became of one. */
export class VifBatches {
  readonly #underWay = new Set<Promise<unknown>>();
  #isInDoubt = false;
  #search: Promise<void> | undefined;

  /** @param takeIn told of all VIFs that there are, where some of them may have been made without being heard of */
  constructor(
    private readonly vifs: PodVifDriver,
    private readonly takeIn: (vifs: readonly HeldVif[]) => Promise<void>,
    private readonly signal: AbortSignal,
  ) {}

  /** Returns when it is known what became of all requests. To be called before anything is made. */
  async settle(): Promise<void> {
    while (this.#isInDoubt) {
      this.#search ??= this.#find().finally(() => {
        this.#search = undefined;
      });
      await this.#search;
    }
  }

  /** As many as there is room for: Neutron makes all that it is asked for, or none. */
  async make(pod: Pod, place: VifPlace, count: number): Promise<readonly HeldVif[]> {
    const making = this.#make(pod, place, count);
    this.#underWay.add(making);
    try {
      return await making;
    } finally {
      this.#underWay.delete(making);
    }
  }

  async #make(pod: Pod, place: VifPlace, count: number): Promise<readonly HeldVif[]> {
    try {
      const vifs = await this.vifs.requestVifs(pod, place, count, this.signal);
      // The others may be half-made.
      if (vifs.length < count) this.#isInDoubt = true;
      return vifs;
    } catch (error) {
      const isShort = SHORTAGES.some((code) => hasCode(error, code));
      if (!isShort) this.#isInDoubt = true;
      if (!isShort || count === 1) throw error;
      return this.#make(pod, place, Math.floor(count / 2));
    }
  }

  async #find(): Promise<void> {
    // What those make they tell themselves; none begins before this is done.
    await Promise.allSettled(this.#underWay);
    const held = await this.vifs.heldVifs(this.signal);
    this.#isInDoubt = false;
    await this.takeIn(held);
  }
}
