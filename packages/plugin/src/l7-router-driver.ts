import type { Change, ListenerIdentity, ObservedRouter, Router, RouterCapabilities } from '@kuryr-l7/router';

/** What a driver found when it opened the preconfigured router. */
export interface RouterDescription {
  readonly id: string;
  readonly name: string;
  /** Where clients reach it; goes into `status.loadBalancer.ingress[]`. An entry has an `ip` or a `hostname`. */
  readonly addresses: readonly { readonly ip?: string; readonly hostname?: string }[];
  /** The listeners that carry policies. `port` is the one clients use. */
  readonly listeners: readonly ListenerIdentity[];
  /** IP family of the members it prefers where a Service has both. */
  readonly addressFamily: 'IPv4' | 'IPv6';
}

export interface SnapshotOptions {
  /** Reads every detail (drift check); without it a driver may rely on fingerprints of its own. */
  readonly full: boolean;
  /** Only to be looked at: what is applied next was planned from an earlier snapshot. Default false. */
  readonly aside?: boolean;
}

/**
 * An opened L7 router. The controller calls `snapshot`, plans, and calls `apply` for one change after the other, never
 * two at once. A driver keeps which id of its backend stands for which of our keys.
 */
export interface L7Router {
  readonly description: RouterDescription;
  readonly capabilities: RouterCapabilities;
  /**
   * What the router has now.
   * @throws TemporaryRouterError, RouterUnavailableError
   */
  snapshot(options: SnapshotOptions, signal: AbortSignal): Promise<ObservedRouter>;
  /**
   * Makes one change and returns when it is in effect. Must be safe to call again after a failure of which nobody knows
   * whether it took effect: what is there already is done, what is gone already is deleted.
   * @param signal aborted when nothing can wait any longer: give up at once, whatever became of the change. A stop in peace
   *   lets the change end first.
   * @throws TemporaryRouterError (tried again), RouterRefusedError (planned anew after a snapshot), RouterUnavailableError (opened anew)
   */
  apply(change: Change, signal: AbortSignal): Promise<void>;
  /** Exchanges everything of ours at once; present exactly when `capabilities.atomicReplace`. */
  replace?(desired: Router, signal: AbortSignal): Promise<void>;
  /** Lets go of connections and, for a router that lives in the process, stops it. What is on an outside router stays. */
  close(): Promise<void>;
}

/** Talks to one kind of router. Named by `[kubernetes] l7_router_driver`. */
export interface L7RouterDriver {
  readonly name: string;
  /**
   * Opens and checks the preconfigured router; never creates or deletes it.
   * @throws ConfigurationError, RouterUnavailableError with the object, the reason and the remedy
   */
  open(signal: AbortSignal): Promise<L7Router>;
}
