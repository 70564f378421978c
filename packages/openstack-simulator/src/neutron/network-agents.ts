import type { Clock } from '../clock.js';
import type { Port } from './network-objects.js';

/** What Open vSwitch's agents on the hosts would do: Neutron binds ports to those hosts alone, and their ports become ACTIVE. */
export class NetworkAgents {
  /** Hosts whose agent is alive. */
  readonly hosts = new Set<string>();
  /** Milliseconds from the binding of a port, or from its entry into a trunk, until it is ACTIVE; Infinity for never. */
  delay = 0;

  constructor(private readonly clock: Clock) {}

  isAlive(host: string): boolean {
    return this.hosts.has(host);
  }

  /** The agent of the host has begun with the port. */
  plug(port: Port): void {
    port.activeAt = this.clock.now() + this.delay;
  }

  statusOf({ status, activeAt }: Port): string {
    return activeAt !== undefined && this.clock.now() >= activeAt ? 'ACTIVE' : status;
  }
}
