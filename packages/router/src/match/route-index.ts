import { actionClass } from '../action-class.js';
import type { L7Policy, ObservedRouter, Router } from '../model.js';
import { type PolicyShape, parentOf, policyShape } from '../policy-shape.js';
import { type PolicyMatcher, policyMatcher } from './policy-matcher.js';
import { type RouteRequest, withoutPort } from './request.js';

/** A policy and its place in the order of evaluation, action class first: the lowest one that matches wins. */
interface Entry {
  readonly place: number;
  readonly matcher: PolicyMatcher;
}

/** Policies for one host; each list in order of evaluation. A policy for several hosts or paths is found by each. */
interface HostEntries {
  readonly exact: Map<string, Entry[]>;
  readonly prefix: Map<string, Entry[]>;
  /** Length of the longest path in `prefix`: no longer one need be looked up, however long the request's path is. */
  longestPrefix: number;
  /** For any path, or for paths of another form. */
  readonly others: Entry[];
}

/**
 * Finds the policy that takes a request without trying them all: by exact host, by the parent of a wildcard host, and
 * among those for any host; within these by exact path and by each prefix of the path. What is found is still compared
 * rule by rule, so policies of forms that are not ours, which are kept where they cannot be missed, are decided alike.
 * Building one from 10,000 policies takes milliseconds where they were in an index before.
 */
export class RouteIndex {
  readonly #exactHosts = new Map<string, HostEntries>();
  /** By parent: `example.com` for `*.example.com`. */
  readonly #wildcardHosts = new Map<string, HostEntries>();
  readonly #anyHost = noEntries();

  /** @param policies of one listener, in order of position */
  constructor(policies: readonly L7Policy[]) {
    for (const [position, policy] of policies.entries()) {
      if (!policy.enabled || policy.rules.length === 0) continue;
      const place = actionClass(policy.action) * policies.length + position;
      const shape = policyShape(policy);
      const entry = { place, matcher: policyMatcher(policy) };
      for (const entries of this.#entriesFor(shape)) insert(entries, shape, entry);
    }
  }

  /** The policy that takes the request, if any; {@link decide} tells what it does with it. */
  match(
    host: RouteRequest['host'],
    path: RouteRequest['path'],
    headers: NonNullable<RouteRequest['headers']> = {},
  ): L7Policy | undefined {
    const request: RouteRequest = { host, path, headers };
    const name = withoutPort(host.toLowerCase());
    const parent = parentOf(name);
    let best = bestOf(this.#anyHost, request, undefined);
    best = bestOf(this.#exactHosts.get(name), request, best);
    best = bestOf(parent === undefined ? undefined : this.#wildcardHosts.get(parent), request, best);
    return best?.matcher.policy;
  }

  #entriesFor({ hosts }: PolicyShape): readonly HostEntries[] {
    if (hosts === undefined) return [this.#anyHost];
    return hosts.map((host) =>
      host.kind === 'exact'
        ? at(this.#exactHosts, host.host, noEntries)
        : at(this.#wildcardHosts, host.parent, noEntries),
    );
  }
}

/** One index for each listener, by its key. Listeners with the very same list of policies share one. */
export function routeIndexes(router: Router | ObservedRouter): ReadonlyMap<string, RouteIndex> {
  const byPolicies = new Map<readonly L7Policy[], RouteIndex>();
  return new Map(
    router.listeners.map(({ key, policies }) => [key, at(byPolicies, policies, () => new RouteIndex(policies))]),
  );
}

function noEntries(): HostEntries {
  return { exact: new Map(), prefix: new Map(), longestPrefix: 0, others: [] };
}

function insert(entries: HostEntries, { paths }: PolicyShape, entry: Entry): void {
  if (paths === undefined) append(entries.others, entry);
  for (const { kind, path } of paths ?? []) {
    append(
      at(entries[kind], path, () => []),
      entry,
    );
    if (kind === 'prefix') entries.longestPrefix = Math.max(entries.longestPrefix, path.length);
  }
}

/** REJECT and redirects, which are rare, are the only ones that come out of turn. */
function append(list: Entry[], entry: Entry): void {
  const last = list.at(-1);
  list.push(entry);
  if (last !== undefined && last.place > entry.place) list.sort((a, b) => a.place - b.place);
}

function bestOf(entries: HostEntries | undefined, request: RouteRequest, best: Entry | undefined): Entry | undefined {
  if (entries === undefined) return best;
  const { path } = request;
  const { longestPrefix } = entries;
  let found = firstOf(entries.exact.get(path), request, best);
  found = firstOf(entries.others, request, found);
  if (path.length <= longestPrefix) found = firstOf(entries.prefix.get(path), request, found);
  for (let slash = path.indexOf('/', 1); slash > 0 && slash <= longestPrefix; slash = path.indexOf('/', slash + 1)) {
    found = firstOf(entries.prefix.get(path.slice(0, slash)), request, found);
  }
  return found;
}

function firstOf(
  entries: readonly Entry[] | undefined,
  request: RouteRequest,
  best: Entry | undefined,
): Entry | undefined {
  for (const entry of entries ?? []) {
    if (best !== undefined && entry.place > best.place) return best;
    if (entry.matcher.matches(request)) return entry;
  }
  return best;
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
