import type { Refusal, RouterDescription } from '@kuryr-l7/plugin';
import type { IngressOutcome } from '@kuryr-l7/router';

/** `status.loadBalancer.ingress[]` of networking.k8s.io/v1. */
export interface LoadBalancerIngress {
  readonly ip?: string;
  readonly hostname?: string;
  readonly ports?: readonly { readonly port: number; readonly protocol: string; readonly error?: string }[];
}

/** Something to tell the owner of an Ingress; `reason` is stable. */
export interface Complaint {
  readonly reason: string;
  readonly message: string;
}

/** Everything that is wrong with an Ingress: what the compiler could not route, then what the router refused. */
export function complaints(outcome: IngressOutcome, refusals: readonly Refusal[]): readonly Complaint[] {
  return [
    ...outcome.problems.map(({ reason, field, message }) => ({ reason, message: `${field}: ${message}` })),
    ...refusals.map(({ message }) => ({ reason: 'RouterRefused', message })),
  ];
}

/**
 * The status of a handled Ingress: the router's addresses with its ports. The first complaint is the `error` of each
 * port, in the form `domain/CamelCase` that the API asks of an error that is not Kubernetes' own.
 */
export function loadBalancerStatus(
  router: RouterDescription,
  [complaint]: readonly Complaint[],
): readonly LoadBalancerIngress[] {
  const error = complaint === undefined ? {} : { error: `openstack.org/${complaint.reason}` };
  const ports = router.listeners.map(({ port }) => ({ port, protocol: 'TCP', ...error }));
  return router.addresses.map((address) => ({ ...address, ports }));
}

/** What is left of a status when the Ingress is not ours any more: the addresses of others stay. */
export function withoutRouter(
  current: readonly LoadBalancerIngress[],
  router: RouterDescription,
): readonly LoadBalancerIngress[] {
  return current.filter(
    ({ ip, hostname }) => !router.addresses.some((own) => own.ip === ip && own.hostname === hostname),
  );
}

export function sameStatus(a: readonly LoadBalancerIngress[], b: readonly LoadBalancerIngress[]): boolean {
  return JSON.stringify(a.map(canonical)) === JSON.stringify(b.map(canonical));
}

function canonical({ ip, hostname, ports }: LoadBalancerIngress): unknown {
  return [ip ?? '', hostname ?? '', (ports ?? []).map(({ port, protocol, error }) => [port, protocol, error ?? ''])];
}
