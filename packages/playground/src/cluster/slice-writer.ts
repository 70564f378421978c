import { isDeepStrictEqual } from 'node:util';
import type { ApiClient } from '../api-server/api-client.js';
import type { OwnerReference } from '../api-server/api-object.js';
import type { ClusterContext } from './cluster-context.js';
import { CONTROLLER_MANAGER } from './field-manager.js';
import { ENDPOINT_SLICES, type EndpointSlice, SERVICE_NAME_LABEL, SLICE_MANAGED_BY_LABEL } from './kinds/endpoints.js';
import type { Labels } from './kinds/label-selector.js';
import { isTerminating } from './kinds/pod.js';
import { referenceTo } from './kinds/resource.js';
import type { Lookup } from './object-cache.js';
import { planSlices, type SliceContent } from './slice-plan.js';

/** The slices that one Service has from one controller. */
export interface SliceSet {
  readonly namespace: string;
  readonly service: string;
  readonly managedBy: string;
  readonly owner: OwnerReference;
  /** Further labels of the slices. */
  readonly labels: Labels;
}

/** Makes the slices of a Service what they should be, and writes only those that are not. */
export class SliceWriter {
  readonly #client: ApiClient;
  readonly #slices: Lookup<EndpointSlice>;

  constructor(cluster: ClusterContext) {
    this.#client = cluster.client;
    this.#slices = cluster
      .cache(ENDPOINT_SLICES)
      .indexBy(({ metadata: { namespace, labels } }) => [
        `${namespace}/${labels?.[SERVICE_NAME_LABEL]}/${labels?.[SLICE_MANAGED_BY_LABEL]}`,
      ]);
  }

  write(set: SliceSet, desired: readonly SliceContent[]): void {
    const labels = { ...set.labels, [SERVICE_NAME_LABEL]: set.service, [SLICE_MANAGED_BY_LABEL]: set.managedBy };
    const existing = this.#existing(set);
    const plan = planSlices(desired, existing);
    // New addresses before old ones go, so that a change of ports leaves no gap.
    for (const content of plan.create) {
      const metadata = { generateName: `${set.service}-`, labels, ownerReferences: [set.owner] };
      const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, ...content };
      this.#client.create(ENDPOINT_SLICES, set.namespace, slice, CONTROLLER_MANAGER);
    }
    const updates = new Map(plan.update.map(({ slice, ports, endpoints }) => [slice, { ports, endpoints }]));
    const removed = new Set(plan.remove);
    for (const slice of existing.filter((one) => !removed.has(one))) {
      const update = updates.get(slice);
      if (update === undefined && isDeepStrictEqual(slice.metadata.labels, labels)) continue;
      const next = { ...slice, ...update, metadata: { ...slice.metadata, labels, ownerReferences: [set.owner] } };
      this.#client.update(referenceTo(ENDPOINT_SLICES, slice), next, CONTROLLER_MANAGER);
    }
    for (const slice of plan.remove) this.#client.delete(referenceTo(ENDPOINT_SLICES, slice));
  }

  removeAll(set: Pick<SliceSet, 'namespace' | 'service' | 'managedBy'>): void {
    for (const slice of this.#existing(set)) this.#client.delete(referenceTo(ENDPOINT_SLICES, slice));
  }

  #existing({
    namespace,
    service,
    managedBy,
  }: Pick<SliceSet, 'namespace' | 'service' | 'managedBy'>): readonly EndpointSlice[] {
    return this.#slices.get(`${namespace}/${service}/${managedBy}`).filter((slice) => !isTerminating(slice));
  }
}
