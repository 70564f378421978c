import type { ObjectKey } from './kubernetes.js';
import type { HealthMonitor, L7Policy, LbAlgorithm, Source } from './model.js';
import type { Problem } from './problem.js';

/** Options of the compiler, from kuryr.conf and from the opened router. */
export interface CompilerOptions {
  /** IngressClasses with this `spec.controller` are ours. */
  readonly controllerName: string;
  /** Name of our class: for the legacy annotation, and for `ingressClassName` while no such IngressClass object exists. */
  readonly ingressClass: string;
  /** Ingresses without any class are ours too (Kuryr's way, the default). */
  readonly handleClassless: boolean;
  /** One namespace owns a host: that of its oldest Ingress. Off: any namespace may add paths to any host. */
  readonly hostOwnership: boolean;
}

/** A pool that routes lead to, without members: those are the `lb` handler's. */
export interface PoolRequest {
  readonly name: string;
  readonly service: ObjectKey;
  /** Service port number and name; absent while the Service or the port does not exist (the pool is empty then). */
  readonly port?: { readonly number: number; readonly name?: string };
  readonly lbAlgorithm: LbAlgorithm;
  readonly healthMonitor?: HealthMonitor;
  /** The Service, which outlives the Ingresses that lead to it; for a backend that is none, the namespace. */
  readonly source: Source;
}

/** What became of one Ingress. */
export interface IngressOutcome {
  /** Ours by class. One that is not has no routes and no problems. */
  readonly handled: boolean;
  /** Pools that its accepted routes lead to. */
  readonly pools: readonly string[];
  /** Empty when everything it asks for is routed. */
  readonly problems: readonly Problem[];
}

/** What the Ingresses, Services and IngressClasses of a cluster come to. The policies are the same for each listener. */
export interface Compilation {
  /** In order of evaluation. */
  readonly policies: readonly L7Policy[];
  /** Sorted by name. */
  readonly pools: readonly PoolRequest[];
  /** Every Ingress that the compiler was given, by key. Unchanged outcomes are the same object as last time. */
  readonly outcomes: ReadonlyMap<ObjectKey, IngressOutcome>;
}
