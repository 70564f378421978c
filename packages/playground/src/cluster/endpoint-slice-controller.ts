import { isIPv6 } from 'node:net';
import type { ClusterContext } from './cluster-context.js';
import {
  ENDPOINT_SLICES,
  type Endpoint,
  HEADLESS_LABEL,
  SERVICE_NAME_LABEL,
  SLICE_MANAGED_BY_LABEL,
} from './kinds/endpoints.js';
import { isTerminating, PODS } from './kinds/pod.js';
import { keyOf } from './kinds/resource.js';
import { isHeadless, SERVICES, type Service, selectsPods } from './kinds/service.js';
import { controllerReference } from './ownership.js';
import { type PodEndpoint, podEndpoint } from './pod-endpoints.js';
import type { PodPorts } from './pod-ports.js';
import type { ServiceMembership } from './service-membership.js';
import { mergeContents, type SliceContent } from './slice-plan.js';
import { SliceWriter } from './slice-writer.js';

const MANAGED_BY = 'endpointslice-controller.k8s.io';

/** Keeps the EndpointSlices of each Service that selects Pods. Slices of other Services are not touched. */
export function runEndpointSlices(cluster: ClusterContext, membership: ServiceMembership, podPorts: PodPorts): void {
  const services = cluster.cache(SERVICES);
  const pods = cluster.cache(PODS);
  const writer = new SliceWriter(cluster);
  const queue = cluster.reconciler('endpointslice-controller', reconcile);

  services.subscribe(({ key }) => queue.add(key));
  pods.subscribe(({ object, previous }) => {
    for (const pod of [object, previous]) {
      if (pod !== undefined) for (const service of membership.servicesOf(pod)) queue.add(keyOf(service));
    }
  });
  podPorts.onChange((key) => {
    const pod = pods.get(key);
    if (pod !== undefined) for (const service of membership.servicesOf(pod)) queue.add(keyOf(service));
  });
  // Puts right what somebody else did to a slice.
  cluster.cache(ENDPOINT_SLICES).subscribe(({ object, previous }) => {
    const { namespace, labels } = (object ?? previous)?.metadata ?? {};
    if (labels?.[SLICE_MANAGED_BY_LABEL] === MANAGED_BY) queue.add(`${namespace}/${labels[SERVICE_NAME_LABEL]}`);
  });

  function reconcile(key: string): void {
    const service = services.get(key);
    if (service === undefined || isTerminating(service) || !selectsPods(service)) return;
    const endpoints = membership.podsOf(service).flatMap((pod) => podEndpoint(service, pod, podPorts) ?? []);
    writer.write(
      {
        namespace: service.metadata.namespace ?? '',
        service: service.metadata.name,
        managedBy: MANAGED_BY,
        owner: controllerReference(SERVICES, service),
        labels: { ...service.metadata.labels, ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}) },
      },
      contentsOf(service, endpoints),
    );
  }
}

/** At least one, which may be empty. */
function contentsOf(service: Service, podEndpoints: readonly PodEndpoint[]): readonly SliceContent[] {
  if (podEndpoints.length === 0) return [{ addressType: 'IPv4', ports: [], endpoints: [] }];
  return mergeContents(
    podEndpoints.map((one) => ({
      addressType: isIPv6(one.ip) ? 'IPv6' : 'IPv4',
      ports: one.ports,
      endpoints: [endpointOf(service, one)],
    })),
  );
}

function endpointOf(service: Service, { ip, ports: _ports, serving, terminating, ...rest }: PodEndpoint): Endpoint {
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  return { addresses: [ip], conditions: { ready, serving, terminating }, ...rest };
}
