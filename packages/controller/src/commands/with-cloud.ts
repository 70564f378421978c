import {
  CLUSTER_ID,
  CORE_OPTIONS,
  type Configuration,
  L7_ROUTER_UUID,
  loadConfiguration,
  type Option,
} from '@kuryr-l7/config';
import type { ControllerConfigurationRequest } from '../configuration/controller-configuration.js';
import { termination } from './termination.js';

/** What a command that works on the cloud of kuryr.conf is given. */
export interface CloudWork {
  /** With the options of the core, of the cloud, and those asked for. */
  readonly configuration: Configuration;
  readonly cloud: Awaited<ReturnType<typeof import('@kuryr-l7/openstack').openCloud>>;
  readonly clusterId: string;
  readonly routerId: string | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Imported late: only those who have a cloud need the clients of one.
 *
 * @param options more that the work reads
 */
export async function withCloud<T>(
  request: ControllerConfigurationRequest,
  work: (cloud: CloudWork) => Promise<T>,
  options: readonly Option[] = [],
): Promise<T> {
  const { openCloud, OPENSTACK_OPTIONS } = await import('@kuryr-l7/openstack');
  const { configuration } = loadConfiguration({
    ...request,
    options: [...CORE_OPTIONS, ...OPENSTACK_OPTIONS, ...options],
  });
  const stopping = new AbortController();
  const over = new AbortController();
  void termination(undefined, over.signal).then(() => stopping.abort());
  const cloud = await openCloud(configuration, { signal: stopping.signal });
  try {
    return await work({
      configuration,
      cloud,
      clusterId: configuration.get(CLUSTER_ID),
      routerId: configuration.get(L7_ROUTER_UUID),
      signal: stopping.signal,
    });
  } finally {
    over.abort();
    cloud.close();
  }
}
