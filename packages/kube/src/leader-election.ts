import { type Clock, SYSTEM_CLOCK, sleep } from './clock.js';
import { KubernetesConfigurationError, LeadershipLostError } from './errors.js';
import { FailureLog } from './failure-log.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { heldRecord, leaseObject, type ReadLease, readLease, releasedRecord } from './lease-record.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import { reasonOf } from './reason-of.js';
import { LEASES } from './resource-kinds.js';
import { resourcePath } from './resource-path.js';

export interface LeaderElectionOptions {
  /** Of the Lease. */
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Unique to this process, e.g. the Pod's name and a UUID. */
  readonly identity: string;
  /** Milliseconds that others wait, by their own clock, after the last renewal they saw. @default 15_000 */
  readonly leaseDuration?: number;
  /** Milliseconds without a renewal after which the leader gives up. @default 10_000 */
  readonly renewDeadline?: number;
  /** Milliseconds between two tries, to acquire or to renew. @default 2_000 */
  readonly retryPeriod?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** The share of the retry period that chance may add, as in client-go. */
const JITTER = 1.2;
/** Milliseconds for giving up the Lease at the end. */
const RELEASE_TIMEOUT = 1_000;

type Attempt = 'held' | 'held by another' | 'failed';

/**
 * Leader election on a Lease, by client-go's rules: what counts is how long a Lease has not changed by our own clock,
 * never a time written in it; every update is guarded by the resourceVersion.
 */
export class LeaderElection {
  readonly #options: Required<LeaderElectionOptions>;
  readonly #failures: FailureLog;
  #observed: (ReadLease & { readonly at: number }) | undefined;
  #isLeader = false;
  /** The last write got through, so that the observed Lease is the one in the API server. */
  #isCurrent = false;

  /** @throws KubernetesConfigurationError unless leaseDuration > renewDeadline > 1.2 * retryPeriod */
  constructor(
    private readonly transport: KubernetesTransport,
    options: LeaderElectionOptions,
  ) {
    this.#options = {
      leaseDuration: 15_000,
      renewDeadline: 10_000,
      retryPeriod: 2_000,
      logger: SILENT_LOGGER,
      clock: SYSTEM_CLOCK,
      random: Math.random,
      ...options,
    };
    this.#failures = new FailureLog(this.#options.logger, { level: 'warn', clock: this.#options.clock });
    const { leaseDuration, renewDeadline, retryPeriod } = this.#options;
    if (leaseDuration <= renewDeadline || renewDeadline <= JITTER * retryPeriod) {
      throw new KubernetesConfigurationError(
        `leader election: the lease duration (${leaseDuration} ms) has to be longer than the renew deadline (${renewDeadline} ms), and that longer than ${JITTER} retry periods (${retryPeriod} ms each)`,
      );
    }
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /** Who holds the Lease, as last seen; undefined when nobody does. */
  get leader(): string | undefined {
    return this.#observed?.record.holder || undefined;
  }

  /**
   * Campaigns until the signal is aborted. Whenever elected, calls `lead`, whose signal is aborted when leadership is
   * lost (LeadershipLostError) or `signal` is. The Lease is renewed until `lead` has ended, then released. A `lead` that
   * ends by itself ends the campaign; what it throws is thrown.
   */
  async run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    while (await this.#acquire(signal)) {
      const ended = new AbortController();
      const lost = new AbortController();
      const term = lead(AbortSignal.any([lost.signal, signal])).finally(() => ended.abort());
      const renewal = this.#renew(ended.signal).then((kept) => {
        if (kept) return;
        this.#isLeader = false;
        lost.abort(new LeadershipLostError(`the Lease ${this.#lease} could not be renewed in time or was taken over`));
      });
      try {
        await term;
      } catch (error) {
        if (!lost.signal.aborted) throw error;
      } finally {
        await renewal;
        if (this.#isLeader) await this.#release();
      }
      if (!lost.signal.aborted) return;
    }
  }

  get #lease(): string {
    return `${this.#options.namespace}/${this.#options.name}`;
  }

  /** True when elected, false when aborted. */
  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, random, renewDeadline, retryPeriod, logger, identity } = this.#options;
    let known: string | undefined;
    while (!signal.aborted) {
      if ((await this.#attempt(renewDeadline, signal)) === 'held') {
        logger.info(`${identity} leads: it holds the Lease ${this.#lease}`);
        this.#isLeader = true;
        return true;
      }
      if (this.leader !== known && this.leader !== undefined)
        logger.info(`${this.leader} leads (Lease ${this.#lease})`);
      known = this.leader;
      await sleep(clock, Math.round(retryPeriod * (1 + JITTER * random())), signal).catch(() => undefined);
    }
    return false;
  }

  /** Renews until the term has ended (true) or leadership is lost (false). */
  async #renew(ended: AbortSignal): Promise<boolean> {
    const { clock, renewDeadline, retryPeriod } = this.#options;
    let deadline = clock.now() + renewDeadline;
    for (;;) {
      await sleep(clock, Math.min(retryPeriod, deadline - clock.now()), ended).catch(() => undefined);
      if (ended.aborted) return true;
      const started = clock.now();
      const attempt = started < deadline ? await this.#attempt(deadline - started) : 'failed';
      if (attempt === 'held') deadline = started + renewDeadline;
      else if (attempt === 'held by another' || clock.now() >= deadline) return ended.aborted;
    }
  }

  /** Tries once to acquire or renew, in at most `limit` milliseconds. */
  async #attempt(limit: number, signal?: AbortSignal): Promise<Attempt> {
    const { clock, identity } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.schedule(() => timeout.abort(new Error(`no answer in ${limit} ms`)), limit);
    try {
      const ended = signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal]);
      const attempt = await this.#acquireOrRenew(ended);
      this.#failures.clear(this.#lease);
      return attempt;
    } catch (error) {
      this.#isCurrent = false;
      // 409: somebody else was faster; who it was is seen the next time.
      const raced = error instanceof KubernetesApiError && error.status === 409;
      if (!raced && !signal?.aborted) {
        const text = `${identity} could not acquire or renew the Lease ${this.#lease}: ${reasonOf(error)}`;
        this.#failures.add(this.#lease, text, {});
      }
      return 'failed';
    } finally {
      cancel();
    }
  }

  async #acquireOrRenew(signal: AbortSignal): Promise<Attempt> {
    const { clock, identity } = this.#options;
    // The leader knows the Lease as it left it; a conflict tells if somebody changed it.
    if (!this.#isLeader || !this.#isCurrent) await this.#look(signal);
    const observed = this.#observed;
    if (observed !== undefined && observed.record.holder !== identity && observed.record.holder !== '') {
      if (clock.now() < observed.at + observed.record.durationSeconds * 1000) return 'held by another';
    }
    await this.#write(observed, signal);
    return 'held';
  }

  async #look(signal: AbortSignal): Promise<void> {
    const path = resourcePath(LEASES, this.#options);
    try {
      this.#observe(readLease(await this.transport.requestJson('GET', path, { signal })));
    } catch (error) {
      if (!(error instanceof KubernetesApiError) || !error.isNotFound) throw error;
      this.#observed = undefined;
    }
  }

  async #write(observed: ReadLease | undefined, signal: AbortSignal): Promise<void> {
    const { namespace, name, identity, leaseDuration, clock } = this.#options;
    const record = heldRecord(observed?.record, identity, leaseDuration, clock.wallTime());
    const body = leaseObject({ namespace, name }, record, observed?.resourceVersion);
    const answer =
      observed === undefined
        ? await this.transport.requestJson('POST', resourcePath(LEASES, { namespace }), { body, signal })
        : await this.transport.requestJson('PUT', resourcePath(LEASES, { namespace, name }), { body, signal });
    this.#observe(readLease(answer));
    this.#isCurrent = true;
  }

  async #release(): Promise<void> {
    const { namespace, name, clock, logger } = this.#options;
    this.#isLeader = false;
    const observed = this.#observed;
    if (observed === undefined) return;
    const body = leaseObject(
      { namespace, name },
      releasedRecord(observed.record, clock.wallTime()),
      observed.resourceVersion,
    );
    const timeout = new AbortController();
    const cancel = clock.schedule(() => timeout.abort(new Error('no answer in time')), RELEASE_TIMEOUT);
    try {
      const path = resourcePath(LEASES, { namespace, name });
      this.#observe(readLease(await this.transport.requestJson('PUT', path, { body, signal: timeout.signal })));
    } catch (error) {
      logger.warn(`the Lease ${this.#lease} could not be released: others wait until it runs out`, { error });
    } finally {
      cancel();
    }
  }

  /** Our clock starts anew only when the record changed. */
  #observe(lease: ReadLease): void {
    const before = this.#observed;
    const since = before !== undefined && sameRecord(before, lease) ? before.at : this.#options.clock.now();
    this.#observed = { ...lease, at: since };
  }
}

function sameRecord(a: ReadLease, b: ReadLease): boolean {
  return JSON.stringify(a.record) === JSON.stringify(b.record);
}
