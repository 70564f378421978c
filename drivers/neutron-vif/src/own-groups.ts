import type { SharedCloud } from '@kuryr-l7/plugin';
import { Recent } from './recent.js';

/** As Neutron names the one that each project has, and that nobody can rename. */
const NAME = 'default';

/** The security groups that Neutron gives to ports of a project that are made with none. */
export class OwnGroups {
  readonly #ofProject: Recent<readonly string[]>;

  constructor(cloud: SharedCloud) {
    this.#ofProject = new Recent(async (project_id, signal) => {
      const { neutron } = await cloud.open();
      const groups = await neutron.securityGroups.list({ project_id, name: NAME }, { signal });
      return groups.map(({ id }) => id);
    });
  }

  /** @returns ids */
  of(projectId: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#ofProject.get(projectId, signal);
  }
}
