import type { RouterCapabilities } from '../../capabilities.js';
import type { Ingress } from '../../kubernetes.js';
import type { L7Rule } from '../../model.js';
import { pathKey, ROUTER_DEFAULT_KEY } from '../../policy-key.js';
import type { PolicyRank } from '../../policy-order.js';
import type { Problem } from '../../problem.js';
import { everyPathRule, exactPathRule, hostRule, prefixPathRule } from '../../rule-forms.js';
import type { IngressIdentity } from '../hosts/ingress-identity.js';
import { isAbsent, recordOf } from '../untrusted.js';
import { type BackendReference, readBackend } from './backend-reference.js';
import { ruleObstacle } from './expressible.js';
import { readHost } from './host.js';
import { type PathReading, readPath } from './path.js';

/** What one Ingress asks for, whatever other Ingresses and the Services say. */
export interface Translation {
  readonly ingress: IngressIdentity;
  /** One for each host, in the order of the Ingress. */
  readonly claims: readonly HostClaim[];
  /** What is wrong with the Ingress itself. */
  readonly problems: readonly Problem[];
}

export interface HostClaim {
  /** `www.example.com`, `*.example.com`, '' for any host, or {@link ROUTER_DEFAULT_KEY} for an Ingress without rules. */
  readonly host: string;
  /** The rules that name the host, e.g. `spec.rules[0]`. */
  readonly fields: readonly string[];
  readonly paths: readonly PathClaim[];
  /** Takes what no path of the host takes. */
  readonly defaultBackend?: BackendReference;
}

export interface PathClaim extends PathReading {
  /** Of its policy, and what two claims of the same path have in common. */
  readonly key: string;
  readonly rank: PolicyRank;
  readonly rules: readonly L7Rule[];
  readonly backend: BackendReference;
  /** E.g. `spec.rules[0].http.paths[1]`. */
  readonly field: string;
}

/** Stage 2: what an Ingress asks for, in the terms of the router. What is invalid is a problem, and the rest goes on. */
export function translateIngress(
  ingress: Ingress,
  identity: IngressIdentity,
  capabilities: RouterCapabilities,
): Translation {
  const problems: Problem[] = [];
  const spec = recordOf(ingress.spec) ?? {};
  const backendAt = (value: unknown, field: string): BackendReference => {
    const { backend, problem } = readBackend(value, identity.namespace, field);
    if (problem !== undefined) problems.push(problem);
    return backend;
  };
  const defaultBackend = isAbsent(spec.defaultBackend)
    ? undefined
    : backendAt(spec.defaultBackend, 'spec.defaultBackend');

  const rules = listAt(spec.rules, 'spec.rules', 'InvalidHost', problems);
  if (rules === undefined) return { ingress: identity, claims: [], problems };
  if (rules.length === 0) {
    if (defaultBackend !== undefined) {
      const claim: HostClaim = { host: ROUTER_DEFAULT_KEY, fields: ['spec'], paths: [], defaultBackend };
      return { ingress: identity, claims: [claim], problems };
    }
    const message = 'The Ingress has neither rules nor a default backend; give it one of the two.';
    return { ingress: identity, claims: [], problems: [{ reason: 'InvalidBackend', field: 'spec', message }] };
  }

  const hosts = new Map<string, { readonly fields: string[]; readonly paths: PathClaim[] }>();
  for (const [index, rule] of rules.entries()) {
    const field = `spec.rules[${index}]`;
    const host = hostAt(recordOf(rule)?.host, field, capabilities, problems);
    if (host === undefined) continue;
    const claim = hosts.get(host) ?? { fields: [], paths: [] };
    hosts.set(host, claim);
    claim.fields.push(field);
    const list = `${field}.http.paths`;
    const paths = listAt(recordOf(recordOf(rule)?.http)?.paths, list, 'InvalidPath', problems) ?? [];
    for (const [position, value] of paths.entries()) {
      const at = `${list}[${position}]`;
      const path = recordOf(value) ?? {};
      const reading = pathAt(path, host, at, capabilities, problems);
      if (reading === undefined) continue;
      claim.paths.push({ ...reading, backend: backendAt(path.backend, `${at}.backend`), field: at });
    }
  }
  const claims = [...hosts].map(([host, claim]) => ({ host, ...claim, ...(defaultBackend && { defaultBackend }) }));
  return { ingress: identity, claims, problems };
}

function listAt(
  value: unknown,
  field: string,
  reason: Problem['reason'],
  problems: Problem[],
): readonly unknown[] | undefined {
  if (isAbsent(value)) return [];
  if (Array.isArray(value)) return value;
  problems.push({ reason, field, message: `${field} is not a list; write one.` });
  return undefined;
}

function hostAt(
  value: unknown,
  rule: string,
  capabilities: RouterCapabilities,
  problems: Problem[],
): string | undefined {
  const field = `${rule}.host`;
  const reading = readHost(value);
  if ('obstacle' in reading) {
    problems.push({ reason: 'InvalidHost', field, message: `Host ${quoted(value)} ${reading.obstacle}.` });
    return undefined;
  }
  const { host } = reading;
  const obstacle = host === '' ? undefined : ruleObstacle(hostRule(host), capabilities);
  if (obstacle === undefined) return host;
  const reason = obstacle.unsupported ? 'RouterCannotExpress' : 'InvalidHost';
  problems.push({ reason, field, message: `Host ${quoted(value)} ${obstacle.text}.` });
  return undefined;
}

function pathAt(
  path: Readonly<Record<string, unknown>>,
  host: string,
  at: string,
  capabilities: RouterCapabilities,
  problems: Problem[],
): Omit<PathClaim, 'backend' | 'field'> | undefined {
  const field = `${at}.path`;
  const reading = readPath(path.path, path.pathType, capabilities);
  if ('obstacle' in reading) {
    const subject = `Path ${quoted(path.path)} (pathType ${quoted(path.pathType)})`;
    problems.push({ reason: 'InvalidPath', field, message: `${subject} ${reading.obstacle}.` });
    return undefined;
  }
  const rules = rulesOf(host, reading);
  for (const rule of rules) {
    const obstacle = ruleObstacle(rule, capabilities);
    if (obstacle === undefined) continue;
    const reason = obstacle.unsupported ? 'RouterCannotExpress' : 'InvalidPath';
    problems.push({ reason, field, message: `Path ${quoted(path.path)} ${obstacle.text}.` });
    return undefined;
  }
  const { pathType, path: text } = reading;
  return { ...reading, key: pathKey(host, pathType, text), rank: rankOf(reading), rules };
}

/** Prefix `/` is the rest of the host. */
function rankOf({ pathType, path }: PathReading): PolicyRank {
  if (pathType === 'Exact') return { kind: 0, path };
  return path === '/' ? { kind: 2, path: '' } : { kind: 1, path };
}

function rulesOf(host: string, { pathType, path }: PathReading): readonly L7Rule[] {
  if (path === '/' && pathType === 'Prefix') return rulesOfHost(host);
  const rule = pathType === 'Exact' ? exactPathRule(path) : prefixPathRule(path);
  return host === '' ? [rule] : [hostRule(host), rule];
}

/** Every request for a host; '' for any. */
export function rulesOfHost(host: string): readonly L7Rule[] {
  return [host === '' ? everyPathRule() : hostRule(host)];
}

/** As the user wrote it, in full unless it is very long. */
function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}
