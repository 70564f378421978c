import { stat } from 'node:fs/promises';
import { Agent } from 'node:http';
import type { Agent as HttpsAgent, RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Clock, SYSTEM_CLOCK, sleep } from './clock.js';
import type { Connection, CredentialSource, Credentials } from './credentials.js';
import { KubernetesConfigurationError, KubernetesCredentialsError } from './errors.js';
import { isRecord } from './json.js';
import { reasonOf } from './reason-of.js';

/** Milliseconds for which credentials are used before client-node is asked again; client-go's period for token files. */
const TIME_TO_LIVE = 60_000;
/** Milliseconds that a credential plugin or an identity provider may take. */
const PLUGIN_TIMEOUT = 30_000;

/**
 * Reads kubeconfig files as kubectl does: of several, the first that names a thing wins; missing ones are passed over.
 *
 * @param context The file's current context when left out.
 * @throws KubernetesConfigurationError
 */
export async function kubeconfigConnection(
  files: readonly string[],
  context?: string,
  clock: Clock = SYSTEM_CLOCK,
): Promise<Connection> {
  const source = new KubeconfigCredentials(files, context, clock);
  return source.open();
}

/**
 * Credentials of a kubeconfig's user: client-node applies tokens, certificates, credential plugins and OIDC. A changed
 * file is read again.
 */
class KubeconfigCredentials implements CredentialSource {
  #config: KubeConfig | undefined;
  #version = '';
  #fingerprint = '';
  #credentials: Credentials | undefined;
  #usableUntil = 0;
  #applying: Promise<Credentials> | undefined;

  constructor(
    private readonly files: readonly string[],
    private readonly context: string | undefined,
    private readonly clock: Clock,
  ) {}

  async open(): Promise<Connection> {
    this.#version = await versionOf(this.files);
    const config = await this.#load();
    const name = config.getCurrentContext();
    const origin = `kubeconfig ${this.files.join(', ')}, context ${name || '(none)'}`;
    const cluster = config.getCurrentCluster();
    if (cluster === null) {
      const known = config.getContexts().map((entry) => entry.name);
      throw new KubernetesConfigurationError(
        `${origin}: there is no such context, or its cluster is missing; contexts: ${known.join(', ') || '(none)'}`,
        { concerns: this.context === undefined ? 'kubeconfig' : 'context' },
      );
    }
    if (!URL.canParse(cluster.server)) {
      throw new KubernetesConfigurationError(`${origin}: server ${cluster.server} is not a URL`, {
        concerns: 'kubeconfig',
      });
    }
    const namespace = config.getContextObject(name)?.namespace;
    return {
      server: new URL(cluster.server),
      credentials: this,
      origin,
      ...(namespace === undefined ? {} : { namespace }),
    };
  }

  async current(): Promise<Credentials> {
    const version = await versionOf(this.files);
    if (version !== this.#version) {
      // A file that is being written can't be read for a moment; the next request looks again.
      const config = await this.#load().catch(() => undefined);
      if (config?.getCurrentCluster()) {
        this.#version = version;
        this.#usableUntil = 0;
      }
    }
    if (this.#credentials !== undefined && this.clock.now() < this.#usableUntil) return this.#credentials;
    return this.#apply();
  }

  async refresh(rejected: Credentials): Promise<Credentials> {
    // Of several requests that were refused, the first looks for newer credentials.
    if (this.#credentials !== undefined && rejected !== this.#credentials) return this.current();
    // A new KubeConfig forgets what a credential plugin said. Not so for OIDC: client-node keeps the newest refresh token
    // only in memory.
    if (this.#config?.getCurrentUser()?.authProvider?.name !== 'oidc') await this.#load().catch(() => undefined);
    return this.#apply();
  }

  /** Asks client-node, once for all requests that wait. */
  #apply(): Promise<Credentials> {
    this.#applying ??= this.#applyOnce().finally(() => {
      this.#applying = undefined;
    });
    return this.#applying;
  }

  async #applyOnce(): Promise<Credentials> {
    const options: RequestOptions = {};
    const answered = new AbortController();
    const timeout = sleep(this.clock, PLUGIN_TIMEOUT, answered.signal).then(() => {
      throw new Error(`the credential plugin did not answer in ${PLUGIN_TIMEOUT / 1000} s`);
    });
    try {
      const config = this.#config ?? (await this.#load());
      await Promise.race([config.applyToHTTPSOptions(options), timeout]);
    } catch (cause) {
      throw new KubernetesCredentialsError(
        `kubeconfig ${this.files.join(', ')}: no credentials: ${reasonOf(cause).trim()}`,
        { cause },
      );
    } finally {
      answered.abort();
      timeout.catch(() => undefined);
    }
    this.#usableUntil = this.clock.now() + TIME_TO_LIVE;
    const credentials = credentialsOf(options, this.#config?.getCurrentCluster()?.proxyUrl !== undefined);
    const fingerprint = JSON.stringify([credentials.tls, credentials.headers]);
    if (this.#credentials === undefined || fingerprint !== this.#fingerprint) {
      this.#credentials = credentials;
      this.#fingerprint = fingerprint;
    }
    return this.#credentials;
  }

  async #load(): Promise<KubeConfig> {
    // Costs 300 ms and 80 MB, which nobody pays who runs in a cluster.
    const client = await import('@kubernetes/client-node');
    const parts: KubeConfig[] = [];
    for (const file of this.files) {
      const part = new client.KubeConfig();
      try {
        part.loadFromFile(file);
      } catch (cause) {
        if (this.files.length > 1 && isMissing(cause)) continue;
        throw new KubernetesConfigurationError(`kubeconfig ${file} can't be read: ${reasonOf(cause)}`, {
          cause,
          concerns: 'kubeconfig',
        });
      }
      parts.push(part);
    }
    const config = new client.KubeConfig();
    config.loadFromOptions({
      // client-node refuses plain HTTP unless told not to verify what is not there to be verified.
      clusters: firstOfEachName(parts.flatMap((part) => part.getClusters())).map((cluster) =>
        cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
      ),
      users: firstOfEachName(parts.flatMap((part) => part.getUsers())),
      contexts: firstOfEachName(parts.flatMap((part) => part.getContexts())),
      currentContext: this.context ?? parts.find((part) => part.getCurrentContext())?.getCurrentContext() ?? '',
    });
    this.#config = config;
    return config;
  }
}

function credentialsOf(options: RequestOptions, throughProxy: boolean): Credentials {
  const { ca, cert, key, passphrase, pfx, rejectUnauthorized, servername, auth, agent } = options;
  const tls = { ca, cert, key, passphrase, pfx, rejectUnauthorized, servername };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  if (typeof auth === 'string') headers.authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
  return {
    tls: Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)),
    headers,
    ...(throughProxy && isAgent(agent) ? { proxyAgent: agent } : {}),
  };
}

/** A SOCKS agent serves HTTPS too, without being Node's agent for it. */
function isAgent(agent: RequestOptions['agent']): agent is HttpsAgent {
  return agent instanceof Agent;
}

function firstOfEachName<T extends { readonly name: string }>(things: readonly T[]): T[] {
  return [...new Map(things.toReversed().map((thing) => [thing.name, thing])).values()].reverse();
}

async function versionOf(files: readonly string[]): Promise<string> {
  const versions = files.map(async (file) => {
    const { dev, ino, size, mtimeMs } = await stat(file);
    return [dev, ino, size, mtimeMs].join(' ');
  });
  return (await Promise.allSettled(versions))
    .map((version) => (version.status === 'fulfilled' ? version.value : ''))
    .join();
}

function isMissing(error: unknown): boolean {
  return isRecord(error) && error.code === 'ENOENT';
}
