/**
 * What a client of OpenStack can rely on, as raw requests and the answers to them. The same expectations run against the
 * simulator and against the real test bed: where they differ, the simulator is wrong.
 *
 * In every string `{name}` stands for what a step before has saved, `{facts.a.b}` for a fact of the cloud,
 * and `{unique}` for what no other run has.
 */
export interface ExpectationSuite {
  readonly name: string;
  /** Makes what all expectations of the suite work on. A load balancer saved as `loadBalancer` is deleted in the end. */
  readonly setup: readonly Step[];
  /** In this order, each on what the ones before have left. */
  readonly expectations: readonly Expectation[];
  /** Takes back what is no load balancer. */
  readonly cleanup?: readonly Step[];
}

export interface Expectation {
  /** A sentence on what is so. */
  readonly name: string;
  readonly steps: readonly Step[];
}

export type Service = 'identity' | 'loadBalancer' | 'network' | 'keyManager';
export type User = 'member' | 'other' | 'admin' | 'withoutLoadBalancerRole' | 'nobody';

export type Step = ApiStep | RequestStep;

/** A request to the HTTP listener (port 80) of the load balancer saved as `loadBalancer`, and what becomes of it. */
export interface RequestStep {
  readonly get: { readonly host: string; readonly path: string; readonly headers?: Readonly<Record<string, string>> };
  readonly gets: number;
  /** Of a redirect. */
  readonly location?: string;
}

export interface ApiStep {
  /** Method and path, e.g. `POST /v2/lbaas/pools`. */
  readonly send: string;
  /** Milliseconds that pass before: Octavia tells times in whole seconds. */
  readonly after?: number;
  /** Default: `loadBalancer`. */
  readonly to?: Service;
  /** Default: `member`. */
  readonly as?: User;
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** From before this request until a step settles, the cloud takes writes and carries none out. */
  readonly paused?: true;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly status: number;
  /**
   * What the answer has, among others. An object has to have these fields, a list exactly these items, and a string that
   * begins with `~` stands for one that contains the rest of it, and one that begins with `!` for any other than the rest.
   */
  readonly answer?: unknown;
  /** Under which name which part of the answer is kept, e.g. `{ pool: 'pool.id' }`. */
  readonly save?: Readonly<Record<string, string>>;
  /**
   * What becomes of the load balancer, before the next step: its provisioning status when it is no longer PENDING; with
   * `PENDING_UPDATE`, it is still that after a while; with `GONE`, it is not there any more.
   */
  readonly settles?: 'ACTIVE' | 'ERROR' | 'PENDING_UPDATE' | 'GONE';
}
