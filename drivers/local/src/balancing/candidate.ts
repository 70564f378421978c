/** What balancing needs to know of a member. */
export interface Candidate {
  /** `<address>:<port>`. */
  readonly key: string;
  /** 1 to 256: a member of weight 0 is no candidate. */
  readonly weight: number;
  /** Requests and tunnels that it serves now. */
  readonly active: number;
}

/** Chooses one of the candidates for a client. It is never asked to choose from none. */
export interface Balancer {
  pick<C extends Candidate>(candidates: readonly C[], client: string): C | undefined;
  /** A member has left: what is remembered about it can go. */
  forget(key: string): void;
}
