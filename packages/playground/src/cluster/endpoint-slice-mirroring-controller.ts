import { isIPv6 } from 'node:net';
import type { ClusterContext } from './cluster-context.js';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  type EndpointAddress,
  type Endpoints,
  SERVICE_NAME_LABEL,
  SLICE_MANAGED_BY_LABEL,
} from './kinds/endpoints.js';
import { isTerminating } from './kinds/pod.js';
import { SERVICES, selectsPods } from './kinds/service.js';
import { controllerReference } from './ownership.js';
import { mergeContents, type SliceContent } from './slice-plan.js';
import { SliceWriter } from './slice-writer.js';

const MANAGED_BY = 'endpointslicemirroring-controller.k8s.io';
const SKIP_MIRROR_LABEL = 'endpointslice.kubernetes.io/skip-mirror';

/** Copies Endpoints that somebody made by hand, for a Service without a selector, into EndpointSlices: who reads only those sees them too. */
export function runEndpointSliceMirroring(cluster: ClusterContext): void {
  const services = cluster.cache(SERVICES);
  const endpoints = cluster.cache(ENDPOINTS);
  const writer = new SliceWriter(cluster);
  const queue = cluster.reconciler('endpointslicemirroring-controller', reconcile);

  services.subscribe(({ key }) => queue.add(key));
  endpoints.subscribe(({ key }) => queue.add(key));
  cluster.cache(ENDPOINT_SLICES).subscribe(({ object, previous }) => {
    const { namespace, labels } = (object ?? previous)?.metadata ?? {};
    if (labels?.[SLICE_MANAGED_BY_LABEL] === MANAGED_BY) queue.add(`${namespace}/${labels[SERVICE_NAME_LABEL]}`);
  });

  function reconcile(key: string): void {
    const source = endpoints.get(key);
    const service = services.get(key);
    const [namespace = '', name = ''] = key.split('/');
    const set = { namespace, service: name, managedBy: MANAGED_BY };
    if (
      source === undefined ||
      service === undefined ||
      isTerminating(source) ||
      !isMirrored(source) ||
      selectsPods(service)
    ) {
      writer.removeAll(set);
      return;
    }
    writer.write(
      { ...set, owner: controllerReference(ENDPOINTS, source), labels: source.metadata.labels ?? {} },
      contentsOf(source),
    );
  }
}

function isMirrored({ metadata }: Endpoints): boolean {
  return metadata.labels?.[SKIP_MIRROR_LABEL] !== 'true';
}

function contentsOf(source: Endpoints): readonly SliceContent[] {
  const contents = (source.subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const named = ports.map((port) => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' }));
    const contentOf = ({ ip, ...rest }: EndpointAddress, ready: boolean): SliceContent => ({
      addressType: isIPv6(ip) ? 'IPv6' : 'IPv4',
      ports: named,
      endpoints: [{ addresses: [ip], conditions: { ready }, ...rest }],
    });
    return [...addresses.map((one) => contentOf(one, true)), ...notReadyAddresses.map((one) => contentOf(one, false))];
  });
  return mergeContents(contents);
}
