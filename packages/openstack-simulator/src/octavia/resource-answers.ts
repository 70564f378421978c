import type { ApiAnswer, AuthenticatedRequest } from '../http/exchange.js';
import { chosen, listAnswer } from '../listing/listing.js';
import type { Child, LoadBalancer } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import type { View } from './views.js';

/** Fields that every list can be filtered by. */
const COMMON_FIELDS = ['id', 'name', 'project_id', 'tenant_id', 'created_at', 'updated_at'].concat([
  'admin_state_up',
  'provisioning_status',
  'operating_status',
]);

/** Answers one object under its name, with the fields that are asked for. */
export function oneAnswer(
  request: AuthenticatedRequest,
  context: OctaviaContext,
  name: string,
  object: Child | LoadBalancer,
): ApiAnswer {
  return { status: 200, body: { [name]: chosen(context.views.of(object), request.query.getAll('fields')) } };
}

/** Answers what was created. */
export function createdAnswer(name: string, view: View): ApiAnswer {
  return { status: 201, body: { [name]: view } };
}

export function manyAnswer<T extends Child | LoadBalancer>(
  request: AuthenticatedRequest,
  context: OctaviaContext,
  {
    name,
    items,
    fields,
    hidden,
  }: {
    name: string;
    items: readonly T[];
    fields: readonly string[];
    hidden?: (item: T) => View;
  },
): ApiAnswer {
  const body = listAnswer(
    {
      name,
      items,
      view: (item) => context.views.of(item),
      ...(hidden !== undefined && { hidden }),
      fields: [...COMMON_FIELDS, ...fields],
      url: `${request.serviceUrl}${request.path}`,
    },
    request.query,
  );
  return { status: 200, body };
}

export const NO_CONTENT: ApiAnswer = { status: 204 };
