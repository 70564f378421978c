import { ImmutableError, ifThere, type OctaviaClient, pendingRemedy } from '@kuryr-l7/openstack';

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Waits between two looks; milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Looks at a load balancer that is PENDING until it is given up. @default 1_200, which is ten minutes */
  readonly looks?: number;
}

/** Milliseconds between two looks. */
const PAUSE = 500;
/** Of one change, where others are faster again and again. */
const MOST_ATTEMPTS = 20;

/** Makes changes below load balancers, each of which locks all of it. One that takes none is given up once and for all. */
export class CleanupLocks {
  readonly #givenUp = new Map<string, string>();

  constructor(
    private readonly octavia: OctaviaClient,
    private readonly options: LockOptions,
  ) {}

  isGivenUp(id: string): boolean {
    return this.#givenUp.has(id);
  }

  /**
   * Waits until the load balancer takes a change, makes it, and waits until it is in effect.
   *
   * @returns why it could not be made; undefined where it is made, or the load balancer is gone
   * @throws OpenStackError
   */
  async change(id: string, send: () => Promise<void>): Promise<string | undefined> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && !this.isGivenUp(id); attempt += 1) {
      const status = await this.#settled(id);
      if (status === undefined) break;
      if (status === 'DELETED') return undefined;
      try {
        await ifThere(send);
        await this.#settled(id);
        return this.#givenUp.get(id);
      } catch (error) {
        if (!(error instanceof ImmutableError)) throw error;
        if (status === 'ERROR') {
          return this.#giveUp(
            id,
            'is in ERROR, in which Octavia changes nothing on it: have it failed over ("openstack loadbalancer failover"), or delete it',
          );
        }
        // Somebody else was faster.
        await this.#pause();
      }
    }
    return this.#givenUp.get(id) ?? this.#giveUp(id, 'is being changed all the time: stop the controller');
  }

  /**
   * Deletes a load balancer with all below it, and waits until it is gone.
   *
   * @returns why it stays
   * @throws OpenStackError
   */
  async delete(id: string): Promise<string | undefined> {
    const reason = await this.change(id, () => this.octavia.loadBalancers.delete(id, { cascade: true }));
    if (reason !== undefined) return reason;
    const status = await this.#settled(id);
    if (status === 'DELETED') return undefined;
    return this.#giveUp(id, `could not be deleted by Octavia and is ${status}: its logs tell why`);
  }

  async #settled(id: string): Promise<string | undefined> {
    const { signal, looks = 1_200 } = this.options;
    for (let look = 1; look <= looks; look += 1) {
      let status = 'DELETED';
      await ifThere(async () => {
        status = (await this.octavia.loadBalancers.get(id, { signal })).provisioning_status;
      });
      if (!status.startsWith('PENDING')) return status;
      await this.#pause();
    }
    this.#giveUp(id, `stays PENDING: ${pendingRemedy(id)}`);
    return undefined;
  }

  async #pause(): Promise<void> {
    await this.options.pause(PAUSE);
    this.options.signal.throwIfAborted();
  }

  #giveUp(id: string, reason: string): string {
    const sentence = `load balancer ${id} ${reason}`;
    this.#givenUp.set(id, sentence);
    return sentence;
  }
}
