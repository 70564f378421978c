import { randomUUID } from 'node:crypto';
import { ApiFault } from '../http/api-fault.js';
import { type ApiRequest, type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import type { Barbican } from './barbican.js';
import { field, listField, textField } from './given.js';
import type { Secret } from './secrets.js';

const PATH = '/v1/secrets';
const DEFAULT_PAGE = 10;

export function addSecretRoutes(routes: RouteTable, barbican: Barbican): void {
  const find = (request: AuthenticatedRequest) => readable(request, barbican.secrets.get(parameter(request, 'secret')));
  routes
    .add('GET', PATH, (request) => list(request, barbican))
    .add('POST', PATH, (request) => {
      const secret = create(request, barbican);
      barbican.secrets.set(secret.id, secret);
      const reference = referenceTo(request, secret);
      return { status: 201, headers: { location: reference }, body: { secret_ref: reference } };
    })
    .add('GET', `${PATH}/:secret`, (request) => ({ status: 200, body: view(request, find(request)) }))
    .add('PUT', `${PATH}/:secret`, (request) => {
      const secret = find(request);
      if (secret.payload !== undefined) throw new ApiFault(409, 'Secret already has data, cannot modify it.');
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.from(String(request.body ?? ''));
      secret.payload = { bytes, contentType: request.headers['content-type'] ?? 'text/plain' };
      return { status: 204 };
    })
    .add('DELETE', `${PATH}/:secret`, (request) => {
      barbican.secrets.delete(find(request).id);
      return { status: 204 };
    })
    .add('GET', `${PATH}/:secret/payload`, (request) => {
      const { payload } = find(request);
      if (payload === undefined) throw new ApiFault(404, 'Secret payload not found.');
      return { status: 200, headers: { 'content-type': payload.contentType }, body: payload.bytes };
    })
    .add('GET', `${PATH}/:secret/acl`, (request) => ({ status: 200, body: { read: aclView(find(request)) } }))
    .add('PUT', `${PATH}/:secret/acl`, (request) => {
      const secret = find(request);
      const read = field(request.body, 'read');
      secret.acl = {
        users: listField(read, 'users').filter((user) => typeof user === 'string'),
        projectAccess: field(read, 'project-access') !== false,
        createdAt: secret.acl?.createdAt ?? barbican.now(),
        updatedAt: barbican.now(),
      };
      return { status: 200, body: { acl_ref: `${referenceTo(request, secret)}/acl` } };
    })
    .add('DELETE', `${PATH}/:secret/acl`, (request) => {
      delete find(request).acl;
      return { status: 200 };
    });
}

function create(request: AuthenticatedRequest, barbican: Barbican): Secret {
  const { body, caller } = request;
  if (!caller.roles.some((role) => role === 'creator' || role === 'admin')) {
    throw new ApiFault(403, 'Secret creation attempt not allowed - please review your user/project privileges');
  }
  const payload = textField(body, 'payload');
  const contentType = textField(body, 'payload_content_type');
  if (payload !== undefined && contentType === undefined) {
    throw new ApiFault(400, "If 'payload' is supplied, 'payload_content_type' must also be supplied.");
  }
  const encoding = textField(body, 'payload_content_encoding') === 'base64' ? 'base64' : 'utf8';
  return {
    id: randomUUID(),
    projectId: caller.projectId,
    creatorId: caller.userId,
    name: textField(body, 'name') ?? null,
    createdAt: barbican.now(),
    secretType: textField(body, 'secret_type') ?? 'opaque',
    expiration: textField(body, 'expiration') ?? null,
    ...(payload !== undefined && {
      payload: { bytes: Buffer.from(payload, encoding), contentType: contentType ?? 'text/plain' },
    }),
  };
}

function list(request: AuthenticatedRequest, { secrets }: Barbican) {
  const { query, caller } = request;
  const own = [...secrets.values()].filter(({ projectId }) => projectId === caller.projectId);
  const name = query.get('name');
  const found = own.filter((secret) => name === null || secret.name === name);
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
  const page = found.slice(offset, offset + limit);
  const more = offset + limit < found.length;
  return {
    status: 200,
    body: {
      secrets: page.map((secret) => view(request, secret)),
      total: found.length,
      ...(more && { next: `${request.serviceUrl}${PATH}?limit=${limit}&offset=${offset + limit}` }),
    },
  };
}

/** @throws ApiFault 404, or 403 where the secret is another project's and no access list names the caller */
function readable({ caller }: AuthenticatedRequest, secret: Secret | undefined): Secret {
  if (secret === undefined) throw new ApiFault(404, 'Secret not found.');
  if (secret.projectId !== caller.projectId && secret.acl?.users.includes(caller.userId) !== true) {
    throw new ApiFault(403, 'Secret retrieval attempt not allowed - please review your user/project privileges');
  }
  return secret;
}

function referenceTo({ serviceUrl }: ApiRequest, { id }: Secret): string {
  return `${serviceUrl}${PATH}/${id}`;
}

function view(request: ApiRequest, secret: Secret) {
  return {
    created: secret.createdAt,
    updated: secret.createdAt,
    status: 'ACTIVE',
    name: secret.name,
    secret_type: secret.secretType,
    expiration: secret.expiration,
    algorithm: null,
    bit_length: null,
    mode: null,
    creator_id: secret.creatorId,
    ...(secret.payload !== undefined && { content_types: { default: secret.payload.contentType } }),
    secret_ref: referenceTo(request, secret),
  };
}

function aclView({ acl }: Secret) {
  if (acl === undefined) return { 'project-access': true };
  return { 'project-access': acl.projectAccess, users: acl.users, created: acl.createdAt, updated: acl.updatedAt };
}
