import type { Clock } from '@kuryr-l7/kube';
import type { LoadBalancer } from '@kuryr-l7/openstack';

interface Sighting {
  /** Differs when anything in a load balancer or below it has changed: every write to it changes its status. */
  readonly version: string;
  /** When that was seen first. */
  readonly since: number;
}

/** Milliseconds; Octavia tells times in whole seconds. */
const RESOLUTION = 1_000;

/**
 * What lists told of the load balancers of each thing, to say whether a reading still holds. A reading of the second in
 * which something had changed may have missed another change of that second, so it holds only if it began after it.
 */
export class LoadBalancerSightings<Key> {
  #sightings: ReadonlyMap<Key, Sighting> = new Map();

  constructor(private readonly clock: Clock) {}

  /** @param listed all that there are */
  see(listed: ReadonlyMap<Key, readonly LoadBalancer[]>): void {
    const now = this.clock.now();
    this.#sightings = new Map(
      [...listed].map(([key, all]) => {
        const version = versionOf(all);
        const before = this.#sightings.get(key);
        return [key, before?.version === version ? before : { version, since: now }];
      }),
    );
  }

  /** @param readAt when the reading began */
  isUnchangedSince(key: Key, readAt: number): boolean {
    const sighting = this.#sightings.get(key);
    return sighting !== undefined && readAt >= sighting.since + RESOLUTION;
  }
}

function versionOf(all: readonly LoadBalancer[]): string {
  const texts = all.map(({ id, provisioning_status, updated_at }) => `${id} ${provisioning_status} ${updated_at}`);
  return texts.sort().join('\n');
}
