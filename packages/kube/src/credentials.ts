import type { Agent, AgentOptions } from 'node:https';

export type TlsOptions = Readonly<
  Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'rejectUnauthorized' | 'servername'>
>;

/** What a request is sent with. Never logged. */
export interface Credentials {
  readonly tls: TlsOptions;
  /** Authorization, Impersonate-User. */
  readonly headers: Readonly<Record<string, string>>;
  /** Makes the agent for connections that have to go through a proxy. */
  readonly proxyAgent?: Agent;
}

export interface CredentialSource {
  /**
   * The newest credentials; the same object as long as nothing changed.
   * @throws KubernetesCredentialsError
   */
  current(): Promise<Credentials>;
  /**
   * The API server answered 401 to `rejected`: looks for newer ones with no regard to any cache.
   * @throws KubernetesCredentialsError
   */
  refresh(rejected: Credentials): Promise<Credentials>;
}

/** An API server and the way to authenticate to it. */
export interface Connection {
  /** May have a path, below which the API lives. */
  readonly server: URL;
  readonly credentials: CredentialSource;
  /** The namespace of the kubeconfig context or of our own Pod, where it is known. */
  readonly namespace?: string;
  /** Where this was found, for people: `in-cluster`, `kubeconfig FILE, context NAME`, `[kubernetes] api_root`. */
  readonly origin: string;
}
