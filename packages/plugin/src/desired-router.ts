import type { Compilation, Member, ObjectKey, PoolRequest, RouterCapabilities, Source } from '@kuryr-l7/router';
import type { RouterDescription } from './l7-router-driver.js';

/** What one handler (`ingresslb`, later `ocproute`, `gateway`) wants routed. Read by the writer whenever it plans. */
export interface RouteSource {
  readonly name: string;
  /** The routes that such a router can carry. Another capabilities object than last time means another router. */
  compile(capabilities: RouterCapabilities): Compilation;
}

/** Something planned that the router refused for good; the rest went on. */
export interface Refusal {
  /** Whose it is: for a policy the object that asked for it, for a pool the Service. */
  readonly source: Source;
  /** Where it is a pool: its name. It concerns every object whose routes lead to it. */
  readonly pool?: string;
  /** The change, the router's reason and the remedy. */
  readonly message: string;
}

/** Tells that a desired state is on the router. */
export interface AppliedReport {
  readonly description: RouterDescription;
  /** What is not there because the router refuses it; tried again with back-off. */
  readonly refusals: readonly Refusal[];
  /** The compilation of each source, by name, that is now in effect. */
  readonly compilations: ReadonlyMap<string, Compilation>;
}

/**
 * The desired state of the one router, in memory: routes from handlers that compile them, members from the handler that
 * fills pools. Handlers change it and never wait for the router; the writer reads it and never talks to Kubernetes.
 */
export interface DesiredRouter {
  /** Registers a source of routes. Call {@link changed} whenever its compilation may differ. */
  addRoutes(source: RouteSource): void;
  changed(): void;
  /** IP family of the members that the router prefers; {@link onWanted} tells when it changed. */
  readonly addressFamily: RouterDescription['addressFamily'];
  /** Pools that the current routes want of a Service; undefined until routes have been compiled for the first time. */
  wantedPools(service: ObjectKey): readonly PoolRequest[] | undefined;
  /**
   * Called with the keys of Services whose wanted pools changed; for the first time when the first routes have been
   * compiled, even if they want nothing. Returns the unsubscription.
   */
  onWanted(listener: (services: readonly ObjectKey[]) => void): () => void;
  /**
   * Declares that a handler fills pools: from now on a wanted pool is held back from the router, with the policies that
   * lead to it, until {@link setMembers} has been called for it once (an empty list counts), so that no route goes live
   * before its pool. Nobody declaring it, pools stay empty.
   * @param handler its name: only one may fill pools, all of them
   * @throws ConfigurationError when another one does
   */
  fillsPools(handler: string): void;
  setMembers(pool: string, members: readonly Member[]): void;
  /** The pool is not wanted any more, or its Service is gone and it shall be asked for anew. */
  forgetMembers(pool: string): void;
  /** Called when a desired state is in effect on the router, at most once for each; at once if one is. Returns the unsubscription. */
  onApplied(listener: (report: AppliedReport) => void): () => void;
}
