import { isDeepStrictEqual } from 'node:util';
import type { ClusterContext } from './cluster-context.js';
import { CONTROLLER_MANAGER } from './field-manager.js';
import {
  ENDPOINTS,
  type EndpointAddress,
  type EndpointPort,
  type EndpointSubset,
  HEADLESS_LABEL,
} from './kinds/endpoints.js';
import { isTerminating, PODS } from './kinds/pod.js';
import { keyOf, referenceTo } from './kinds/resource.js';
import { isHeadless, SERVICES, type Service, selectsPods } from './kinds/service.js';
import { type PodEndpoint, podEndpoint } from './pod-endpoints.js';
import type { PodPorts } from './pod-ports.js';
import type { ServiceMembership } from './service-membership.js';

const MANAGED_BY_LABEL = 'endpoints.kubernetes.io/managed-by';
const MANAGED_BY = 'endpoint-controller';

/** Keeps the older v1 Endpoints of each Service that selects Pods: what `kubectl get endpoints` shows. Hand-made ones are not touched. */
export function runEndpoints(cluster: ClusterContext, membership: ServiceMembership, podPorts: PodPorts): void {
  const { client } = cluster;
  const services = cluster.cache(SERVICES);
  const endpoints = cluster.cache(ENDPOINTS);
  const pods = cluster.cache(PODS);
  const queue = cluster.reconciler('endpoint-controller', reconcile);

  services.subscribe(({ key }) => queue.add(key));
  endpoints.subscribe(({ key }) => queue.add(key));
  pods.subscribe(({ object, previous }) => {
    for (const pod of [object, previous]) {
      if (pod !== undefined) for (const service of membership.servicesOf(pod)) queue.add(keyOf(service));
    }
  });
  podPorts.onChange((key) => {
    const pod = pods.get(key);
    if (pod !== undefined) for (const service of membership.servicesOf(pod)) queue.add(keyOf(service));
  });

  function reconcile(key: string): void {
    const service = services.get(key);
    const existing = endpoints.get(key);
    if (service === undefined) {
      const ours = existing?.metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;
      if (existing !== undefined && ours) client.delete(referenceTo(ENDPOINTS, existing));
      return;
    }
    if (isTerminating(service) || !selectsPods(service)) return;
    const subsets = subsetsOf(
      service,
      membership.podsOf(service).flatMap((pod) => podEndpoint(service, pod, podPorts) ?? []),
    );
    const labels = {
      ...service.metadata.labels,
      ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}),
      [MANAGED_BY_LABEL]: MANAGED_BY,
    };
    if (existing === undefined) {
      const created = {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: service.metadata.name, labels },
        subsets,
      };
      client.create(ENDPOINTS, service.metadata.namespace ?? '', created, CONTROLLER_MANAGER);
    } else if (!isDeepStrictEqual([existing.subsets ?? [], existing.metadata.labels], [subsets, labels])) {
      const next = { ...existing, metadata: { ...existing.metadata, labels }, subsets };
      client.update(referenceTo(ENDPOINTS, existing), next, CONTROLLER_MANAGER);
    }
  }
}

/** One subset for each set of ports, in a stable order. A Pod that is being deleted is no address any more. */
function subsetsOf(service: Service, podEndpoints: readonly PodEndpoint[]): readonly EndpointSubset[] {
  const anyway = service.spec.publishNotReadyAddresses === true;
  const byPorts = new Map<
    string,
    { ports: readonly EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }
  >();
  for (const { ports, serving, terminating, ...address } of podEndpoints.toSorted(byAddress)) {
    if (terminating && !anyway) continue;
    const key = JSON.stringify(ports);
    const subset = byPorts.get(key) ?? { ports, ready: [], notReady: [] };
    (serving || anyway ? subset.ready : subset.notReady).push(address);
    byPorts.set(key, subset);
  }
  return [...byPorts.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
    ...(ports.length === 0 ? {} : { ports: ports.map(withoutEmptyName) }),
  }));
}

function byAddress(a: PodEndpoint, b: PodEndpoint): number {
  return compare(a.ip, b.ip) || compare(a.targetRef.name, b.targetRef.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** An unnamed port has no name here, and an empty one in a slice. */
function withoutEmptyName({ name, ...port }: EndpointPort): EndpointPort {
  return name === undefined || name === '' ? port : { name, ...port };
}
