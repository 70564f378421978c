import type { AuthenticatedRequest } from '../http/exchange.js';
import { badRequest } from './neutron-body.js';

/** The project of what is made: that of whoever asks, or the one that an administrator names. */
export function projectOfNew({ caller }: AuthenticatedRequest, named: string | null | undefined): string {
  const projectId = named ?? caller.projectId;
  if (projectId === caller.projectId || caller.roles.includes('admin')) return projectId;
  throw badRequest(
    "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges",
  );
}
