import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiClient } from './api-client.js';
import { Authentication } from './authentication.js';
import type { AdmissionHook, Backend, Clock } from './backend.js';
import { makeServerCertificate } from './certificates.js';
import { serveCustomResources } from './custom-resources.js';
import { Faults } from './faults.js';
import { kubeconfigText } from './kubeconfig.js';
import { LocalClient } from './local-client.js';
import type { PodLog } from './pod-log.js';
import { requestListener } from './request-listener.js';
import type { ResourceDefinition } from './resource-definition.js';
import { ResourceRegistry } from './resource-registry.js';
import { BUILT_IN_RESOURCES } from './resources.js';
import { Storage } from './storage.js';
import type { SchemaProvider } from './types.js';

export interface ApiServerOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  readonly schema: SchemaProvider;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Each gets a token and may do everything. Default `admin`. */
  readonly users?: readonly string[];
  /** So many writes of each kind can be replayed before they are compacted. Default 5000. */
  readonly historyLimit?: number;
  /** Default one minute, as in kube-apiserver. */
  readonly bookmarkIntervalMs?: number;
  readonly admissionHooks?: readonly AdmissionHook[];
  /** Where `kubectl logs` gets its lines. Default: nowhere, answered with 400. */
  readonly podLog?: PodLog;
}

export interface ApiServer {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Of the first user. */
  readonly token: string;
  readonly client: ApiClient;
  readonly faults: Faults;
  /** The text of a kubeconfig; default for the first user. It holds a token: write it with mode 0600. Throws RangeError for an unknown user. */
  kubeconfig(user?: string): string;
  /** Gives the user a new token; requests with the one before are answered with 401. */
  renewToken(user?: string): string;
  /** What is served now, custom resources included. */
  definitions(): readonly ResourceDefinition[];
  /** Forgets the history: older watches and continue tokens get 410 Expired. */
  compact(): void;
  /** Breaks all connections and refuses new ones; the objects stay. */
  stop(): Promise<void>;
  /** Listens on the same port again. */
  restart(): Promise<void>;
  /** Ends every watch and connection; resolves when the port is free. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const INITIAL_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Starts an API server on the loopback interface, with TLS and bearer tokens. Rejects when the port is taken. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const clock = options.clock ?? { now: Date.now };
  const backend: Backend = {
    storage: new Storage(options.historyLimit ?? 5000),
    registry: new ResourceRegistry(BUILT_IN_RESOURCES),
    schema: options.schema,
    clock,
    admissionHooks: options.admissionHooks ?? [],
  };
  const client = new LocalClient(backend);
  const users = options.users ?? ['admin'];
  const [firstUser = 'admin'] = users;
  const authentication = new Authentication(users);
  const faults = new Faults();
  const endCustomResources = serveCustomResources(backend);
  createInitialNamespaces(client);

  const bookmarkIntervalMs = options.bookmarkIntervalMs ?? 60_000;
  const certificate = await makeServerCertificate(Date.now());
  const listener = requestListener(
    { backend, client, faults, bookmarkIntervalMs, podLog: options.podLog },
    authentication,
  );
  const server = createServer({ cert: certificate.certificate, key: certificate.key }, listener);
  const connections = connectionsOf(server);
  const port = await listen(server, options.port ?? 0);
  const url = `https://${LOOPBACK}:${port}`;

  return {
    url,
    port,
    ca: certificate.ca,
    get token() {
      return authentication.tokenOf(firstUser);
    },
    client,
    faults,
    kubeconfig: (user = firstUser) =>
      kubeconfigText({ url, ca: certificate.ca, user, token: authentication.tokenOf(user) }),
    renewToken: (user = firstUser) => authentication.renew(user),
    definitions: () => backend.registry.definitions,
    compact: () => backend.storage.compact(),
    stop: () => stopListening(server, connections),
    async restart() {
      await listen(server, port);
    },
    async close() {
      endCustomResources();
      await stopListening(server, connections);
    },
  };
}

function createInitialNamespaces(client: ApiClient): void {
  const namespaces = { group: '', version: 'v1', plural: 'namespaces' };
  for (const name of INITIAL_NAMESPACES) {
    client.create(namespaces, '', { metadata: { name } }, { fieldManager: 'kube-apiserver' });
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The TCP connections of the moment. `closeAllConnections()` leaves out those whose TLS handshake is under way, and these keep a server open. */
function connectionsOf(server: Server): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

function stopListening(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const connection of connections) connection.destroy();
  });
}
