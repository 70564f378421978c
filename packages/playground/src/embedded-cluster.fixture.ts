import type { ApiClient, ApiObject, WatchOptions } from './api-server/index.js';
import type { Resource } from './cluster/kinds/resource.js';
import { type EmbeddedCluster, type EmbeddedClusterOptions, startEmbeddedCluster } from './embedded-cluster.js';

const PATIENCE_MILLISECONDS = 60_000;

export interface TestCluster extends EmbeddedCluster {
  readonly client: ApiClient;
  /** What controllers and node complained of. */
  readonly problems: readonly string[];
}

export async function startTestCluster(options: EmbeddedClusterOptions = {}): Promise<TestCluster> {
  const problems: string[] = [];
  const cluster = await startEmbeddedCluster({ ...options, onProblem: (problem) => problems.push(problem) });
  return { ...cluster, client: cluster.api.client, problems };
}

/** Resolves with the objects of a resource as soon as they are as expected; looks at each change, never at the clock. */
export async function until<T extends ApiObject>(
  client: ApiClient,
  resource: Resource<T>,
  expected: (objects: readonly T[]) => boolean,
  options: Pick<WatchOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> = { namespace: 'default' },
): Promise<readonly T[]> {
  const now = () => client.list(resource, options).items as readonly T[];
  let stop = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const look = () => {
        if (expected(now())) resolve(now());
      };
      timer = setTimeout(
        () => reject(new Error(`not as expected: ${JSON.stringify(now(), undefined, 1)}`)),
        PATIENCE_MILLISECONDS,
      );
      stop = client.watch(
        resource,
        { ...options, resourceVersion: client.list(resource, options).resourceVersion },
        look,
      );
      look();
    });
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** As `kubectl create deployment` makes it. */
export function deployment(name: string, replicas: number, container: Record<string, unknown> = {}): ApiObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx', ...container }] } },
    },
  };
}

export function service(name: string, spec: Record<string, unknown>): ApiObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}
