import { ClusterMarks, keyTags, type LoadBalancer, markedKey } from '@kuryr-l7/openstack';
import { descriptionOf, type ObjectKey } from '@kuryr-l7/plugin';

interface Tagged {
  readonly tags: readonly string[];
}

/**
 * Tags that say which load balancers are this cluster's and of which Service, and below them which listener and pool each
 * object stands for. What lacks the tag of this cluster is somebody else's, whatever its name.
 */
export class ServiceOwnership {
  readonly #marks: ClusterMarks;
  /** Of everything of this cluster. */
  readonly clusterTag: string;

  constructor(private readonly clusterId: string) {
    this.#marks = new ClusterMarks(clusterId);
    this.clusterTag = this.#marks.tag;
  }

  isOurs(one: Tagged): boolean {
    return this.#marks.isTagged(one);
  }

  loadBalancerTags(service: ObjectKey): readonly string[] {
    return this.#marks.serviceTags(service);
  }

  /** Finds what {@link loadBalancerTags} were given to, and perhaps more: compare {@link serviceOf}. */
  search(service: ObjectKey): readonly string[] {
    return this.loadBalancerTags(service).slice(0, 2);
  }

  /** Undefined for what is not this cluster's, or not of a Service. */
  serviceOf(loadBalancer: Tagged): ObjectKey | undefined {
    return this.#marks.serviceOf(loadBalancer);
  }

  /** Of the security group of its members, which has no tags when it is made: until it has them, this says whose it is. */
  securityGroupDescription(service: ObjectKey): string {
    return descriptionOf('security group', service, this.clusterId);
  }

  /** @param settings names of settings that were given, so that what Octavia filled in is not taken for them */
  childTags(key: string, settings: readonly string[] = []): readonly string[] {
    return [this.clusterTag, ...keyTags(key), ...settings.map((name) => `kuryr-set=${name}`)];
  }

  /** Of a listener or pool; undefined for what is not this cluster's. */
  keyOf(child: Tagged): string | undefined {
    return this.isOurs(child) ? markedKey(child) : undefined;
  }

  wasSet({ tags }: Tagged, setting: string): boolean {
    return tags.includes(`kuryr-set=${setting}`);
  }
}

/** Oldest first; of two made in one second the one with the smaller id, so that everybody agrees. */
export function oldestFirst(a: LoadBalancer, b: LoadBalancer): number {
  const [first, second] = [a.created_at ?? '', b.created_at ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
