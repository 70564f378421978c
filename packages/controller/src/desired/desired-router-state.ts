import { type Logger, SILENT_LOGGER } from '@kuryr-l7/kube';
import {
  type AppliedReport,
  ConfigurationError,
  type DesiredRouter,
  type RouterDescription,
  type RouteSource,
} from '@kuryr-l7/plugin';
import {
  type Compilation,
  compareMembers,
  FULL_CAPABILITIES,
  fillPool,
  type Member,
  type ObjectKey,
  type Pool,
  type PoolRequest,
  type RouterCapabilities,
} from '@kuryr-l7/router';
import { groupByService, servicesThatDiffer } from './pools-by-service.js';

const NO_MEMBERS: readonly Member[] = [];
const NO_ROUTES: Compilation = { policies: [], pools: [], outcomes: new Map() };

/** A pool as the routes want it now; without `members` while the handler that fills pools has not answered for it. */
export interface WantedPool {
  readonly request: PoolRequest;
  readonly pool?: Pool;
}

/** What the writer plans from: one consistent picture of all that is wanted. */
export interface DesiredSnapshot {
  /** Grows with every change; two snapshots with the same revision are the same. */
  readonly revision: number;
  readonly compilations: ReadonlyMap<string, Compilation>;
  /** Sorted by name. */
  readonly pools: readonly WantedPool[];
}

/**
 * The desired state of the router, in memory. Routes are compiled at most once per turn of the event loop, however many
 * objects changed in it; nothing is compiled before {@link start}, when every object of the cluster has been seen once.
 */
export class DesiredRouterState implements DesiredRouter {
  readonly #sources: RouteSource[] = [];
  readonly #members = new Map<string, readonly Member[]>();
  readonly #wantedListeners = new Set<(services: readonly ObjectKey[]) => void>();
  readonly #appliedListeners = new Set<(report: AppliedReport) => void>();
  readonly #changeListeners = new Set<() => void>();
  #compilations: ReadonlyMap<string, Compilation> = new Map();
  #requests: readonly PoolRequest[] = [];
  #byService: ReadonlyMap<ObjectKey, readonly PoolRequest[]> = new Map();
  #pools = new Map<string, Pool>();
  #snapshot: DesiredSnapshot | undefined;
  #revision = 0;
  #started = false;
  #compileScheduled = false;
  #filler: string | undefined;
  #addressFamily: RouterDescription['addressFamily'] = 'IPv4';
  #capabilities: RouterCapabilities = FULL_CAPABILITIES;
  #lastReport: AppliedReport | undefined;

  constructor(private readonly logger: Logger = SILENT_LOGGER) {}

  get addressFamily(): RouterDescription['addressFamily'] {
    return this.#addressFamily;
  }

  /** The writer has opened a router: routes are compiled for what it can do, pools filled in its IP family. */
  routerOpened(addressFamily: RouterDescription['addressFamily'], capabilities: RouterCapabilities): void {
    if (capabilities !== this.#capabilities) {
      this.#capabilities = capabilities;
      this.changed();
    }
    if (addressFamily !== this.#addressFamily) {
      this.#addressFamily = addressFamily;
      this.#tellWanted([...this.#byService.keys()]);
    }
  }

  get started(): boolean {
    return this.#started;
  }

  /** Every handler has seen every object: compiles for the first time, and from now on after each change. */
  start(): void {
    this.#started = true;
    this.#compile();
    this.#differs();
    // Said even if nothing is wanted: whoever keeps something from an earlier life learns that it is not.
    if (this.#byService.size === 0) this.#tellWanted([]);
  }

  addRoutes(source: RouteSource): void {
    this.#sources.push(source);
    this.changed();
  }

  changed(): void {
    if (!this.#started || this.#compileScheduled) return;
    this.#compileScheduled = true;
    setImmediate(() => {
      this.#compileScheduled = false;
      this.#compile();
    });
  }

  wantedPools(service: ObjectKey): readonly PoolRequest[] | undefined {
    return this.#started ? (this.#byService.get(service) ?? []) : undefined;
  }

  onWanted(listener: (services: readonly ObjectKey[]) => void): () => void {
    this.#wantedListeners.add(listener);
    return () => this.#wantedListeners.delete(listener);
  }

  fillsPools(handler: string): void {
    if (this.#filler !== undefined && this.#filler !== handler) {
      throw new ConfigurationError(
        `[kubernetes] enabled_handlers: both ${this.#filler} and ${handler} fill pools; enable one of the two`,
      );
    }
    this.#filler = handler;
  }

  setMembers(pool: string, members: readonly Member[]): void {
    const current = this.#members.get(pool);
    if (current !== undefined && compareMembers(current, members) === 'none') return;
    this.#members.set(pool, members);
    this.#differs();
  }

  forgetMembers(pool: string): void {
    if (this.#members.delete(pool)) this.#differs();
  }

  onApplied(listener: (report: AppliedReport) => void): () => void {
    this.#appliedListeners.add(listener);
    if (this.#lastReport !== undefined) listener(this.#lastReport);
    return () => this.#appliedListeners.delete(listener);
  }

  /** Called by the writer. */
  applied(report: AppliedReport): void {
    this.#lastReport = report;
    for (const listener of this.#appliedListeners) this.#guard('a listener of applied states', () => listener(report));
  }

  /** Whether any desired state has been in effect. */
  get everApplied(): boolean {
    return this.#lastReport !== undefined;
  }

  /** Called whenever {@link snapshot} has a new revision. Returns the unsubscription. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  get revision(): number {
    return this.#revision;
  }

  snapshot(): DesiredSnapshot {
    if (this.#snapshot?.revision === this.#revision) return this.#snapshot;
    const pools = new Map<string, Pool>();
    const wanted = this.#requests.map((request): WantedPool => {
      const members = this.#members.get(request.name) ?? (this.#filler === undefined ? NO_MEMBERS : undefined);
      if (members === undefined) return { request };
      const pool = this.#poolOf(request, members);
      pools.set(pool.name, pool);
      return { request, pool };
    });
    this.#pools = pools;
    this.#snapshot = { revision: this.#revision, compilations: this.#compilations, pools: wanted };
    return this.#snapshot;
  }

  /** The pool object of last time where nothing differs, so that a planner sees by reference that it is the same. */
  #poolOf(request: PoolRequest, members: readonly Member[]): Pool {
    const last = this.#pools.get(request.name);
    const { lbAlgorithm, healthMonitor, source } = request;
    const same =
      last?.members === members &&
      last.lbAlgorithm === lbAlgorithm &&
      last.healthMonitor === healthMonitor &&
      last.source === source;
    return same ? last : fillPool(request, members);
  }

  #compile(): void {
    const compilations = new Map(this.#sources.map((source) => [source.name, this.#compileSource(source)]));
    if (sameCompilations(this.#compilations, compilations)) return;
    const requests = mergePools([...compilations.values()]);
    const byService = groupByService(requests);
    const services = servicesThatDiffer(this.#byService, byService);
    this.#compilations = compilations;
    this.#requests = requests;
    this.#byService = byService;
    this.#differs();
    if (services.length > 0) this.#tellWanted(services);
  }

  /** A source that fails keeps the routes that it had. */
  #compileSource(source: RouteSource): Compilation {
    const { name } = source;
    return (
      this.#guard(`routes of ${name}`, () => source.compile(this.#capabilities)) ??
      this.#compilations.get(name) ??
      NO_ROUTES
    );
  }

  /** What one plugin throws is logged, and harms nobody else. */
  #guard<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.logger.error(`${what} failed: ${error instanceof Error ? error.message : String(error)}`, { error });
      return undefined;
    }
  }

  #tellWanted(services: readonly ObjectKey[]): void {
    for (const listener of this.#wantedListeners) this.#guard('a listener of wanted pools', () => listener(services));
  }

  #differs(): void {
    this.#revision += 1;
    for (const listener of this.#changeListeners) listener();
  }
}

function sameCompilations(a: ReadonlyMap<string, Compilation>, b: ReadonlyMap<string, Compilation>): boolean {
  return a.size === b.size && [...b].every(([name, compilation]) => a.get(name) === compilation);
}

/** Two sources may want the same pool: the first one's request stands, since a pool's name says all that it is. */
function mergePools(compilations: readonly Compilation[]): readonly PoolRequest[] {
  const [first, ...others] = compilations;
  if (first === undefined) return [];
  if (others.length === 0) return first.pools;
  const byName = new Map<string, PoolRequest>();
  for (const { pools } of compilations) {
    for (const pool of pools) if (!byName.has(pool.name)) byName.set(pool.name, pool);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
