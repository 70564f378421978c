import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Controller, loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type EmbeddedCluster, type EmbeddedClusterOptions, startEmbeddedCluster } from '@kuryr-l7/playground';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** What the Pod's server says of itself, where a Pod answered. */
  readonly pod?: {
    readonly pod: string;
    readonly service: string;
    readonly namespace: string;
    readonly path: string;
    readonly host: string;
  };
}

type Settings = Readonly<Record<string, string>>;

/** A real cluster as far as this project needs one, with a controller and the local router on ports of their own. */
export class TestCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-'));
  #controller: Controller | undefined;
  #port = 0;

  private constructor(readonly cluster: EmbeddedCluster) {}

  static async start(settings: Settings = {}): Promise<TestCluster> {
    const cluster = new TestCluster(await startEmbeddedCluster());
    try {
      await cluster.startController(settings);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** A cluster in which no controller runs yet. */
  static async withoutController(options: EmbeddedClusterOptions = {}): Promise<TestCluster> {
    return new TestCluster(await startEmbeddedCluster(options));
  }

  get api() {
    return this.cluster.api;
  }

  get client() {
    return this.cluster.api.client;
  }

  get controller(): Controller {
    if (this.#controller === undefined) throw new Error('no controller runs');
    return this.#controller;
  }

  get kubeconfigFile(): string {
    const file = join(this.#folder, 'kubeconfig');
    writeFileSync(file, this.cluster.api.kubeconfig(), { mode: 0o600 });
    return file;
  }

  /** Requests go to this port of the router, for controllers that are started elsewhere. */
  usePort(port: number): void {
    this.#port = port;
  }

  /** Settings are environment variables of oslo.config, e.g. `OS_INGRESS__HANDLE_CLASSLESS`. */
  async startController(settings: Settings = {}, pluginDirectory?: string): Promise<void> {
    const { configuration, plugins } = await loadControllerConfiguration({
      defaultSearch: false,
      ...(pluginDirectory === undefined ? {} : { pluginDirectory }),
      environment: {
        OS_KUBERNETES__KUBECONFIG: this.kubeconfigFile,
        OS_LOCAL_ROUTER__HTTP_PORT: String(this.#port),
        OS_HEALTH_SERVER__BIND_ADDRESS: '127.0.0.1',
        OS_HEALTH_SERVER__PORT: '0',
        ...settings,
      },
    });
    this.#controller = await startController({ configuration, plugins, logger: () => SILENT_LOGGER });
    const { description } = await this.#controller.ready;
    this.#port = description.listeners[0]?.port ?? 0;
  }

  async stopController(): Promise<void> {
    await this.#controller?.stop();
    this.#controller = undefined;
  }

  /** Applies manifests given as objects, by server-side apply. */
  apply(...objects: readonly Manifest[]): void {
    for (const object of objects) {
      const { group, version, plural, namespaced } = resourceOf(object);
      const namespace = namespaced ? (object.metadata.namespace ?? 'default') : '';
      const reference = { group, version, plural, namespace, name: object.metadata.name };
      this.client.patch(reference, 'apply', object, { fieldManager: 'test', force: true });
    }
  }

  /** Leaves the cluster these nodes alone, all of them ready. */
  setNodes(nodes: Readonly<Record<string, string>>): void {
    const kind = { group: '', version: 'v1', plural: 'nodes', namespace: '' };
    for (const { metadata } of this.client.list(kind).items) this.client.delete({ ...kind, name: metadata.name });
    for (const [name, address] of Object.entries(nodes)) {
      const addresses = [{ type: 'InternalIP', address }];
      const status = { addresses, conditions: [{ type: 'Ready', status: 'True' }] };
      this.client.create(kind, '', { apiVersion: 'v1', kind: 'Node', metadata: { name }, status });
    }
  }

  delete(kind: string, name: string, namespace = 'default'): void {
    this.client.delete({ ...KINDS[kind], namespace, name } as Parameters<typeof this.client.delete>[0]);
  }

  get(kind: string, name: string, namespace = 'default'): KubernetesJson {
    const reference = { ...KINDS[kind], namespace, name } as Parameters<typeof this.client.get>[0];
    return this.client.get(reference) as unknown as KubernetesJson;
  }

  /** One request to the router on a connection of its own. */
  request(host: string, path = '/', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: this.#port, path, headers: { host, ...headers }, agent: false },
        (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => {
            body += chunk.toString();
          });
          response.on('end', () => {
            const status = response.statusCode ?? 0;
            const isPod = status === 200 && response.headers['content-type']?.includes('json') === true;
            resolve({ status, body, ...(isPod ? { pod: JSON.parse(body) } : {}) });
          });
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end();
    });
  }

  /** The Service whose Pod answers, or the status where none does. */
  async answers(host: string, path = '/'): Promise<string | number> {
    const { status, pod } = await this.request(host, path);
    return pod === undefined ? status : pod.service;
  }

  async stop(): Promise<void> {
    await this.stopController();
    await this.cluster.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Loosely typed on purpose: what comes back from an API is looked at by path. */
export interface KubernetesJson {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly {
        readonly ip?: string;
        readonly ports?: readonly { readonly port: number; readonly error?: string }[];
      }[];
    };
  };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly [field: string]: unknown;
}

const KINDS: Readonly<Record<string, { group: string; version: string; plural: string; namespaced: boolean }>> = {
  Namespace: { group: '', version: 'v1', plural: 'namespaces', namespaced: false },
  Service: { group: '', version: 'v1', plural: 'services', namespaced: true },
  Endpoints: { group: '', version: 'v1', plural: 'endpoints', namespaced: true },
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true },
  Ingress: { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', namespaced: true },
  IngressClass: { group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses', namespaced: false },
};

function resourceOf({ kind }: Manifest) {
  const resource = KINDS[kind];
  if (resource === undefined) throw new Error(`the fixture knows no ${kind}`);
  return resource;
}

/**
 * Waits until a condition holds; the message of the last failure is the test's. The longer it takes, the less often it looks,
 * for a real cloud that is asked all the time is slower in everything else: at most half a second too late.
 */
export async function eventually<T>(check: () => Promise<T> | T, timeout = 60_000): Promise<T> {
  const start = Date.now();
  for (;;) {
    try {
      return await check();
    } catch (error) {
      const waited = Date.now() - start;
      if (waited > timeout) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(10, waited / 10), 500)));
    }
  }
}
