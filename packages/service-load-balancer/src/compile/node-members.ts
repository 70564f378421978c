import { isIP } from 'node:net';
import { type AddressFamily, endpointState, serviceOfSlice } from '@kuryr-l7/router';
import type { Member } from '../model.js';
import type { EndpointSlice, Node, Service } from '../service.js';
import type { LabelRequirement } from './annotations.js';
import { byEndpoint } from './by-endpoint.js';

/** Labels and taints by which Kubernetes' cloud controllers leave nodes out, too. */
const EXCLUDED_LABEL = 'node.kubernetes.io/exclude-from-external-load-balancers';
const GOING_TAINT = 'ToBeDeletedByClusterAutoscaler';

export interface NodeMembersRequest {
  readonly service: Service;
  readonly nodePort: number;
  readonly nodes: Iterable<Node>;
  readonly slices: Iterable<EndpointSlice>;
  readonly family: AddressFamily;
  readonly nodeSelector?: readonly LabelRequirement[];
  readonly subnetId?: string;
  /** Whether members are checked: with `externalTrafficPolicy: Local` at `healthCheckNodePort`. */
  readonly isMonitored: boolean;
}

/**
 * Nodes as members, by a port of the nodes. With `externalTrafficPolicy: Local` only those that run an endpoint that is
 * ready, as the others drop what they get; where none is ready, those whose endpoints terminate and still answer. This is
 * what kube-proxy does with the endpoints of a node, and answers at `healthCheckNodePort`. Nodes that are not ready are
 * left out, unless no node is: then it is the control plane that fails, and traffic goes on.
 */
export function nodeMembers(request: NodeMembersRequest): readonly Member[] {
  const { service, nodePort, subnetId } = request;
  const usable = [...request.nodes].filter((node) => isUsable(node, request.nodeSelector ?? []));
  const isLocal = service.spec?.externalTrafficPolicy === 'Local';
  const local = isLocal ? nodesWithEndpoints(service, request.slices) : undefined;
  const candidates = local === undefined ? usable : usable.filter(({ metadata }) => local.has(metadata.name));
  const ready = candidates.filter(isReady);
  const monitorPort = isLocal && request.isMonitored ? service.spec?.healthCheckNodePort : undefined;
  return (ready.length > 0 ? ready : candidates)
    .flatMap((node) => {
      const address = addressOf(node, request.family);
      return address === undefined ? [] : { address, nodeName: node.metadata.name };
    })
    .map((member) => ({
      ...member,
      port: nodePort,
      ...(subnetId !== undefined && { subnetId }),
      ...(monitorPort !== undefined && { monitorPort }),
    }))
    .sort(byEndpoint);
}

function isUsable({ metadata, spec }: Node, selector: readonly LabelRequirement[]): boolean {
  const labels = metadata.labels ?? {};
  return (
    metadata.deletionTimestamp === undefined &&
    !(EXCLUDED_LABEL in labels) &&
    !(spec?.taints ?? []).some(({ key }) => key === GOING_TAINT) &&
    selector.every(({ key, value }) => key in labels && (value === undefined || labels[key] === value))
  );
}

function isReady({ status }: Node): boolean {
  return (status?.conditions ?? []).some(({ type, status: state }) => type === 'Ready' && state === 'True');
}

function addressOf({ status }: Node, family: AddressFamily): string | undefined {
  const version = family === 'IPv4' ? 4 : 6;
  return status?.addresses?.find(({ type, address }) => type === 'InternalIP' && isIP(address) === version)?.address;
}

function nodesWithEndpoints(service: Service, slices: Iterable<EndpointSlice>): ReadonlySet<string> {
  const { name, namespace = '' } = service.metadata;
  const ready = new Set<string>();
  const leaving = new Set<string>();
  for (const slice of slices) {
    if (serviceOfSlice(slice) !== `${namespace}/${name}`) continue;
    for (const { nodeName, conditions } of slice.endpoints ?? []) {
      const state = endpointState(conditions);
      if (nodeName !== undefined && state.ready) ready.add(nodeName);
      if (nodeName !== undefined && state.leaving) leaving.add(nodeName);
    }
  }
  return ready.size > 0 ? ready : leaving;
}
