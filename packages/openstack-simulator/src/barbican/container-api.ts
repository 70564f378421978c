import { randomUUID } from 'node:crypto';
import { ApiFault } from '../http/api-fault.js';
import { type ApiRequest, type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import type { Barbican } from './barbican.js';
import { listField, textField } from './given.js';
import type { Container } from './secrets.js';

const PATH = '/v1/containers';

export function addContainerRoutes(routes: RouteTable, barbican: Barbican): void {
  const find = (request: AuthenticatedRequest) => {
    const container = barbican.containers.get(parameter(request, 'container'));
    if (container === undefined) throw new ApiFault(404, 'Container not found.');
    if (container.projectId !== request.caller.projectId) {
      throw new ApiFault(403, 'Container retrieval attempt not allowed - please review your user/project privileges');
    }
    return container;
  };
  routes
    .add('GET', PATH, (request) => {
      const own = [...barbican.containers.values()].filter(({ projectId }) => projectId === request.caller.projectId);
      return {
        status: 200,
        body: { containers: own.map((container) => view(request, container)), total: own.length },
      };
    })
    .add('POST', PATH, (request) => {
      const container: Container = {
        id: randomUUID(),
        projectId: request.caller.projectId,
        creatorId: request.caller.userId,
        name: textField(request.body, 'name') ?? null,
        type: textField(request.body, 'type') ?? 'generic',
        createdAt: barbican.now(),
        secretRefs: listField(request.body, 'secret_refs').map((reference) => ({
          name: textField(reference, 'name') ?? null,
          secret_ref: textField(reference, 'secret_ref') ?? '',
        })),
      };
      barbican.containers.set(container.id, container);
      const reference = `${request.serviceUrl}${PATH}/${container.id}`;
      return { status: 201, headers: { location: reference }, body: { container_ref: reference } };
    })
    .add('GET', `${PATH}/:container`, (request) => ({ status: 200, body: view(request, find(request)) }))
    .add('DELETE', `${PATH}/:container`, (request) => {
      barbican.containers.delete(find(request).id);
      return { status: 204 };
    });
}

function view({ serviceUrl }: ApiRequest, container: Container) {
  return {
    created: container.createdAt,
    updated: container.createdAt,
    status: 'ACTIVE',
    name: container.name,
    type: container.type,
    creator_id: container.creatorId,
    secret_refs: container.secretRefs,
    consumers: [],
    container_ref: `${serviceUrl}${PATH}/${container.id}`,
  };
}
