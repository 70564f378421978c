import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Connection } from './credentials.js';
import { KubernetesConfigurationError } from './errors.js';
import { FileCredentials } from './file-credentials.js';
import { kubeconfigConnection } from './kubeconfig.js';

/** How to reach the API server. The names are those of kuryr.conf; an empty string counts as left out. */
export interface ConnectionOptions {
  /** A kubeconfig file; goes before everything else. */
  readonly kubeconfig?: string;
  /** Context of the kubeconfig. @default its current context */
  readonly context?: string;
  /** `[kubernetes] api_root`: URL of the API server, e.g. `https://10.0.0.10:6443`. */
  readonly apiRoot?: string;
  /** With `apiRoot`. @default the service account's token, where there is one */
  readonly tokenFile?: string;
  /** With `apiRoot`. @default the service account's CA, where there is one; otherwise the CAs that Node trusts */
  readonly sslCaCrtFile?: string;
  /** With `apiRoot`: client certificate. */
  readonly sslClientCrtFile?: string;
  /** With `apiRoot`: key of the client certificate. */
  readonly sslClientKeyFile?: string;
  /** With `apiRoot`: whether the server must show a certificate of that CA. @default true (Kuryr: false) */
  readonly sslVerifyServerCrt?: boolean;
  /** @default process.env: KUBECONFIG, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, HOME */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default '/var/run/secrets/kubernetes.io/serviceaccount' */
  readonly serviceAccountDirectory?: string;
}

/**
 * Finds the API server: `kubeconfig`, then `apiRoot`, then $KUBECONFIG, then the cluster that this Pod runs in, then
 * `~/.kube/config`. Credentials are checked by reading them once; no request is sent.
 *
 * @throws KubernetesConfigurationError, KubernetesCredentialsError
 */
export async function connect(options: ConnectionOptions = {}): Promise<Connection> {
  const connection = await find(options);
  const { protocol } = connection.server;
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new KubernetesConfigurationError(`${connection.origin}: ${connection.server.href} is no http or https URL`);
  }
  await connection.credentials.current();
  return connection;
}

function find(options: ConnectionOptions): Promise<Connection> | Connection {
  const environment = options.environment ?? process.env;
  const context = filled(options.context);
  const kubeconfig = filled(options.kubeconfig);
  if (kubeconfig !== undefined) return kubeconfigConnection([kubeconfig], context);
  if (filled(options.apiRoot) !== undefined) return apiRootConnection(options);
  const fromEnvironment = (environment.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (fromEnvironment.length > 0) return kubeconfigConnection(fromEnvironment, context);
  const host = filled(environment.KUBERNETES_SERVICE_HOST);
  const account = serviceAccountDirectory(options);
  if (host !== undefined && existsSync(join(account, 'token'))) {
    return inClusterConnection(host, filled(environment.KUBERNETES_SERVICE_PORT) ?? '443', account);
  }
  const home = join(environment.HOME ?? '/', '.kube', 'config');
  if (existsSync(home)) return kubeconfigConnection([home], context);
  throw new KubernetesConfigurationError(
    `no Kubernetes API server to be found: set [kubernetes] kubeconfig (in the environment OS_KUBERNETES__KUBECONFIG) or [kubernetes] api_root, or $KUBECONFIG, or run in a Pod that has a service account (${home} is not there either)`,
  );
}

function apiRootConnection(options: ConnectionOptions): Connection {
  const apiRoot = filled(options.apiRoot) ?? '';
  if (!URL.canParse(apiRoot)) {
    throw new KubernetesConfigurationError(
      `[kubernetes] api_root: ${apiRoot} is not a URL such as https://10.0.0.10:6443`,
    );
  }
  const certificate = filled(options.sslClientCrtFile);
  const key = filled(options.sslClientKeyFile);
  if ((certificate === undefined) !== (key === undefined)) {
    const [given, missing] =
      key === undefined
        ? ['ssl_client_crt_file', 'ssl_client_key_file']
        : ['ssl_client_key_file', 'ssl_client_crt_file'];
    throw new KubernetesConfigurationError(`[kubernetes] ${given} is set without ${missing}: set both, or neither`);
  }
  const account = serviceAccountDirectory(options);
  const token = filled(options.tokenFile) ?? existing(join(account, 'token'));
  const ca = filled(options.sslCaCrtFile) ?? existing(join(account, 'ca.crt'));
  return {
    server: new URL(apiRoot),
    credentials: new FileCredentials({
      ...(token === undefined ? {} : { token }),
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
      verifyServer: options.sslVerifyServerCrt ?? true,
    }),
    origin: '[kubernetes] api_root',
  };
}

async function inClusterConnection(host: string, port: string, account: string): Promise<Connection> {
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(server)) {
    throw new KubernetesConfigurationError(
      `in-cluster: KUBERNETES_SERVICE_HOST and _PORT do not make a URL: ${server}`,
    );
  }
  const namespace = (await readFile(join(account, 'namespace'), 'utf8').catch(() => '')).trim();
  return {
    server: new URL(server),
    credentials: new FileCredentials({ token: join(account, 'token'), ca: join(account, 'ca.crt') }),
    origin: 'in-cluster',
    ...(namespace === '' ? {} : { namespace }),
  };
}

function serviceAccountDirectory(options: ConnectionOptions): string {
  return options.serviceAccountDirectory ?? '/var/run/secrets/kubernetes.io/serviceaccount';
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
