import { NotFoundError, type Subnet } from '@kuryr-l7/openstack';
import { type Configuration, ConfigurationError, type Option, type SharedCloud } from '@kuryr-l7/plugin';

/** Milliseconds. Of a subnet's properties that matter here only the name servers and routes can change at all. */
const MOST_AGE = 300_000;

/** @throws ConfigurationError where the option is not set */
export function subnetId(option: Option<string | undefined>, configuration: Configuration): string {
  const id = configuration.get(option);
  if (id !== undefined) return id;
  throw new ConfigurationError(`${nameOf(option)} is not set: give it the id of a subnet ("openstack subnet list")`);
}

function nameOf({ group, name }: Option): string {
  return `[${group}] ${name}`;
}

/** The subnet that an option names, asked of Neutron now and then. */
export class ConfiguredSubnet {
  #known: { readonly subnet: Subnet; readonly readAt: number } | undefined;

  constructor(
    private readonly option: Option<string | undefined>,
    private readonly configuration: Configuration,
    private readonly cloud: SharedCloud,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws ConfigurationError where the option is not set or there is no such subnet */
  async get(signal: AbortSignal): Promise<Subnet> {
    const id = subnetId(this.option, this.configuration);
    if (this.#known?.subnet.id === id && this.now() - this.#known.readAt < MOST_AGE) return this.#known.subnet;
    const { neutron } = await this.cloud.open();
    try {
      const subnet = await neutron.subnets.get(id, { signal });
      this.#known = { subnet, readAt: this.now() };
      return subnet;
    } catch (cause) {
      if (!(cause instanceof NotFoundError)) throw cause;
      throw new ConfigurationError(`${nameOf(this.option)}: there is no subnet ${id}, or it is not ours to see`, {
        cause,
      });
    }
  }
}
