import type { RouterCapabilities } from '../../capabilities.js';
import type { PoolRequest } from '../../compilation.js';
import type { ObjectKey } from '../../kubernetes.js';
import type { L7Policy, LbAlgorithm } from '../../model.js';
import type { Problem, ProblemReason } from '../../problem.js';
import type { BackendReference } from '../translate/backend-reference.js';
import type { ServiceFacts, ServicePortFacts } from './service-facts.js';

/** What a policy does, apart from when. */
export type PolicyAction = Pick<L7Policy, 'action' | 'redirectPool' | 'statusCode'>;

export interface Target {
  readonly action: PolicyAction;
  readonly pool?: PoolRequest;
  readonly problem?: Problem;
}

export type ServicesByKey = ReadonlyMap<ObjectKey, ServiceFacts>;

/**
 * Where the requests for a backend go. A backend that cannot be used gets a pool that stays empty, and so answers 503:
 * its path never falls through to somebody else's backend, and is right as soon as the Service is.
 *
 * A pool is named `<namespace>_<service>`, and `_<port number>` is appended where the Service has several TCP ports, the
 * only ones that HTTP can use. No two Services or ports share a name, because Kubernetes names hold no `_`.
 */
export function resolveBackend(
  backend: BackendReference,
  services: ServicesByKey,
  capabilities: RouterCapabilities,
): Target {
  if (backend.kind === 'unavailable') return unavailable(backend.namespace, capabilities);
  const { service, port, field } = backend;
  const facts = services.get(service);
  const name = service.replace('/', '_');
  const empty = (reason: ProblemReason, at: string, message: string, pool = name): Target => ({
    ...toPool({ name: pool, service, ...defaultsOf(capabilities), source: sourceOf(service) }),
    problem: { reason, field: at, message: `${message} Until then its requests get 503.` },
  });
  if (facts === undefined) {
    const message = `Service ${service} does not exist; create it, or correct the name.`;
    return empty('ServiceNotFound', `${field}.name`, message);
  }
  if (facts.externalName) {
    const message = `Service ${service} is of type ExternalName, which is not routed; name a Service with endpoints.`;
    return empty('ServiceTypeNotSupported', `${field}.name`, message);
  }
  const candidates = facts.ports.filter((candidate) => candidate.name === port || candidate.number === port);
  const found = candidates.find(isTcp);
  if (found === undefined) {
    const at = `${field}.port.${typeof port === 'number' ? 'number' : 'name'}`;
    return empty('ServicePortNotFound', at, missingPort(service, port, candidates, facts), `${name}_${port}`);
  }
  const several = facts.ports.filter(isTcp).length > 1;
  const algorithm = algorithmOf(service, facts, field, capabilities);
  return {
    ...toPool({
      name: several ? `${name}_${found.number}` : name,
      service,
      port: { number: found.number, ...(found.name !== undefined && { name: found.name }) },
      ...defaultsOf(capabilities),
      ...(algorithm.lbAlgorithm && { lbAlgorithm: algorithm.lbAlgorithm }),
      source: sourceOf(service),
    }),
    ...(algorithm.problem && { problem: algorithm.problem }),
  };
}

function isTcp({ protocol }: ServicePortFacts): boolean {
  return protocol === 'TCP';
}

function toPool(pool: PoolRequest): { readonly action: PolicyAction; readonly pool: PoolRequest } {
  return { action: { action: 'REDIRECT_TO_POOL', redirectPool: pool.name }, pool };
}

/** 503 without a Service: by the router itself where it can, else by a pool that no Service fills, one per namespace. */
export function unavailable(namespace: string, capabilities: RouterCapabilities): Target {
  if (capabilities.actions.includes('FIXED_RESPONSE')) return { action: { action: 'FIXED_RESPONSE', statusCode: 503 } };
  return toPool({
    name: `${namespace}__unavailable`,
    service: `${namespace}/unavailable`,
    lbAlgorithm: 'ROUND_ROBIN',
    source: { kind: 'Namespace', namespace, name: namespace },
  });
}

function sourceOf(service: ObjectKey): PoolRequest['source'] {
  const slash = service.indexOf('/');
  return { kind: 'Service', namespace: service.slice(0, slash), name: service.slice(slash + 1) };
}

function defaultsOf({ poolDefaults }: RouterCapabilities): Pick<PoolRequest, 'lbAlgorithm' | 'healthMonitor'> {
  return { lbAlgorithm: 'ROUND_ROBIN', ...poolDefaults };
}

/** What a Service asks for by itself. */
function algorithmOf(
  service: ObjectKey,
  facts: ServiceFacts,
  field: string,
  { lbAlgorithms }: RouterCapabilities,
): { readonly lbAlgorithm?: LbAlgorithm; readonly problem?: Problem } {
  if (!facts.sticksToClient) return {};
  if (lbAlgorithms.includes('SOURCE_IP')) return { lbAlgorithm: 'SOURCE_IP' };
  const message = `Service ${service} has sessionAffinity ClientIP, and this router has no SOURCE_IP pools; its requests are spread over all endpoints. Set sessionAffinity to None.`;
  return { problem: { reason: 'RouterCannotExpress', field: `${field}.name`, message } };
}

function missingPort(
  service: ObjectKey,
  port: number | string,
  candidates: readonly ServicePortFacts[],
  facts: ServiceFacts,
): string {
  const label = typeof port === 'number' ? `port ${port}` : `port named ${port}`;
  const other = candidates[0];
  if (other !== undefined)
    return `Service ${service} has its ${label} for ${other.protocol}, and HTTP needs TCP; name a TCP port.`;
  const ports = facts.ports
    .filter(isTcp)
    .map(({ number, name }) => (name === undefined ? `${number}` : `${number} (${name})`));
  return `Service ${service} has no ${label}; it has ${ports.length === 0 ? 'no TCP port' : ports.join(', ')}. Correct the Ingress or the Service.`;
}
