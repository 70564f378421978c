import { ApiFault } from '../http/api-fault.js';
import {
  type ApplicationCredential,
  DEFAULT_DOMAIN,
  type Identity,
  type Project,
  type Token,
  type User,
} from './identity.js';

export interface Login {
  readonly user: User;
  readonly method: Token['method'];
  readonly project?: Project;
}

/** Keystone tells nobody what was wrong: user, password, domain and project alike give this. */
export function unauthorized(): ApiFault {
  return new ApiFault(401, 'The request you have made requires authentication.');
}

/** Reads `POST /v3/auth/tokens`. @throws ApiFault 400, 401 */
export function readLogin(identity: Identity, body: unknown): Login {
  const auth = part(body, 'auth');
  const request = part(auth, 'identity');
  if (request === undefined) throw new ApiFault(400, "'identity' is a required property");
  const methods = part(request, 'methods');
  const method = Array.isArray(methods) ? methods[0] : undefined;
  switch (method) {
    case 'password':
      return scoped(identity, passwordUser(identity, part(request, method)), method, auth);
    case 'application_credential': {
      const { user, project } = credentialOf(identity, part(request, method));
      return { user, method, project };
    }
    case 'token': {
      const token = identity.find(text(part(request, method), 'id'));
      if (token === undefined) throw unauthorized();
      return scoped(identity, token.user, method, auth);
    }
    default:
      throw unauthorized();
  }
}

function passwordUser(identity: Identity, given: unknown): User {
  const wanted = part(given, 'user');
  const id = text(wanted, 'id');
  const name = text(wanted, 'name');
  const user = identity.users.find((candidate) =>
    id === undefined ? candidate.name === name && isDefaultDomain(part(wanted, 'domain')) : candidate.id === id,
  );
  if (user === undefined || user.password !== text(wanted, 'password')) throw unauthorized();
  return user;
}

function credentialOf(identity: Identity, given: unknown): ApplicationCredential {
  const id = text(given, 'id');
  const name = text(given, 'name');
  const owner = part(given, 'user');
  const credential = identity.applicationCredentials.find(
    (candidate) =>
      candidate.id === id ||
      (id === undefined &&
        candidate.name === name &&
        [text(owner, 'name'), text(owner, 'id')].some(
          (who) => who === candidate.user.name || who === candidate.user.id,
        )),
  );
  if (credential === undefined || credential.secret !== text(given, 'secret')) throw unauthorized();
  return credential;
}

/** @throws ApiFault 401 where there is no such project, or the user has no role in it */
function scoped(identity: Identity, user: User, method: Token['method'], auth: unknown): Login {
  const wanted = part(part(auth, 'scope'), 'project');
  if (wanted === undefined) return { user, method };
  const id = text(wanted, 'id');
  const name = text(wanted, 'name');
  const project = identity.projects.find((candidate) =>
    id === undefined ? candidate.name === name && isDefaultDomain(part(wanted, 'domain')) : candidate.id === id,
  );
  if (project === undefined || !user.roles.has(project.id)) throw unauthorized();
  return { user, method, project };
}

function isDefaultDomain(domain: unknown): boolean {
  return text(domain, 'id') === DEFAULT_DOMAIN.id || text(domain, 'name') === DEFAULT_DOMAIN.name;
}

function part(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function text(value: unknown, name: string): string | undefined {
  const found = part(value, name);
  return typeof found === 'string' ? found : undefined;
}
