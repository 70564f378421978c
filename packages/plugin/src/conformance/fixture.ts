import type { RouterCapabilities } from '@kuryr-l7/router';
import type { L7Router } from '../l7-router-driver.js';

/** A request as a client of the router sends it. */
export interface ClientRequest {
  readonly method?: string;
  /** Value of the Host field, with a port if it shall have one. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the client got. */
export interface ClientResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** An opened router that has nothing of ours on it yet. */
export interface OpenedRouter {
  readonly router: L7Router;
  /**
   * Sends a request to the router as a client does. Rejects when the connection breaks. Left out, requests go by
   * HTTP/1.1 over kept connections to the first address and the first HTTP listener of the router's description.
   */
  request?(request: ClientRequest): Promise<ClientResponse>;
  /** Closes the router and whatever the fixture has made for it. Called once, also after a failed test. */
  close(): Promise<void>;
}

/** Something on the router that this cluster did not make. */
export interface ForeignObjects {
  /** Throws if they are not as they were. */
  check(): Promise<void>;
}

/** What a driver's own test gives to {@link l7RouterConformance}. */
export interface L7RouterFixture {
  /** The driver's name, for the names of the tests. */
  readonly name: string;
  /** What its routers can do; a test compares them. Tests that need more are skipped, and say what is missing. */
  readonly capabilities: RouterCapabilities;
  /** Called for each test. A router that outlives the process has to be emptied of ours before. */
  open(): Promise<OpenedRouter>;
  /** IP address of this machine at which the router reaches the tests' backends. Default: 127.0.0.1. */
  readonly backendAddress?: string;
  /** Status for a request that no policy matches. Default: 404. */
  readonly unmatchedStatus?: number;
  /** Milliseconds until a change that was answered must be seen by clients. Default: 0, at once. */
  readonly patience?: number;
  /**
   * At how many places the tests of interrupted plans interrupt one, spread evenly from before its first change to after
   * its last. Default: at all, which is some hundred changes; for routers that need a second for each.
   */
  readonly interruptions?: number;
  /** Milliseconds that one test may take. Default: 180,000. */
  readonly testTimeout?: number;
  /** Opens the same router once more, as after a crash; for routers that outlive the process. The first one is not closed before. */
  reopen?(opened: OpenedRouter): Promise<L7Router>;
  /** Puts foreign objects on the router: a pool and a policy that an administrator might have made, say. */
  addForeignObjects?(opened: OpenedRouter): Promise<ForeignObjects>;
}

/** The two functions of a test framework (jest, mocha, vitest, node:test) that are needed. */
export interface TestFramework {
  describe(name: string, define: () => void): unknown;
  readonly it: {
    (name: string, run: () => Promise<void>, timeoutMilliseconds?: number): unknown;
    /** Without it, a skipped test passes under a name that says so. */
    readonly skip?: (name: string, run: () => Promise<void>) => unknown;
  };
}
