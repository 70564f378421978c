import { ApiFault } from '../http/api-fault.js';
import { ApiService } from '../http/api-service.js';
import type { ApiAnswer, ApiRequest } from '../http/exchange.js';
import { readLogin, unauthorized } from './authentication.js';
import { type CatalogService, catalogView } from './catalog.js';
import { DEFAULT_DOMAIN, hexId, type Identity, type Token } from './identity.js';

/** Keystone v3 as far as clients of the other services need it. */
export class Keystone extends ApiService {
  readonly prefix = '/identity';
  readonly identity: Identity;
  /** What the catalog of a token lists; a test may take a service out or add a region. */
  catalog: readonly CatalogService[] = [];

  constructor(identity: Identity) {
    super();
    this.identity = identity;
    this.routes
      .addOpen('GET', '/', (request) => ({
        status: 300,
        body: { versions: { values: [version(request)] } },
      }))
      .addOpen('GET', '/v3', (request) => ({ status: 200, body: { version: version(request) } }))
      .addOpen('POST', '/v3/auth/tokens', (request) => this.#issue(request))
      .addOpen('GET', '/v3/auth/tokens', (request) => this.#show(request))
      .addOpen('DELETE', '/v3/auth/tokens', (request) => {
        this.#requireToken(request);
        this.identity.revoke(header(request, 'x-subject-token'));
        return { status: 204 };
      })
      .addOpen('GET', '/v3/auth/catalog', (request) => {
        this.#requireToken(request);
        return { status: 200, body: { catalog: catalogView(this.catalog) } };
      });
  }

  faultBody({ status, message }: ApiFault): unknown {
    return { error: { code: status, message, title: TITLES[status] ?? 'Error' } };
  }

  #issue({ body }: ApiRequest): ApiAnswer {
    const { user, method, project } = readLogin(this.identity, body);
    return { ...this.#answer(this.identity.issue(user, method, project)), status: 201 };
  }

  #show(request: ApiRequest): ApiAnswer {
    this.#requireToken(request);
    const token = this.identity.find(header(request, 'x-subject-token'));
    if (token === undefined) throw new ApiFault(404, 'Could not recognize Fernet token');
    return this.#answer(token);
  }

  #requireToken(request: ApiRequest): Token {
    const token = this.identity.find(header(request, 'x-auth-token'));
    if (token === undefined) throw unauthorized();
    return token;
  }

  #answer(token: Token): ApiAnswer {
    const { id, user, project, roles, method } = token;
    const scope = project && {
      project: { domain: DEFAULT_DOMAIN, id: project.id, name: project.name },
      is_domain: false,
      roles: roles.map((name) => ({ id: hexId(), name })),
      catalog: catalogView(this.catalog),
    };
    return {
      status: 200,
      headers: { 'x-subject-token': id },
      body: {
        token: {
          methods: [method],
          user: { domain: DEFAULT_DOMAIN, id: user.id, name: user.name, password_expires_at: null },
          audit_ids: [hexId()],
          expires_at: time(token.expiresAt),
          issued_at: time(token.issuedAt),
          ...scope,
        },
      },
    };
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
};

function header({ headers }: ApiRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** Microseconds, which are always zero here. */
function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}

function version({ serviceUrl }: ApiRequest) {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${serviceUrl}/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}
