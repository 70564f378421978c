import type { RouterCapabilities } from '../capabilities.js';
import type { ObjectKey } from '../kubernetes.js';
import type { L7Policy } from '../model.js';
import { ROUTER_DEFAULT_KEY } from '../policy-key.js';
import { type Claim, settleHost } from './hosts/settle-host.js';
import { compareHosts, hostBand } from './order/host-order.js';
import { type Guard, guardAction, guardHost, needsGuard } from './policies/guard.js';
import { type Finding, type HostRoutes, routeHost } from './policies/host-routes.js';
import type { PoolTable } from './policies/pool-table.js';
import type { PolicyAction, ServicesByKey } from './policies/resolve-backend.js';
import { keep, keepList, same } from './same.js';
import type { Translation } from './translate/translate-ingress.js';

interface HostState {
  readonly claims: Map<ObjectKey, Claim>;
  routes?: HostRoutes;
  guard: (Guard & { readonly action: PolicyAction | undefined; readonly oldest: ObjectKey }) | undefined;
}

/** All hosts that Ingresses ask for, the router-wide default among them; works only on those that changed. */
export class HostTable {
  readonly #hosts = new Map<string, HostState>();
  readonly #hostsByService = new Map<ObjectKey, Set<string>>();
  readonly #changed = new Set<string>();
  #guardAction: PolicyAction | undefined;
  /** Hosts in order of evaluation. */
  #order: readonly string[] = [];
  /** A host came or went since. */
  #orderIsOld = false;
  #policies: readonly L7Policy[] = [];

  constructor(
    private readonly hostOwnership: boolean,
    private readonly capabilities: RouterCapabilities,
    private readonly services: ServicesByKey,
    private readonly pools: PoolTable,
  ) {}

  /** What an Ingress asked for before, and what it asks for now. */
  replaceClaims(key: ObjectKey, before: Translation | undefined, after: Translation | undefined): void {
    const hostsNow = new Set(after?.claims.map(({ host }) => host));
    for (const { host } of before?.claims ?? []) {
      if (hostsNow.has(host)) continue;
      this.#hosts.get(host)?.claims.delete(key);
      this.#changed.add(host);
    }
    if (after === undefined) return;
    for (const claim of after.claims) {
      const { claims } = this.#stateOf(claim.host);
      const current: Claim = { ingress: after.ingress, claim };
      if (same(claims.get(key), current)) continue;
      claims.set(key, current);
      this.#changed.add(claim.host);
    }
  }

  serviceChanged(service: ObjectKey): void {
    for (const host of this.#hostsByService.get(service) ?? []) this.#changed.add(host);
  }

  /** Works through what changed. Returns the Ingresses for which something else came out. */
  update(): ReadonlySet<ObjectKey> {
    const touched = new Set<ObjectKey>();
    if (this.#changed.size === 0) return touched;
    for (const host of this.#changed) this.#updateHost(host, touched);
    this.#updateGuards();
    this.#changed.clear();
    this.#policies = keepList(this.#policies, this.#collectPolicies());
    return touched;
  }

  /** In order of evaluation, as of the last {@link update}. */
  get policies(): readonly L7Policy[] {
    return this.#policies;
  }

  /** What came of an Ingress on a host, as of the last {@link update}. */
  findingOf(host: string, ingress: ObjectKey): Finding {
    const state = this.#hosts.get(host);
    return state?.routes?.findings.get(ingress) ?? { pools: [], problems: [] };
  }

  #stateOf(host: string): HostState {
    let state = this.#hosts.get(host);
    if (state === undefined) {
      state = { claims: new Map(), guard: undefined };
      this.#hosts.set(host, state);
      this.#orderIsOld = true;
    }
    return state;
  }

  #updateHost(host: string, touched: Set<ObjectKey>): void {
    const state = this.#stateOf(host);
    const before = state.routes;
    const settled = settleHost(host, state.claims.values(), this.hostOwnership);
    const after = settled && routeHost(settled, this.services, this.capabilities, before);
    if (after === undefined) {
      this.#setGuard(state, undefined);
      this.#hosts.delete(host);
      this.#orderIsOld = true;
    } else {
      state.routes = after;
    }
    this.pools.replace(before?.pools, after?.pools);
    this.#index(host, before?.services, after?.services);
    for (const key of new Set([...(before?.findings.keys() ?? []), ...(after?.findings.keys() ?? [])])) {
      if (!same(before?.findings.get(key), after?.findings.get(key))) touched.add(key);
    }
  }

  #index(host: string, before: ReadonlySet<ObjectKey> | undefined, after: ReadonlySet<ObjectKey> | undefined): void {
    for (const service of before ?? []) {
      const hosts = this.#hostsByService.get(service);
      if (after?.has(service) || !hosts?.delete(host)) continue;
      if (hosts.size === 0) this.#hostsByService.delete(service);
    }
    for (const service of after ?? []) {
      const hosts = this.#hostsByService.get(service) ?? new Set();
      this.#hostsByService.set(service, hosts.add(host));
    }
  }

  /** Only wildcards, rules without a host and the router-wide default decide about the guards of other hosts. */
  #updateGuards(): void {
    const allMayDiffer = [...this.#changed].some((host) => hostBand(host) > 0);
    const routesOf = (host: string): HostRoutes | undefined => this.#hosts.get(host)?.routes;
    const routerDefault = routesOf(ROUTER_DEFAULT_KEY)?.policies[0];
    const action = keep(this.#guardAction, guardAction(routerDefault, this.capabilities));
    this.#guardAction = action;
    for (const host of allMayDiffer ? this.#hosts.keys() : this.#changed) {
      const state = this.#hosts.get(host);
      if (state?.routes === undefined) continue;
      const { routes, guard: before } = state;
      if (!needsGuard(host, routes, routesOf)) {
        this.#setGuard(state, undefined);
        continue;
      }
      const oldest = routes.oldest.key;
      if (before !== undefined && before.action === action && before.oldest === oldest) continue;
      this.#setGuard(state, { ...guardHost(host, routes, action, this.capabilities), action, oldest });
    }
  }

  #setGuard(state: HostState, guard: HostState['guard']): void {
    this.pools.replace(state.guard?.pools, guard?.pools);
    state.guard = guard;
  }

  #collectPolicies(): readonly L7Policy[] {
    if (this.#orderIsOld) {
      this.#order = [...this.#hosts.keys()].sort(compareHosts);
      this.#orderIsOld = false;
    }
    const policies: L7Policy[] = [];
    for (const host of this.#order) {
      const state = this.#hosts.get(host);
      for (const policy of state?.routes?.policies ?? []) policies.push(policy);
      if (state?.guard !== undefined) policies.push(state.guard.policy);
    }
    return policies;
  }
}
