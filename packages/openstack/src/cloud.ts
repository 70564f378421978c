import type { BarbicanClient } from './barbican/barbican-client.js';
import type { KeystoneSession } from './keystone/keystone-session.js';
import type { NeutronClient } from './neutron/neutron-client.js';
import type { OctaviaClient } from './octavia/octavia-client.js';

/** One OpenStack cloud, seen from one project. The clients share its token, connections and bound on requests. */
export interface Cloud {
  readonly keystone: KeystoneSession;
  readonly octavia: OctaviaClient;
  readonly neutron: NeutronClient;
  readonly barbican: BarbicanClient;
  /** For people: where the cloud is described and where its Keystone is; no secret. */
  readonly origin: string;
  /** Ends running requests and closes all connections. */
  close(): void;
}
