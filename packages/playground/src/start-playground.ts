import { deploymentsAvailable } from './cluster/deployments-available.js';
import { type EmbeddedCluster, startEmbeddedCluster } from './embedded-cluster.js';
import { KubeconfigFile } from './kubeconfig-file.js';
import { ManifestApplier } from './manifests/manifest-applier.js';
import { ManifestFolder } from './manifests/manifest-folder.js';
import { requireManifestsFolder } from './manifests/require-manifests-folder.js';
import type { Playground, PlaygroundOptions } from './playground.js';
import { PlaygroundError, reasonOf } from './playground-error.js';
import { SAMPLES_FOLDER } from './samples/samples-folder.js';
import { systemErrorCode } from './system-error.js';

const CANNOT_LISTEN: ReadonlySet<unknown> = new Set(['EADDRINUSE', 'EACCES']);

/** Pods start within milliseconds; what is not available by then waits for somebody (a readiness gate), and the start does not. */
const START_MILLISECONDS = 10_000;

/**
 * Starts an embedded Kubernetes API with its controllers and a node whose Pods are HTTP servers, and applies the samples and the user's own
 * manifests. It is for trying and testing; it is no cluster. Rejects with a PlaygroundError, and then leaves nothing behind.
 */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const { onProgress = () => {}, onProblem = () => {}, signal } = options;
  if (options.kubeconfigFile !== undefined) KubeconfigFile.check(options.kubeconfigFile);
  if (options.manifests !== undefined) await requireManifestsFolder(options.manifests);
  const ends: (() => unknown)[] = [];
  const close = async () => {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  };
  try {
    const cluster = await startOnPort(options.apiPort ?? 0, onProblem);
    ends.push(() => cluster.close());
    signal?.throwIfAborted();
    const { api } = cluster;
    onProgress(`Kubernetes API: ${api.url}`);
    const kubeconfig = api.kubeconfig();
    const file = KubeconfigFile.write(options.kubeconfigFile, kubeconfig);
    ends.push(() => file.remove());
    const applier = (tell: (message: string) => void) =>
      new ManifestApplier({ client: api.client, definitions: () => api.definitions(), onProgress: tell, onProblem });
    if (options.samples !== false) {
      await new ManifestFolder(
        SAMPLES_FOLDER,
        applier(() => {}),
        { onProgress: () => {}, onProblem },
      ).applyOnce();
      onProgress('samples: deploy1 and deploy2 behind one Ingress; the cheeses cheddar, stilton and wensleydale');
    }
    if (options.manifests !== undefined) {
      const own = new ManifestFolder(options.manifests, applier(onProgress), { onProgress, onProblem });
      ends.push(() => own.close());
      await own.applyOnce();
      own.follow();
    }
    signal?.throwIfAborted();
    await deploymentsAvailable(api.client, START_MILLISECONDS, signal);
    signal?.throwIfAborted();
    return {
      apiUrl: api.url,
      kubeconfigFile: file.path,
      kubeconfig,
      ca: api.ca,
      token: api.token,
      client: api.client,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOnPort(apiPort: number, onProblem: (message: string) => void): Promise<EmbeddedCluster> {
  try {
    return await startEmbeddedCluster({ apiPort, onProblem });
  } catch (error) {
    if (!CANNOT_LISTEN.has(systemErrorCode(error))) throw error;
    const message = `the Kubernetes API can't listen on 127.0.0.1:${apiPort} (${reasonOf(error)}): choose another port with --api-port`;
    throw new PlaygroundError('ERR_API_PORT', message, { cause: error });
  }
}
