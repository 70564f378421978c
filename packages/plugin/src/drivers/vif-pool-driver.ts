import type { NODES, ObjectOf } from '@kuryr-l7/kube';
import type { Subnet } from '@kuryr-l7/openstack';
import type { PodVifDriver } from './pod-vif-driver.js';

/** Where Pods can have their VIFs, by the settings of now; undefined is what the drivers do not know beforehand. */
export interface PodPlaces {
  /** Ids. */
  readonly projects: readonly string[] | undefined;
  /** A VIF has an address in each of one of these. */
  readonly subnets: readonly (readonly Subnet[])[] | undefined;
}

/**
 * Stands between the handler of Pods and the `pod_vif_driver`, which it asks for by its token, and may keep VIFs ready for
 * Pods to come. Named by `[kubernetes] vif_pool_driver`. What a Pod gets by `requestVif` is its own until `releaseVif`, also
 * where the process is another one by then: Neutron knows whose it is.
 */
export interface VifPoolDriver extends Pick<PodVifDriver, 'name' | 'close' | 'requestVif' | 'vifOf' | 'activateVif'> {
  /** Takes back what a Pod has. A Pod that has nothing, or has given it back already, is no error, and takes nobody else's. */
  releaseVif(podUid: string, signal: AbortSignal): Promise<void>;
  /**
   * Called until it succeeds, before anything else: takes in what is there. Pods wait for it, so that it deletes nothing.
   * @param podUids those that are there and may have VIFs; asked for when it is known what is in Neutron, so that nobody's
   * VIF is taken for left
   */
  syncPools(podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void>;
  /**
   * Lets go of what Pods have left behind that vanished while nobody watched, as `syncPools` has found it. Called after it,
   * and again later where it throws: what can't be deleted keeps neither the rest nor any Pod waiting.
   * @param podUids those that are there, and those that are seen only now; asked before each deletion
   */
  releaseLeftovers(podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void>;
  /**
   * Lets go of VIFs that it keeps ready on nodes that are gone, now and when Pods leave them; not there where it keeps none.
   * Called after `syncPools` and whenever a node is gone, and again later where it throws.
   * @param nodes those that are there
   */
  retainNodes?(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<void>;
  /**
   * Lets go of VIFs that it keeps ready in other projects and subnets than those in which Pods have theirs, as after a change
   * of settings, now and when Pods leave them; not there where it keeps none. Called as `retainNodes`.
   * @param places asked when it is known where it keeps some
   */
  retainPlaces?(places: () => Promise<PodPlaces>, signal: AbortSignal): Promise<void>;
  /** Lets go of VIFs that it keeps ready in a network. */
  leaveNetwork?(networkId: string, signal: AbortSignal): Promise<void>;
}
