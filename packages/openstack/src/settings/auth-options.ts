import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import type { Authentication, DomainReference, Scope, ScopedReference } from './cloud-settings.js';

/** keystoneauth's options by their names, which kuryr.conf and clouds.yaml share. Empty ones count as left out. */
export interface AuthOptions {
  readonly auth_type?: string | undefined;
  readonly auth_url?: string | undefined;
  readonly username?: string | undefined;
  readonly user_id?: string | undefined;
  readonly password?: string | undefined;
  readonly user_domain_name?: string | undefined;
  readonly user_domain_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly project_id?: string | undefined;
  readonly project_domain_name?: string | undefined;
  readonly project_domain_id?: string | undefined;
  readonly default_domain_name?: string | undefined;
  readonly default_domain_id?: string | undefined;
  readonly domain_name?: string | undefined;
  readonly domain_id?: string | undefined;
  readonly system_scope?: string | undefined;
  readonly trust_id?: string | undefined;
  readonly token?: string | undefined;
  readonly application_credential_id?: string | undefined;
  readonly application_credential_name?: string | undefined;
  readonly application_credential_secret?: string | undefined;
}

interface Login {
  readonly authUrl: string;
  readonly authentication: Authentication;
  readonly scope?: Scope;
}

/**
 * Puts the options together to a way to log in, as keystoneauth does.
 *
 * @param origin For people: where the options are written.
 * @throws CloudConfigurationError naming the option that is missing or wrong
 */
export function loginOf(options: AuthOptions, origin: string): Login {
  const reader = new AuthOptionReader(options, origin);
  const authUrl = reader.required('auth_url');
  const { protocol } = URL.canParse(authUrl) ? new URL(authUrl) : { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new CloudConfigurationError(`${origin}: auth_url is no http or https URL, such as https://keystone:5000/v3`);
  }
  const authentication = authenticationOf(reader);
  if (authentication.method === 'application_credential') return { authUrl, authentication };
  return { authUrl, authentication, scope: scopeOf(reader) };
}

function authenticationOf(reader: AuthOptionReader): Authentication {
  const type = reader.optional('auth_type') ?? guessedType(reader);
  switch (type.toLowerCase()) {
    case 'password':
    case 'v3password':
      return { method: 'password', user: userOf(reader), password: reader.required('password') };
    case 'v3applicationcredential': {
      const id = reader.optional('application_credential_id');
      const secret = reader.required('application_credential_secret');
      if (id !== undefined) return { method: 'application_credential', credential: { id }, secret };
      const name = reader.optional('application_credential_name');
      if (name === undefined) throw reader.missing('application_credential_id (or application_credential_name)');
      return { method: 'application_credential', credential: { name, user: userOf(reader) }, secret };
    }
    case 'token':
    case 'v3token':
      return { method: 'token', token: reader.required('token') };
    default:
      throw new CloudConfigurationError(
        `${reader.origin}: auth_type ${type} is not supported: use password, v3applicationcredential or v3token`,
      );
  }
}

/** With any of these, the others are missed, and not a user. */
const APPLICATION_CREDENTIAL = [
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
] as const;

function guessedType(reader: AuthOptionReader): string {
  const namesCredential = APPLICATION_CREDENTIAL.some((name) => reader.optional(name) !== undefined);
  if (namesCredential) return 'v3applicationcredential';
  return reader.optional('token') === undefined ? 'password' : 'v3token';
}

function userOf(reader: AuthOptionReader): ScopedReference {
  const id = reader.optional('user_id');
  if (id !== undefined) return { id };
  return { name: reader.required('username'), domain: reader.domain('user') };
}

function scopeOf(reader: AuthOptionReader): Scope {
  const trust = reader.optional('trust_id');
  if (trust !== undefined) return { trust };
  if (reader.optional('system_scope') === 'all') return { system: 'all' };
  const projectId = reader.optional('project_id');
  if (projectId !== undefined) return { project: { id: projectId } };
  const projectName = reader.optional('project_name');
  if (projectName !== undefined) return { project: { name: projectName, domain: reader.domain('project') } };
  const domain = reader.reference('domain');
  if (domain === undefined) throw reader.missing('project_name (or project_id)');
  return { domain };
}

class AuthOptionReader {
  constructor(
    private readonly options: AuthOptions,
    readonly origin: string,
  ) {}

  optional(name: keyof AuthOptions): string | undefined {
    const value = this.options[name];
    return value === '' ? undefined : value;
  }

  required(name: keyof AuthOptions): string {
    const value = this.optional(name);
    if (value === undefined) throw this.missing(name);
    return value;
  }

  reference(prefix: 'user_domain' | 'project_domain' | 'default_domain' | 'domain'): DomainReference | undefined {
    const id = this.optional(`${prefix}_id`);
    if (id !== undefined) return { id };
    const name = this.optional(`${prefix}_name`);
    return name === undefined ? undefined : { name };
  }

  domain(owner: 'user' | 'project'): DomainReference {
    const domain = this.reference(`${owner}_domain`) ?? this.reference('default_domain');
    if (domain === undefined) throw this.missing(`${owner}_domain_name (often Default; or ${owner}_domain_id)`);
    return domain;
  }

  missing(what: string): CloudConfigurationError {
    return new CloudConfigurationError(`${this.origin}: ${what} is missing, without which nobody can log in: set it`);
  }
}
