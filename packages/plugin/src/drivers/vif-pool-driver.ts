import type { NODES, ObjectOf } from '@kuryr-l7/kube';
import type { PodVifDriver } from './pod-vif-driver.js';

/** A Pod that is there and may have VIFs. */
export interface PodWithVifs {
  readonly uid: string;
  /** Ids of those that it has been given; none yet for a new one. */
  readonly vifIds: readonly string[];
}

/**
 * Stands between the handler of Pods and the `pod_vif_driver`, which it asks for by its token, and may keep VIFs ready for
 * Pods to come. Named by `[kubernetes] vif_pool_driver`. What a Pod gets by `requestVif` is its own until `releaseVif`.
 */
export interface VifPoolDriver
  extends Pick<
    PodVifDriver,
    'name' | 'close' | 'requestVif' | 'releaseVif' | 'activateVif' | 'updateVifSecurityGroups'
  > {
  /**
   * Called until it succeeds, before anything else: takes in what is there, and lets go of what Pods have left behind that
   * vanished while nobody watched.
   * @param pods those that are there; asked for when it is known what is in Neutron, so that nobody's VIF is taken for left
   */
  syncPools(pods: () => readonly PodWithVifs[], signal: AbortSignal): Promise<void>;
  /**
   * Lets go of VIFs that it keeps ready on nodes that are gone, now and when Pods leave them; not there where it keeps none.
   * Called after `syncPools` and whenever a node is gone, and again later where it throws.
   * @param nodes those that are there
   */
  retainNodes?(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<void>;
  /** Lets go of VIFs that it keeps ready in a network. */
  leaveNetwork?(networkId: string, signal: AbortSignal): Promise<void>;
}
