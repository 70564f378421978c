import { type Clock, timestamp } from '../clock.js';
import type { DataPlane } from '../data-plane/data-plane.js';
import { renderRouter } from '../data-plane/rendered-router.js';
import type { Child, Listener, LoadBalancer } from './objects.js';
import { immutable, type ObjectKind, TITLES } from './octavia-faults.js';
import type { OctaviaState } from './octavia-state.js';
import { refreshOperatingStatuses } from './operating-status.js';
import { type Refusal, refusalOf, secretReferences } from './refusal.js';
import type { TimedWrite, WriteTiming } from './write-timing.js';

export type Operation = TimedWrite['operation'];

/** A write that the API has accepted and the worker has still to do. */
export interface Write {
  readonly loadBalancer: LoadBalancer;
  readonly operation: Operation;
  readonly kind: ObjectKind;
  /** What is written; they end in ERROR where the amphora refuses its configuration. */
  readonly subjects: readonly (Child | LoadBalancer)[];
  /** What is locked beside them, and is ACTIVE again afterwards whatever happens. */
  readonly parents?: readonly Child[];
  /** Subjects that are to go, where not all of them are. */
  readonly deletions?: readonly Child[];
}

interface Lock {
  readonly write: Write;
  readonly since: number;
  readonly cancel: () => void;
  /** The worker is down, or the write hangs. */
  stuck: boolean;
}

const PENDING = { create: 'PENDING_CREATE', update: 'PENDING_UPDATE', delete: 'PENDING_DELETE' } as const;

/**
 * Octavia's worker: it takes one write per load balancer at a time. Until it is done, the load balancer is PENDING and
 * every other write to anything under it is refused with 409.
 */
export class Worker {
  readonly #state: OctaviaState;
  readonly #clock: Clock;
  readonly #timing: WriteTiming;
  readonly #secretExists: (reference: string) => boolean;
  readonly #loadBalancerDeleted: (loadBalancer: LoadBalancer) => void;
  readonly #dataPlane: DataPlane | undefined;
  readonly #locks = new Map<string, Lock>();
  readonly #held = new Set<string>();
  readonly #lockedMilliseconds = new Map<string, number>();
  readonly #idle: (() => void)[] = [];

  constructor(
    state: OctaviaState,
    options: {
      clock: Clock;
      timing: WriteTiming;
      secretExists: (reference: string) => boolean;
      loadBalancerDeleted: (loadBalancer: LoadBalancer) => void;
      dataPlane: DataPlane | undefined;
    },
  ) {
    this.#state = state;
    this.#clock = options.clock;
    this.#timing = options.timing;
    this.#secretExists = options.secretExists;
    this.#loadBalancerDeleted = options.loadBalancerDeleted;
    this.#dataPlane = options.dataPlane;
  }

  /** @throws ApiFault 409 unless the load balancer takes a write now */
  requireMutable(loadBalancer: LoadBalancer): void {
    if (loadBalancer.provisioning_status !== 'ACTIVE') throw immutable(TITLES.loadbalancer, loadBalancer.id);
  }

  /** Locks what the write concerns and does it after its time. */
  submit(write: Write): void {
    const { loadBalancer, operation, kind, subjects, parents = [], deletions = [] } = write;
    for (const parent of parents) this.#mark(parent, 'PENDING_UPDATE');
    if (loadBalancer.provisioning_status === 'ACTIVE') this.#mark(loadBalancer, 'PENDING_UPDATE');
    for (const subject of subjects) this.#mark(subject, PENDING[operation]);
    for (const deletion of deletions) this.#mark(deletion, 'PENDING_DELETE');
    const children = this.#state.countChildren(loadBalancer);
    const milliseconds = this.#timing({ kind, operation, children });
    const cancel = this.#clock.after(milliseconds, () => this.#attempt(loadBalancer.id));
    this.#locks.set(loadBalancer.id, { write, since: this.#clock.now(), cancel, stuck: false });
  }

  /** Leaves writes of a load balancer undone, as a worker that is down does, until {@link release}. */
  hold(loadBalancerId: string): void {
    this.#held.add(loadBalancerId);
  }

  release(loadBalancerId: string): void {
    this.#held.delete(loadBalancerId);
    const lock = this.#locks.get(loadBalancerId);
    if (lock?.stuck !== true) return;
    lock.stuck = false;
    this.#attempt(loadBalancerId);
  }

  /** What an administrator's `openstack loadbalancer status set` does: everything is ACTIVE, whatever it is in truth. */
  resetStatus(loadBalancer: LoadBalancer): void {
    this.forget(loadBalancer.id);
    loadBalancer.provisioning_status = 'ACTIVE';
    for (const child of this.#state.childrenOf(loadBalancer)) child.provisioning_status = 'ACTIVE';
  }

  /** Gives up what is under way for a load balancer that is gone. */
  forget(loadBalancerId: string): void {
    this.#locks.get(loadBalancerId)?.cancel();
    this.#unlock(loadBalancerId);
  }

  /** Milliseconds for which a load balancer, or all together, did not take writes. */
  lockedMilliseconds(loadBalancerId?: string): number {
    const ids =
      loadBalancerId === undefined ? [...this.#lockedMilliseconds.keys(), ...this.#locks.keys()] : [loadBalancerId];
    return [...new Set(ids)].reduce((sum, id) => {
      const lock = this.#locks.get(id);
      const running = lock === undefined ? 0 : this.#clock.now() - lock.since;
      return sum + (this.#lockedMilliseconds.get(id) ?? 0) + running;
    }, 0);
  }

  resetCounters(): void {
    this.#lockedMilliseconds.clear();
  }

  /** Settles when no write is under way; those that hang do not count. */
  async idle(): Promise<void> {
    while ([...this.#locks.values()].some(({ stuck }) => !stuck)) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  close(): void {
    for (const { cancel } of this.#locks.values()) cancel();
    this.#locks.clear();
    this.#wake();
  }

  #attempt(loadBalancerId: string): void {
    const lock = this.#locks.get(loadBalancerId);
    if (lock === undefined) return;
    const { write } = lock;
    const broken = this.#brokenListeners(write.loadBalancer);
    const refusal = this.#held.has(loadBalancerId) ? 'hangs' : refusalOf(this.#state, write, broken);
    if (refusal === 'hangs') {
      lock.stuck = true;
      this.#wake();
      return;
    }
    const taken = refusal === undefined ? this.#configure(write, broken) : undefined;
    if (taken === undefined) this.#finish(lock, refusal, broken);
    else {
      taken.then(
        () => this.#finish(lock, undefined, broken),
        () => this.#finish(lock, 'refused', broken),
      );
    }
  }

  #brokenListeners(loadBalancer: LoadBalancer): Listener[] {
    return this.#state
      .listenersOf(loadBalancer)
      .filter((listener) => !secretReferences(listener).every((reference) => this.#secretExists(reference)));
  }

  /** @returns what to wait for, where the data plane takes its time */
  #configure({ loadBalancer, kind, operation }: Write, broken: readonly Listener[]): void | Promise<void> {
    if (this.#dataPlane === undefined) return;
    const ends = kind === 'loadbalancer' && operation === 'delete';
    const router = ends ? { listeners: [], pools: [] } : renderRouter(this.#state, loadBalancer, broken);
    return this.#dataPlane.apply(loadBalancer.id, router);
  }

  #finish(lock: Lock, refusal: Refusal | undefined, broken: readonly Listener[]): void {
    const { write } = lock;
    // Somebody may have taken the load balancer away meanwhile.
    if (this.#locks.get(write.loadBalancer.id) !== lock) return;
    this.#unlock(write.loadBalancer.id);
    const { loadBalancer, operation, subjects, parents = [], deletions = [] } = write;
    for (const parent of parents) this.#mark(parent, 'ACTIVE');
    const written = [...subjects, ...deletions];
    if (refusal !== undefined) for (const object of written) this.#mark(object, 'ERROR');
    else this.#carryOut(operation, subjects, deletions);
    for (const listener of broken) this.#mark(listener, 'ERROR');
    this.#mark(loadBalancer, 'ACTIVE');
    if (this.#state.loadBalancers.has(loadBalancer.id)) refreshOperatingStatuses(this.#state, loadBalancer, written);
    else this.#loadBalancerDeleted(loadBalancer);
    this.#wake();
  }

  #carryOut(operation: Operation, subjects: Write['subjects'], deletions: readonly Child[]): void {
    const gone = operation === 'delete' ? subjects : deletions;
    for (const object of gone) this.#state.remove(object);
    if (operation !== 'delete') for (const object of subjects) this.#mark(object, 'ACTIVE');
  }

  /** Octavia's database keeps the time of every change of a row, and so of every change of status. */
  #mark(object: Child | LoadBalancer, status: Child['provisioning_status']): void {
    if (object.provisioning_status === status) return;
    object.provisioning_status = status;
    object.updated_at = timestamp(this.#clock.now());
  }

  #unlock(loadBalancerId: string): void {
    const lock = this.#locks.get(loadBalancerId);
    if (lock === undefined) return;
    const before = this.#lockedMilliseconds.get(loadBalancerId) ?? 0;
    this.#lockedMilliseconds.set(loadBalancerId, before + this.#clock.now() - lock.since);
    this.#locks.delete(loadBalancerId);
  }

  #wake(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
