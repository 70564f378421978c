import type { ObjectKey } from '../../kubernetes.js';
import { ROUTER_DEFAULT_KEY } from '../../policy-key.js';
import type { Problem } from '../../problem.js';
import { same } from '../same.js';
import type { BackendReference } from '../translate/backend-reference.js';
import type { HostClaim, PathClaim } from '../translate/translate-ingress.js';
import { compareAge, type IngressIdentity } from './ingress-identity.js';

/** What one Ingress claims of one host. */
export interface Claim {
  readonly ingress: IngressIdentity;
  readonly claim: HostClaim;
}

/** Who got what of a host. */
export interface SettledHost {
  readonly host: string;
  /** Of the Ingresses that have a say on this host, the one that asked first. */
  readonly oldest: IngressIdentity;
  readonly paths: readonly { readonly ingress: IngressIdentity; readonly path: PathClaim }[];
  readonly defaultBackend?: { readonly ingress: IngressIdentity; readonly backend: BackendReference };
  /** Why the others did not get theirs. Every claimant has an entry. */
  readonly problems: ReadonlyMap<ObjectKey, readonly Problem[]>;
}

/**
 * Stage 3: who gets what of a host, where several Ingresses ask. The oldest Ingress decides which namespace owns the host,
 * the oldest gets a path that is asked for twice, and the oldest that has a default backend gives the host its own. In one
 * Ingress, the first. Undefined if nobody asks.
 */
export function settleHost(host: string, claims: Iterable<Claim>, hostOwnership: boolean): SettledHost | undefined {
  const claimants = [...claims].sort((a, b) => compareAge(a.ingress, b.ingress));
  const oldest = claimants[0]?.ingress;
  if (oldest === undefined) return undefined;
  const problems = new Map<ObjectKey, Problem[]>();
  const paths = new Map<string, { readonly ingress: IngressIdentity; readonly path: PathClaim }>();
  let defaultBackend: SettledHost['defaultBackend'];

  for (const { ingress, claim } of claimants) {
    const refusals: Problem[] = [];
    problems.set(ingress.key, refusals);
    if (hostOwnership && host !== ROUTER_DEFAULT_KEY && ingress.namespace !== oldest.namespace) {
      refusals.push(...claim.fields.map((field) => hostClaimed(host, field, oldest)));
      continue;
    }
    for (const path of claim.paths) {
      const winner = paths.get(path.key);
      if (winner === undefined) paths.set(path.key, { ingress, path });
      else refusals.push(pathClaimed(host, path, winner));
    }
    if (claim.defaultBackend === undefined) continue;
    if (defaultBackend === undefined) defaultBackend = { ingress, backend: claim.defaultBackend };
    else if (host === ROUTER_DEFAULT_KEY || !same(defaultBackend.backend, claim.defaultBackend)) {
      refusals.push(defaultClaimed(host, defaultBackend.ingress));
    }
  }
  return { host, oldest, paths: [...paths.values()], ...(defaultBackend && { defaultBackend }), problems };
}

function named(host: string): string {
  return host === '' ? 'any host' : `host ${host}`;
}

function hostClaimed(host: string, field: string, owner: IngressIdentity): Problem {
  const what = host === '' ? 'Rules for any host belong' : `Host ${host} belongs`;
  const message = `${what} to namespace ${owner.namespace}, whose Ingress ${owner.key} was the first to ask; use another host, or ask its owner to give it up.`;
  return { reason: 'HostClaimed', field: `${field}.host`, message };
}

function pathClaimed(
  host: string,
  { pathType, path, field }: PathClaim,
  winner: { readonly ingress: IngressIdentity; readonly path: PathClaim },
): Problem {
  const message = `${pathType} path ${path} of ${named(host)} is taken by ${winner.path.field} of Ingress ${winner.ingress.key}, which comes first; remove one of the two.`;
  return { reason: 'PathClaimed', field: `${field}.path`, message };
}

function defaultClaimed(host: string, owner: IngressIdentity): Problem {
  const whose = host === ROUTER_DEFAULT_KEY ? 'this router' : named(host);
  const message = `The default backend of ${whose} is that of the older Ingress ${owner.key}; remove one of the two.`;
  return { reason: 'DefaultBackendClaimed', field: 'spec.defaultBackend', message };
}
