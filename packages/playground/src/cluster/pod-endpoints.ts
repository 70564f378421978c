import type { EndpointPort, ObjectTarget } from './kinds/endpoints.js';
import { hasEnded, isReady, isTerminating, type Pod } from './kinds/pod.js';
import { type Service, targetPortOf } from './kinds/service.js';
import type { PodPorts } from './pod-ports.js';

/** One Pod as a destination of a Service, in the terms that both forms of endpoints share. */
export interface PodEndpoint {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef: ObjectTarget;
  readonly ports: readonly EndpointPort[];
  /** Answers, whether or not it is being deleted. */
  readonly serving: boolean;
  readonly terminating: boolean;
}

/**
 * Undefined for a Pod that can't be reached: without an address, ended, or with a port that its node has not opened yet. A named port that
 * the Pod does not declare is left out of its ports, as on a cluster.
 */
export function podEndpoint(service: Service, pod: Pod, podPorts: PodPorts): PodEndpoint | undefined {
  const ip = pod.status?.podIP;
  if (ip === undefined || ip === '' || hasEnded(pod)) return undefined;
  const ports: EndpointPort[] = [];
  for (const servicePort of service.spec.ports ?? []) {
    const target = targetPortOf(servicePort, pod);
    if (target === undefined) continue;
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    const port = protocol === 'TCP' ? podPorts.portOf(pod, target) : target;
    if (port === undefined) return undefined;
    ports.push({ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) });
  }
  const { hostname, subdomain, nodeName } = pod.spec;
  const { name, namespace, uid } = pod.metadata;
  return {
    ip,
    ...(hostname !== undefined && subdomain === service.metadata.name ? { hostname } : {}),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: 'Pod', namespace: namespace ?? '', name, uid: uid ?? '' },
    ports,
    serving: isReady(pod),
    terminating: isTerminating(pod),
  };
}
