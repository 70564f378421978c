import type { Clock } from '@kuryr-l7/kube';
import type { ObjectKey } from '@kuryr-l7/plugin';
import { type LoadBalancer, SERVICE_FINALIZER, type Service } from '@kuryr-l7/service-load-balancer';

/** Milliseconds; Kubernetes takes some hundredths of a second. */
const LONGEST_WAIT = 1_000;

/**
 * Waits for the first EndpointSlice of a new Service. Kubernetes makes one right after a Service with a selector, an empty
 * one where no Pod is selected. A load balancer that is made before has no members, and gets them by a second write, which
 * locks it for a quarter of a minute on many clouds.
 */
export class FirstSlices {
  /** When Services that wait, or have waited in vain, were seen first. */
  readonly #seen = new Map<ObjectKey, number>();

  constructor(private readonly clock: Clock) {}

  /**
   * Milliseconds until its load balancer is to be made, with slices or without; 0 where it has one, or nothing to wait for.
   *
   * @param slices how many it has
   */
  wait(key: ObjectKey, { metadata, spec }: Service, { listeners }: LoadBalancer, slices: number): number {
    const hasSelector = Object.keys(spec?.selector ?? {}).length > 0;
    // Without it nothing was made yet.
    const isNew = metadata.finalizers?.includes(SERVICE_FINALIZER) !== true;
    // Nodes may be members without any slice.
    const isEmpty = listeners.every(({ pool }) => pool.members.length === 0);
    if (!hasSelector || !isNew || !isEmpty || slices > 0) {
      this.#seen.delete(key);
      return 0;
    }
    const now = this.clock.now();
    const seen = this.#seen.get(key) ?? now;
    this.#seen.set(key, seen);
    return Math.max(0, seen + LONGEST_WAIT - now);
  }

  /** For a Service that is gone. */
  forget(key: ObjectKey): void {
    this.#seen.delete(key);
  }
}
