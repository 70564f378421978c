import {
  ClusterMarks,
  type FloatingIp,
  isOfAnyCluster,
  isUsedByAnyone,
  isWhereLed,
  KEPT_TAG,
  vipPortTag,
} from '@kuryr-l7/openstack';
import { descriptionOf, type ObjectKey, serviceDescribedBy } from '@kuryr-l7/plugin';

type Marked = Pick<FloatingIp, 'description' | 'tags' | 'port_id'>;

/**
 * Whose a floating IP is. One that was *taken* for a Service, and is deleted with it, has its tags and, until it has them,
 * its description. One that the Service *uses*, because it was given or is to be kept, has other tags while it does, which
 * no clean-up deletes by.
 */
export class FloatingIpMarks {
  readonly description: string;
  readonly #marks: ClusterMarks;
  readonly #takenTags: readonly string[];
  readonly #usedTags: readonly string[];

  constructor(
    clusterId: string,
    private readonly service: ObjectKey,
  ) {
    this.description = descriptionOf('floating IP', service, clusterId);
    this.#marks = new ClusterMarks(clusterId);
    this.#takenTags = this.#marks.serviceTags(service);
    this.#usedTags = this.#marks.usedByTags(service);
  }

  /** Tags of which everything that the Service has bears one, and perhaps more does. */
  get search(): readonly string[] {
    return [...this.#takenTags.slice(1, 2), ...this.#usedTags.slice(0, 1)];
  }

  takenTags(portId: string): readonly string[] {
    return [...this.#takenTags, vipPortTag(portId)];
  }

  usedTags(portId: string): readonly string[] {
    return [...this.#usedTags, vipPortTag(portId)];
  }

  isTaken(one: Marked): boolean {
    if (isKept(one)) return false;
    return one.description === this.description || this.#marks.serviceOf(one) === this.service;
  }

  isUsed(one: Marked): boolean {
    return this.#marks.userOf(one) === this.service;
  }

  /** Taken for the Service once, whether it is to be kept or not. */
  wasTaken(one: Marked): boolean {
    return this.isTaken(one) || one.description === this.description;
  }

  /** Of another Service, another cluster, or the L7 router: taken for it, or in use by it. */
  isAnothers(one: Marked): boolean {
    if (this.isTaken(one) || this.isUsed(one)) return false;
    return isTakenByAnyone(one) || isUsedByAnyone(one);
  }

  /** Whether it leads nowhere, or where it was led for the Service. */
  isAtHand(one: Marked): boolean {
    return one.port_id === null || ((this.isTaken(one) || this.isUsed(one)) && isWhereLed(one));
  }

  /** Taken for the Service, and led elsewhere by somebody since. */
  isTakenAway(one: Marked): boolean {
    return this.isTaken(one) && !this.isAtHand(one);
  }
}

/** Taken for any Service of any cluster, or for an L7 router. */
export function isTakenByAnyone(one: Marked): boolean {
  return isOfAnyCluster(one) || (isDescribed(one) && !isKept(one));
}

/** Taken for any Service of any cluster once, whether it is to be kept or not. */
export function isDescribed({ description }: Marked): boolean {
  const [, clusterId = ''] = / from cluster (\S+)$/.exec(description) ?? [];
  return serviceDescribedBy('floating IP', description, clusterId) !== undefined;
}

function isKept({ tags }: Marked): boolean {
  return tags.includes(KEPT_TAG);
}
