import { NEUTRON_PROJECT } from '@kuryr-l7/config';
import {
  type Configuration,
  ConfigurationError,
  type PodProjectDriver,
  type ServiceProjectDriver,
  type SharedCloud,
  TOKENS,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';

/** Everything is in one project: `[neutron_defaults] project`, else the one that `[neutron]` logs in to. */
@injectable()
export class DefaultProjectDriver implements PodProjectDriver, ServiceProjectDriver {
  readonly name = 'default';

  constructor(
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
  ) {}

  getProject(_object: unknown, signal: AbortSignal): Promise<string> {
    return this.#project(signal);
  }

  async allProjects(signal: AbortSignal): Promise<readonly string[]> {
    return [await this.#project(signal)];
  }

  async #project(signal: AbortSignal): Promise<string> {
    const configured = this.configuration.get(NEUTRON_PROJECT);
    if (configured !== undefined) return configured;
    const { keystone } = await this.cloud.open();
    const { projectId } = await keystone.identity({ signal });
    if (projectId !== undefined) return projectId;
    throw new ConfigurationError(
      '[neutron_defaults] project is not set, and the user of [neutron] logs in to no project: set one of them',
    );
  }
}
