import type { ApiClient } from '../api-server/index.js';
import { DEPLOYMENTS, type Deployment, replicasOf } from './kinds/workload.js';
import { ObjectCache } from './object-cache.js';

/** Resolves when every Deployment has all its Pods available, after this time, or when the signal is aborted. */
export async function deploymentsAvailable(
  client: ApiClient,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const deployments = new ObjectCache(client, DEPLOYMENTS);
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    const look = () => {
      if ([...deployments.values()].every(isAvailable)) resolve();
    };
    deployments.subscribe(look);
    look();
  });
  clearTimeout(timer);
  deployments.close();
}

function isAvailable(deployment: Deployment): boolean {
  const { observedGeneration = 0, availableReplicas = 0 } = deployment.status ?? {};
  return observedGeneration === deployment.metadata.generation && availableReplicas >= replicasOf(deployment);
}
