import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { badRequest } from './neutron-body.js';

interface Tagged {
  tags: readonly string[];
  revision_number: number;
}

/** `/tags` of a resource: read and replace all, add or remove one. */
export function addTagRoutes(routes: RouteTable, path: string, find: (request: AuthenticatedRequest) => Tagged): void {
  routes
    .add('GET', `${path}/tags`, (request) => ({ status: 200, body: { tags: find(request).tags } }))
    .add('PUT', `${path}/tags`, (request) => {
      const object = find(request);
      object.tags = readTags(request.body);
      object.revision_number++;
      return { status: 200, body: { tags: object.tags } };
    })
    .add('PUT', `${path}/tags/:tag`, (request) => {
      const object = find(request);
      object.tags = [...new Set([...object.tags, parameter(request, 'tag')])];
      return { status: 201 };
    })
    .add('DELETE', `${path}/tags/:tag`, (request) => {
      const object = find(request);
      object.tags = object.tags.filter((tag) => tag !== parameter(request, 'tag'));
      return { status: 204 };
    });
}

function readTags(body: unknown): readonly string[] {
  const tags: unknown = typeof body === 'object' && body !== null && 'tags' in body ? body.tags : undefined;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) throw badRequest('Invalid tags body');
  return [...new Set(tags)];
}
