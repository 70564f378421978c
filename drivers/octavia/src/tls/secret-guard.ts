import type { Logger } from '@kuryr-l7/kube';
import type { BarbicanClient, Listener, OctaviaClient, Pool } from '@kuryr-l7/openstack';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import type { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import type { Ownership } from '../ownership/ownership.js';
import type { CertificateKeeper } from './listener-certificates.js';
import { allReferences, missingReferences, type Reference } from './referenced-secrets.js';

export interface SecretGuardOptions {
  readonly octavia: OctaviaClient;
  readonly barbican: BarbicanClient;
  readonly loadBalancer: LockedLoadBalancer;
  readonly ownership: Ownership;
  readonly certificates: CertificateKeeper;
  readonly logger: Logger;
}

/**
 * Looks, before every write, whether all secrets are still there that listeners and pools of the load balancer refer to,
 * and puts back those of our own listeners first. A write with one missing would leave the load balancer PENDING for good.
 */
export class SecretGuard {
  readonly #options: SecretGuardOptions;
  #listeners: readonly Listener[] = [];
  #pools: readonly Pool[] = [];

  constructor(options: SecretGuardOptions) {
    this.#options = options;
  }

  /** What there is now on the load balancer. One without certificates costs no request. */
  remember(listeners: readonly Listener[], pools: readonly Pool[]): void {
    this.#listeners = listeners;
    this.#pools = pools;
  }

  /** @throws RouterUnavailableError where a secret is missing that is not ours to put back */
  async check(signal: AbortSignal): Promise<void> {
    const { barbican, ownership } = this.#options;
    const references = allReferences(this.#listeners, this.#pools);
    if (references.length === 0) return;
    const missing = await missingReferences(barbican, references, signal);
    if (missing.length === 0) return;
    const gone = new Set(missing.map(({ reference }) => reference));
    for (const listener of this.#listeners) {
      const isHit = allReferences([listener], []).some(({ reference }) => gone.has(reference));
      if (isHit && ownership.isOurs(listener)) await this.#repair(listener, gone, signal);
    }
    const left = missing.filter(
      ({ by }) => !this.#listeners.some((one) => ownership.isOurs(one) && by.includes(one.id)),
    );
    refuse(left);
  }

  async #repair(listener: Listener, gone: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { octavia, loadBalancer, certificates, logger } = this.#options;
    const name = `${listener.protocol}:${listener.protocol_port}`;
    logger.warn(`somebody has deleted certificates of listener ${name} from Barbican; they are put back`, {
      listener: listener.id,
    });
    const references = await certificates.repaired(listener, gone);
    const send = () => octavia.listeners.update(listener.id, references);
    const changed = await loadBalancer.write({ verb: 'update', kind: 'listener', name, send, isRepair: true }, signal);
    const settled = await loadBalancer.settled(`listener ${name}`, () => octavia.listeners.get(changed.id), signal);
    this.#listeners = this.#listeners.map((one) => (one.id === listener.id ? settled : one));
  }
}

function refuse(missing: readonly Reference[]): void {
  const [first] = missing;
  if (first === undefined) return;
  throw new RouterUnavailableError(
    `${first.by} refers to ${first.reference}, which somebody has deleted from Barbican: the next change of the load balancer would leave it PENDING for good, so nothing is written until it refers to one that is there (openstack loadbalancer listener set --default-tls-container-ref … or --sni-container-refs …)`,
  );
}
