import type { Configuration } from '@kuryr-l7/config';
import type { Logger } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import type { SharedCloud } from '@kuryr-l7/plugin';

/** The cloud of `[neutron]`, one for the whole controller as long as kuryr.conf says the same of it. */
export class ConfiguredCloud implements SharedCloud {
  readonly #clouds = new Map<string, Promise<Cloud>>();

  /** @param configuration may change between two calls of {@link open} */
  constructor(
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  async open(): Promise<Cloud> {
    // Not before it is needed: a controller without OpenStack does not load the clients.
    const { OPENSTACK_OPTIONS, openCloud } = await import('@kuryr-l7/openstack');
    const described = JSON.stringify(OPENSTACK_OPTIONS.map((option) => this.configuration.get(option) ?? null));
    let opening = this.#clouds.get(described);
    if (opening === undefined) {
      opening = openCloud(this.configuration, { logger: this.logger });
      this.#clouds.set(described, opening);
      // What clouds.yaml lacked may be there the next time.
      opening.catch(() => this.#clouds.delete(described));
    }
    return { ...(await opening), close: () => undefined };
  }

  /** Ends requests that are under way, and closes all connections. */
  async close(): Promise<void> {
    for (const cloud of await Promise.allSettled(this.#clouds.values())) {
      if (cloud.status === 'fulfilled') cloud.value.close();
    }
    this.#clouds.clear();
  }
}
