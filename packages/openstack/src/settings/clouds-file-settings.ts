import { homedir } from 'node:os';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import { isRecord, type JsonRecord } from '../json.js';
import type { AuthOptions } from './auth-options.js';
import { loginOf } from './auth-options.js';
import type { CloudSettings, EndpointInterface } from './cloud-settings.js';
import { type CloudsFileSearch, readCloudsFile } from './clouds-file.js';

export type { CloudsFileSearch } from './clouds-file.js';

/**
 * A cloud of clouds.yaml, read as openstacksdk does, without profiles of vendors.
 *
 * @throws CloudConfigurationError naming the file, the cloud and the field
 */
export async function cloudsFileSettings(name: string, search?: CloudsFileSearch): Promise<CloudSettings> {
  const file = await readCloudsFile(search);
  const cloud = file.clouds[name];
  if (!isRecord(cloud)) {
    const names = Object.keys(file.clouds).join(', ');
    throw new CloudConfigurationError(`${file.path}: clouds: there is no cloud ${name}: use one of ${names || 'none'}`);
  }
  const fields = new CloudFields(cloud, `clouds.yaml ${file.path}, cloud ${name}`);
  const { origin } = fields;
  const region = fields.text('region_name');
  const caFile = fields.path('cacert');
  const certFile = fields.path('cert');
  const keyFile = fields.path('key');
  const timeout = fields.seconds('api_timeout');
  return {
    origin,
    ...loginOf(fields.authOptions(), origin),
    ...(region === undefined ? {} : { region }),
    endpointInterface: fields.endpointInterface(),
    endpointOverrides: fields.endpointOverrides(),
    tls: {
      insecure: !fields.boolean('verify', true) || fields.boolean('insecure', false),
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    },
    ...(timeout === undefined ? {} : { requestTimeout: timeout * 1000 }),
  };
}

class CloudFields {
  constructor(
    private readonly cloud: JsonRecord,
    readonly origin: string,
  ) {}

  /** A number counts as text: a project may be called 42. */
  text(name: string, from: JsonRecord = this.cloud): string | undefined {
    const value = from[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw this.#wrong(name, 'a string');
  }

  /** `~` is the home directory of whom we run as. */
  path(name: string): string | undefined {
    return this.text(name)?.replace(/^~(?=\/|$)/, homedir());
  }

  boolean(name: string, otherwise: boolean): boolean {
    const value = this.cloud[name];
    if (value === undefined || value === null) return otherwise;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(name, 'true or false');
  }

  seconds(name: string): number | undefined {
    const value = this.cloud[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && value > 0) return value;
    throw this.#wrong(name, 'a number of seconds');
  }

  authOptions(): AuthOptions {
    const { auth = {} } = this.cloud;
    if (!isRecord(auth)) throw this.#wrong('auth', 'an object');
    const texts = Object.keys(auth).map((name) => [name, this.text(name, auth)]);
    return {
      ...Object.fromEntries(texts),
      ...this.#legacyNames(auth),
      auth_type: this.text('auth_type'),
    };
  }

  endpointInterface(): EndpointInterface {
    const value = (this.text('interface') ?? this.text('endpoint_type') ?? 'public').replace(/URL$/, '');
    if (value === 'public' || value === 'internal' || value === 'admin') return value;
    throw this.#wrong('interface', 'public, internal or admin');
  }

  endpointOverrides(): CloudSettings['endpointOverrides'] {
    const loadBalancer = this.#url('load_balancer_endpoint_override');
    const network = this.#url('network_endpoint_override');
    const keyManager = this.#url('key_manager_endpoint_override');
    return {
      ...(loadBalancer === undefined ? {} : { 'load-balancer': loadBalancer }),
      ...(network === undefined ? {} : { network }),
      ...(keyManager === undefined ? {} : { 'key-manager': keyManager }),
    };
  }

  /** `tenant_…` is what projects were called, `user_name` stands for `username`. */
  #legacyNames(auth: JsonRecord): AuthOptions {
    return {
      username: this.text('username', auth) ?? this.text('user_name', auth),
      project_name: this.text('project_name', auth) ?? this.text('tenant_name', auth),
      project_id: this.text('project_id', auth) ?? this.text('tenant_id', auth),
    };
  }

  #url(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && !URL.canParse(value)) throw this.#wrong(name, 'a URL');
    return value;
  }

  #wrong(name: string, expected: string): CloudConfigurationError {
    return new CloudConfigurationError(`${this.origin}: ${name}: ${expected} was expected: correct it`);
  }
}
