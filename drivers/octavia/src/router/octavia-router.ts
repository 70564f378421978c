import type { Clock, Logger } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import type { L7Router, RouterDescription, SnapshotOptions } from '@kuryr-l7/plugin';
import { type Change, describeChange, type ObservedRouter, type RouterCapabilities } from '@kuryr-l7/router';
import { makeChange } from '../changes/make-change.js';
import { asRouterError } from '../cloud-errors.js';
import type { ListenerContext } from '../listeners/open-listeners.js';
import { setToError } from '../load-balancer/describe-load-balancer.js';
import type { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import type { Ownership } from '../ownership/ownership.js';
import { refusePoison } from '../poison/refuse-poison.js';
import type { OctaviaSettings } from '../settings.js';
import type { KnownObjects } from '../snapshot/known-objects.js';
import { type Observation, observe } from '../snapshot/observe.js';
import { RouterReader } from '../snapshot/router-reader.js';
import type { RouterListener } from '../snapshot/router-reading.js';
import type { CertificateKeeper, ListenerCertificates } from '../tls/listener-certificates.js';
import type { SecretGuard } from '../tls/secret-guard.js';

/** What an opened router is made of. */
export interface OctaviaRouterParts {
  readonly cloud: Cloud;
  readonly settings: OctaviaSettings;
  readonly loadBalancer: LockedLoadBalancer;
  readonly ownership: Ownership;
  readonly listenerContext: ListenerContext;
  readonly certificates: CertificateKeeper;
  readonly guard: SecretGuard;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly description: Omit<RouterDescription, 'listeners'>;
  readonly listeners: readonly RouterListener[];
  readonly capabilities: RouterCapabilities;
  /** Id of the pool that answers 404. */
  readonly notFoundPool?: string;
}

/** A load balancer of Octavia as L7 router. */
export class OctaviaRouter implements L7Router {
  readonly capabilities: RouterCapabilities;
  readonly #parts: OctaviaRouterParts;
  readonly #reader: RouterReader;
  #listeners: readonly RouterListener[];
  /** Undefined until it was read, and after a failure of which nobody knows how far it went. */
  #known: KnownObjects | undefined;
  #stuck = '';

  /** {@link openOctaviaRouter} makes it. */
  constructor(parts: OctaviaRouterParts) {
    const { cloud, loadBalancer, settings, clock } = parts;
    this.capabilities = parts.capabilities;
    this.#parts = parts;
    this.#listeners = parts.listeners;
    this.#reader = new RouterReader(cloud.octavia, loadBalancer, settings.loadBalancerId, parts.ownership, clock);
  }

  get description(): RouterDescription {
    const listeners = this.#listeners.map(({ key, protocol, port }) => ({ key, protocol, port }));
    return { ...this.#parts.description, listeners };
  }

  async snapshot({ full, aside = false }: SnapshotOptions, signal: AbortSignal): Promise<ObservedRouter> {
    const { observed, known } = await this.#observe(full, signal);
    if (!aside) this.#known = known;
    return observed;
  }

  async apply(change: Change, signal: AbortSignal): Promise<void> {
    refusePoison(change);
    signal.throwIfAborted();
    const known = this.#known ?? (await this.#readAnew(signal));
    const { cloud, settings, loadBalancer, ownership } = this.#parts;
    const context = {
      octavia: cloud.octavia,
      loadBalancer,
      loadBalancerId: settings.loadBalancerId,
      ownership,
      poolSettings: settings.pool,
      known,
      rules: this.#reader.rules,
      members: this.#reader.members,
    };
    try {
      await makeChange(context, change, signal);
    } catch (error) {
      this.#known = undefined;
      throw asRouterError(error, describeChange(change));
    }
  }

  /**
   * Gives the TERMINATED_HTTPS listener its certificates; makes the listener when the first ones come, after which it is
   * in {@link description}. What it has already is not written.
   *
   * @throws RouterRefusedError for a certificate that can't be used, RouterUnavailableError for a listener that is not ours,
   *   TemporaryRouterError
   */
  async setCertificates(certificates: ListenerCertificates, signal: AbortSignal): Promise<void> {
    const { certificates: keeper, listenerContext, settings, notFoundPool, cloud, guard } = this.#parts;
    const listener = await keeper.set(listenerContext, settings.httpsPort, certificates, notFoundPool, signal);
    if (!this.#listeners.some(({ id }) => id === listener.id)) {
      this.#listeners = [...this.#listeners.filter(({ key }) => key !== listener.key), listener];
      this.#known = undefined;
    }
    const here = { loadbalancer_id: settings.loadBalancerId };
    guard.remember(await cloud.octavia.listeners.list(here), await cloud.octavia.pools.list(here));
  }

  async close(): Promise<void> {
    this.#parts.cloud.close();
  }

  async #observe(full: boolean, signal: AbortSignal): Promise<Observation> {
    const { ownership, settings, guard, notFoundPool } = this.#parts;
    const reading = await this.#reader.read(this.#listeners, full, signal);
    guard.remember(reading.allListeners, reading.pools);
    const observation = observe(reading, ownership, {
      poolProtocol: settings.pool.protocol,
      ...(notFoundPool !== undefined && { notFoundPool }),
    });
    this.#tellStuck(observation.stuck);
    return observation;
  }

  /** The change was planned from an earlier reading: its position can't be told from this one. */
  async #readAnew(signal: AbortSignal): Promise<KnownObjects> {
    const { known } = await this.#observe(false, signal);
    known.forgetOrders();
    this.#known = known;
    return known;
  }

  #tellStuck(stuck: readonly string[]): void {
    const told = stuck.join(', ');
    if (told !== '' && told !== this.#stuck) {
      this.#parts.logger.warn(
        `${told}: below an ACTIVE load balancer, so nobody can change or delete them, and they are left alone; an administrator has to ${setToError('their')}`,
      );
    }
    this.#stuck = told;
  }
}
