import type { ClusterContext } from './cluster-context.js';
import { hasLabels, type Labels } from './kinds/label-selector.js';
import { PODS, type Pod } from './kinds/pod.js';
import { SERVICES, type Service, selectsPods } from './kinds/service.js';
import type { Lookup } from './object-cache.js';

/** Which Services select which Pods, in both directions, without looking at all of them. */
export class ServiceMembership {
  readonly #podsByLabel: Lookup<Pod>;
  readonly #servicesByLabel: Lookup<Service>;

  constructor(cluster: ClusterContext) {
    this.#podsByLabel = cluster
      .cache(PODS)
      .indexBy((pod) =>
        Object.entries(pod.metadata.labels ?? {}).map((pair) => indexValue(pod.metadata.namespace, pair)),
      );
    this.#servicesByLabel = cluster.cache(SERVICES).indexBy((service) => {
      const pair = firstPair(service);
      return pair === undefined ? [] : [indexValue(service.metadata.namespace, pair)];
    });
  }

  podsOf(service: Service): readonly Pod[] {
    const pair = firstPair(service);
    if (pair === undefined || !selectsPods(service)) return [];
    return this.#podsByLabel
      .get(indexValue(service.metadata.namespace, pair))
      .filter((pod) => hasLabels(pod.metadata.labels, service.spec.selector));
  }

  /** Sorted by name. */
  servicesOf(pod: {
    readonly metadata: { readonly namespace?: string; readonly labels?: Labels };
  }): readonly Service[] {
    const { namespace, labels = {} } = pod.metadata;
    return Object.entries(labels)
      .flatMap((pair) => this.#servicesByLabel.get(indexValue(namespace, pair)))
      .filter((service) => hasLabels(labels, service.spec.selector ?? {}))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }
}

/** One pair that every selected Pod has; undefined for a Service that selects none. */
function firstPair(service: Service): [string, string] | undefined {
  return selectsPods(service) ? Object.entries(service.spec.selector)[0] : undefined;
}

function indexValue(namespace: string | undefined, [name, value]: [string, string]): string {
  return `${namespace ?? ''}/${name}=${value}`;
}
