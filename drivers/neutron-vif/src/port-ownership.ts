import type { Port } from '@kuryr-l7/openstack';

/** The `device_owner` by which Neutron, and people, know a port that a Pod uses. */
export const DEVICE_OWNER = 'compute:kuryr';

/**
 * How a port says whose it is. The tag `kuryr-cluster=<id>` is what counts. Neutron takes tags only after a port was made,
 * so the description says the same and comes with the port: one that was left half-made is found by it.
 */
export class PortOwnership {
  readonly clusterTag: string;

  constructor(clusterId: string) {
    this.clusterTag = `kuryr-cluster=${clusterId}`;
  }

  /** @param podUid undefined for a port that is no Pod's yet */
  description(podUid: string | undefined): string {
    return podUid === undefined ? this.clusterTag : `${this.clusterTag} kuryr-pod=${podUid}`;
  }

  owns({ tags, description, device_owner }: Pick<Port, 'tags' | 'description' | 'device_owner'>): boolean {
    if (tags.includes(this.clusterTag)) return true;
    const isMarked = description === this.clusterTag || description.startsWith(`${this.clusterTag} kuryr-pod=`);
    return device_owner === DEVICE_OWNER && isMarked;
  }

  podUidOf({ description }: Pick<Port, 'description'>): string | undefined {
    const start = `${this.clusterTag} kuryr-pod=`;
    return description.startsWith(start) ? description.slice(start.length) : undefined;
  }
}
