import type { Network } from '@kuryr-l7/openstack';
import type { SharedCloud } from '@kuryr-l7/plugin';

/** Milliseconds. Of a network's properties that matter here only the name and the MTU can change. */
const MOST_AGE = 300_000;

/** Networks, asked of Neutron now and then. */
export class KnownNetworks {
  readonly #known = new Map<string, { readonly network: Promise<Network>; readonly askedAt: number }>();

  constructor(
    private readonly cloud: SharedCloud,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async get(id: string, signal: AbortSignal): Promise<Network> {
    const known = this.#known.get(id);
    if (known !== undefined && this.now() - known.askedAt < MOST_AGE) return known.network;
    const network = this.cloud.open().then(({ neutron }) => neutron.networks.get(id, { signal }));
    this.#known.set(id, { network, askedAt: this.now() });
    try {
      return await network;
    } catch (error) {
      this.#known.delete(id);
      throw error;
    }
  }
}
