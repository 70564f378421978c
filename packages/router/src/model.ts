/**
 * The router model, in the terms of Octavia's API v2: what a router should have (desired) and what it has (observed).
 * Plain, immutable JSON; every module of this package reads it and none of them does I/O.
 */

/** Listener protocols that can carry L7 policies (Octavia API v2, "L7 policies exist only on HTTP and TERMINATED_HTTPS"). */
export type ListenerProtocol = 'HTTP' | 'TERMINATED_HTTPS';

/** The Kubernetes object that asked for something on the router. */
export interface Source {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * What a policy does with a request. The first four are Octavia's. `FIXED_RESPONSE` is ours: an answer given by the
 * router itself (404 where a host's rules match nothing); a driver whose `actions` leave it out is given
 * the pool of {@link RouterCapabilities.notFoundPool} instead.
 */
export type L7PolicyAction = 'REJECT' | 'REDIRECT_TO_URL' | 'REDIRECT_PREFIX' | 'REDIRECT_TO_POOL' | 'FIXED_RESPONSE';

export type L7RuleType = 'HOST_NAME' | 'PATH' | 'HEADER' | 'COOKIE' | 'FILE_TYPE';
export type L7RuleCompareType = 'EQUAL_TO' | 'STARTS_WITH' | 'ENDS_WITH' | 'CONTAINS' | 'REGEX';

/** One condition. The rules of a policy are ANDed. */
export interface L7Rule {
  readonly type: L7RuleType;
  readonly compareType: L7RuleCompareType;
  /** Header or cookie name; only for HEADER and COOKIE. */
  readonly key?: string;
  readonly value: string;
  /** The rule holds where the comparison does not. */
  readonly invert: boolean;
}

export interface L7Policy {
  /** Stable identity within its listener, made from host, path type and path, e.g. `www.example.com|Prefix|/foo`; see `policy-key.ts`. */
  readonly key: string;
  readonly action: L7PolicyAction;
  /** Pool name; for REDIRECT_TO_POOL. */
  readonly redirectPool?: string;
  /** Absolute URL; for REDIRECT_TO_URL. */
  readonly redirectUrl?: string;
  /** URL prefix; for REDIRECT_PREFIX. */
  readonly redirectPrefix?: string;
  /** 301, 302, 303, 307 or 308; for the two redirects (Octavia's default: 302). */
  readonly redirectHttpCode?: number;
  /** HTTP status; for FIXED_RESPONSE. */
  readonly statusCode?: number;
  /** Octavia's `admin_state_up`: a disabled policy matches nothing. A desired one is enabled, unless it is to stay as the router has it. */
  readonly enabled: boolean;
  /** A policy without rules matches nothing (Octavia does not render it). */
  readonly rules: readonly L7Rule[];
  readonly source: Source;
}

export interface Member {
  /** IP address, without brackets. */
  readonly address: string;
  /** Port, 1 to 65535. */
  readonly port: number;
  /** 0 to 256; 0 drains: nothing new is sent, what runs is finished. */
  readonly weight: number;
  /** Used only when no other member is up. */
  readonly backup: boolean;
}

/** Active health check of a pool's members; times in seconds as in Octavia. */
export interface HealthMonitor {
  readonly type: 'HTTP' | 'TCP';
  readonly delay: number;
  readonly timeout: number;
  /** Good answers in a row until a member is up, 1 to 10. */
  readonly maxRetries: number;
  /** Bad answers in a row until a member is down, 1 to 10. */
  readonly maxRetriesDown: number;
  readonly httpMethod?: string;
  readonly urlPath?: string;
  /** `200`, `200,202` or `200-204`. */
  readonly expectedCodes?: string;
}

export type LbAlgorithm = 'ROUND_ROBIN' | 'LEAST_CONNECTIONS' | 'SOURCE_IP';

export interface Pool {
  /** `<namespace>_<service>`, with `_<port>` where the Service has several ports. */
  readonly name: string;
  readonly protocol: 'HTTP';
  readonly lbAlgorithm: LbAlgorithm;
  /** Sorted by address and port, no duplicates. */
  readonly members: readonly Member[];
  readonly healthMonitor?: HealthMonitor;
  readonly source: Source;
}

/** What identifies a listener of the preconfigured router. */
export interface ListenerIdentity {
  /** `<PROTOCOL>:<port>`, e.g. `HTTP:80`. */
  readonly key: string;
  readonly protocol: ListenerProtocol;
  readonly port: number;
}

export interface Listener extends ListenerIdentity {
  /** In order of evaluation, first match wins within an action class (see `action-class.ts`). */
  readonly policies: readonly L7Policy[];
}

/** The desired router: all that this cluster wants there, and nothing else. */
export interface Router {
  readonly listeners: readonly Listener[];
  readonly pools: readonly Pool[];
}

/** A policy as it stands on the router. A desired one is a sound one of ours, so that what is as wanted may be the very same object. */
export interface ObservedPolicy extends L7Policy {
  /** Somebody else's: it takes part in the order, or is led to, and is never changed. */
  readonly foreign?: boolean;
  /** The backend's own id, for people to look up. */
  readonly id?: string;
  /**
   * Ours, and the backend keeps it but it failed (Octavia's ERROR), or it has rules that the model can't tell: deleted and
   * made anew before anything else.
   */
  readonly failed?: boolean;
}

export interface ObservedPool extends Pool {
  /** Somebody else's: it takes part in the order, or is led to, and is never changed. */
  readonly foreign?: boolean;
  readonly id?: string;
  readonly failed?: boolean;
  /** Ours, and somebody has disabled it (Octavia's `admin_state_up`), so that it answers 503: enabled by an update. */
  readonly disabled?: boolean;
}

export interface ObservedListener extends ListenerIdentity {
  /** In order of position. */
  readonly policies: readonly ObservedPolicy[];
  /** What answers where no policy takes a request. Absent: the router itself, with 404. */
  readonly unmatched?: { readonly pool: string } | { readonly statusCode: number };
}

/**
 * What the router has now. Keys of our policies are unique within a listener, and so are names of our pools: where a
 * backend has two, a driver tells the surplus one by another key (with its id, say), so that it is deleted as unwanted.
 */
export interface ObservedRouter {
  readonly listeners: readonly ObservedListener[];
  readonly pools: readonly ObservedPool[];
}
