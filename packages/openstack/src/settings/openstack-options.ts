import {
  AUTH_URL,
  boolean,
  filePath,
  float,
  integer,
  type Option,
  OS_CLOUD,
  oneOf,
  optional,
  string,
  url,
} from '@kuryr-l7/config';

export { AUTH_URL, OS_CLOUD } from '@kuryr-l7/config';

const group = 'neutron';

const NO_DEFAULT = 'Not set by default.';

function text(name: string, help: string): Option<string | undefined> {
  return { group, name, type: optional(string()), default: undefined, help: `${help} ${NO_DEFAULT}` };
}

function secret(name: string, help: string): Option<string | undefined> {
  return { ...text(name, help), secret: true };
}

function file(name: string, help: string): Option<string | undefined> {
  return { group, name, type: optional(filePath()), default: undefined, help: `${help} ${NO_DEFAULT}` };
}

function address(name: string, help: string): Option<string | undefined> {
  return { group, name, type: optional(url()), default: undefined, help: `${help} ${NO_DEFAULT}` };
}

export const AUTH_TYPE: Option<AuthType | undefined> = {
  group,
  name: 'auth_type',
  type: optional(
    oneOf(['password', 'v3password', 'v3applicationcredential', 'token', 'v3token'], { ignoreCase: true }),
  ),
  default: undefined,
  help:
    'How to log in at Keystone; which of the options that follow are needed depends on it. Not set by default: an ' +
    'application credential where one is named or its secret given, a token where one is given, otherwise a password.',
};

export type AuthType = 'password' | 'v3password' | 'v3applicationcredential' | 'token' | 'v3token';

export const AUTH_SECTION = text(
  'auth_section',
  'Section to read the credentials from. Only understood to be refused: write them into [neutron].',
);

export const USERNAME: Option<string | undefined> = {
  ...text('username', 'Name of the user; needs user_domain_name or user_domain_id.'),
  deprecatedNames: ['user_name'],
};
export const USER_ID = text('user_id', 'Id of the user, in place of name and domain.');
export const PASSWORD = secret('password', 'Password of the user.');
export const USER_DOMAIN_NAME = text('user_domain_name', 'Name of the domain of the user, often Default.');
export const USER_DOMAIN_ID = text('user_domain_id', 'Id of the domain of the user, often default.');

export const PROJECT_NAME: Option<string | undefined> = {
  ...text('project_name', 'Name of the project of the router; needs project_domain_name or project_domain_id.'),
  deprecatedNames: ['tenant_name'],
};
export const PROJECT_ID: Option<string | undefined> = {
  ...text('project_id', 'Id of the project of the router, in place of name and domain.'),
  deprecatedNames: ['tenant_id'],
};
export const PROJECT_DOMAIN_NAME = text('project_domain_name', 'Name of the domain of the project, often Default.');
export const PROJECT_DOMAIN_ID = text('project_domain_id', 'Id of the domain of the project, often default.');

export const DEFAULT_DOMAIN_NAME = text('default_domain_name', 'Domain of user and project where none is named.');
export const DEFAULT_DOMAIN_ID = text('default_domain_id', 'Id of the domain of user and project where none is named.');
export const DOMAIN_NAME = text('domain_name', 'Log in for a domain of this name, not for a project.');
export const DOMAIN_ID = text('domain_id', 'Log in for the domain of this id, not for a project.');
export const SYSTEM_SCOPE: Option<'all' | undefined> = {
  group,
  name: 'system_scope',
  type: optional(oneOf(['all'])),
  default: undefined,
  help: `Log in for the cloud itself, not for a project. ${NO_DEFAULT}`,
};
export const TRUST_ID = text('trust_id', 'Id of the trust that lends us the rights of another user.');

export const TOKEN = secret(
  'token',
  'Token for auth_type v3token. It can be exchanged for others only until it expires.',
);

export const APPLICATION_CREDENTIAL_ID = text('application_credential_id', 'Id of the application credential.');
export const APPLICATION_CREDENTIAL_NAME = text(
  'application_credential_name',
  'Name of the application credential, in place of its id; needs the user that it belongs to.',
);
export const APPLICATION_CREDENTIAL_SECRET = secret(
  'application_credential_secret',
  'Secret of the application credential.',
);

export const REGION_NAME = text('region_name', 'Region of the services; needed where the catalog has several.');

export const ENDPOINT_TYPE: Option<'public' | 'internal' | 'admin' | undefined> = {
  group,
  name: 'endpoint_type',
  type: optional(oneOf(['public', 'admin', 'internal'])),
  default: undefined,
  help:
    'Which of the endpoints of each service to use. Not set by default: what clouds.yaml says where os_cloud is set, ' +
    'otherwise public as in Kuryr, which is reached from everywhere.',
};

export const LOAD_BALANCER_ENDPOINT_OVERRIDE = address(
  'load_balancer_endpoint_override',
  'URL of Octavia, in place of that of the catalog.',
);
export const NETWORK_ENDPOINT_OVERRIDE = address(
  'network_endpoint_override',
  'URL of Neutron, in place of that of the catalog.',
);
export const KEY_MANAGER_ENDPOINT_OVERRIDE = address(
  'key_manager_endpoint_override',
  'URL of Barbican, in place of that of the catalog.',
);

export const CAFILE = file(
  'cafile',
  "Certificates (PEM) of the authorities that may have signed those of the cloud's services, for a private one; read " +
    'again when it changes.',
);
export const CERTFILE = file('certfile', 'Client certificate (PEM), for a cloud that asks for one; read again.');
export const KEYFILE = file('keyfile', 'Private key (PEM) of certfile, unless it is in the same file.');
export const INSECURE: Option<boolean> = {
  group,
  name: 'insecure',
  type: boolean(),
  default: false,
  help:
    'Take any certificate. Off by default: the password would be sent to whoever answers. For a private authority set ' +
    'cafile.',
};

export const TIMEOUT: Option<number | undefined> = {
  group,
  name: 'timeout',
  type: optional(float({ minimum: 0.001 })),
  default: undefined,
  help: 'Seconds to wait for the answer to a request. Not set by default: 60, as a busy Octavia may take long.',
};

export const MAX_REQUESTS: Option<number> = {
  group,
  name: 'max_requests',
  type: integer({ minimum: 1 }),
  default: 8,
  help: 'Requests to the cloud that run at once; the others wait. The default leaves an API its workers for others.',
};

/** The options of section `[neutron]` that tell how to reach the cloud, named as in Kuryr and keystoneauth. */
export const OPENSTACK_OPTIONS: readonly Option[] = [
  OS_CLOUD,
  AUTH_TYPE,
  AUTH_URL,
  AUTH_SECTION,
  USERNAME,
  USER_ID,
  PASSWORD,
  USER_DOMAIN_NAME,
  USER_DOMAIN_ID,
  PROJECT_NAME,
  PROJECT_ID,
  PROJECT_DOMAIN_NAME,
  PROJECT_DOMAIN_ID,
  DEFAULT_DOMAIN_NAME,
  DEFAULT_DOMAIN_ID,
  DOMAIN_NAME,
  DOMAIN_ID,
  SYSTEM_SCOPE,
  TRUST_ID,
  TOKEN,
  APPLICATION_CREDENTIAL_ID,
  APPLICATION_CREDENTIAL_NAME,
  APPLICATION_CREDENTIAL_SECRET,
  REGION_NAME,
  ENDPOINT_TYPE,
  LOAD_BALANCER_ENDPOINT_OVERRIDE,
  NETWORK_ENDPOINT_OVERRIDE,
  KEY_MANAGER_ENDPOINT_OVERRIDE,
  CAFILE,
  CERTFILE,
  KEYFILE,
  INSECURE,
  TIMEOUT,
  MAX_REQUESTS,
];
