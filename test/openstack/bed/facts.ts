/** What tests and people need to know of the running bed; kept in `.cache/openstack/facts.json`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedError } from './bed-error.js';
import { CACHE } from './folders.js';

/** A password login; user and project are in the domain `Default` (id `default`). */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly projectName: string;
  readonly projectId: string;
}

export interface Network {
  readonly networkId: string;
  readonly subnetId: string;
  readonly cidr: string;
}

export interface Facts {
  /** Keystone, with `/v3`. Everything is plain HTTP: there is no private CA. */
  readonly authUrl: string;
  readonly region: string;
  /** As in Keystone's catalog, for the interfaces public, internal and admin. */
  readonly endpoints: {
    readonly identity: string;
    readonly network: string;
    readonly keyManager: string;
    readonly loadBalancer: string;
  };
  readonly users: {
    /** May use load balancers, networks and secrets of the project `kuryr`. */
    readonly member: Login;
    /** The same in another project. */
    readonly other: Login;
    /** In the project `kuryr` with Barbican's role alone: Octavia answers 403 to everything. */
    readonly withoutLoadBalancerRole: Login;
    readonly admin: Login;
  };
  /** Of `member`; unrestricted. */
  readonly applicationCredential: { readonly id: string; readonly name: string; readonly secret: string };
  readonly networks: {
    /** Where VIPs are: 127.100.x.y, bound by the HAProxy of each load balancer. */
    readonly vips: Network;
    /** Where cluster nodes, that is members, may be: 127.110.x.y. */
    readonly nodes: Network;
    /** External; floating IPs are 127.200.x.y and are forwarded to their VIP. */
    readonly floating: Network;
  };
  /** Connects the three networks. */
  readonly routerId: string;
}

const FILE = join(CACHE, 'facts.json');

export function writeFacts(facts: Facts): void {
  writeFileSync(FILE, `${JSON.stringify(facts, undefined, 2)}\n`, { mode: 0o600 });
}

/** @throws {BedError} when the bed is not up. */
export function readFacts(): Facts {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch (error) {
    throw new BedError(`${FILE} cannot be read; the bed is not up. Start it with: npm run openstack:up`, {
      cause: error,
    });
  }
}
