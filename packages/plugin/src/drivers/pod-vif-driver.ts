import type { NODES, ObjectOf, PODS } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import type { Subnet } from '@kuryr-l7/openstack';
import type { Driver } from './driver.js';

/** Where a VIF shall be, as the drivers of projects, subnets and security groups say. */
export interface VifPlace {
  /** Id of a project. */
  readonly projectId: string;
  /** All of one network; the VIF has an address in each. */
  readonly subnets: readonly Subnet[];
  /** Ids; none leaves it to Neutron. */
  readonly securityGroups: readonly string[];
}

/** A VIF of this cluster, as Neutron has it. */
export interface HeldVif {
  /** Id of its Neutron port. */
  readonly id: string;
  /** The Pod that it was made for; undefined for one that was made in advance. */
  readonly podUid: string | undefined;
  /** Where it can be used, as `nodeOf` says it of a Pod. */
  readonly node: string;
  readonly projectId: string;
  readonly networkId: string;
  /** Ids. */
  readonly securityGroups: readonly string[];
}

/**
 * Gives Pods their network interfaces. Named by `[kubernetes] pod_vif_driver`. What it makes carries the tag of the
 * cluster; what does not carry it is never touched.
 *
 * All calls may be made again after a failure of which nobody knows how far it went: a VIF that the Pod has already is
 * returned, one that is gone already is released.
 */
export interface PodVifDriver extends Driver {
  /**
   * Which VIFs that were made in advance a Pod can have: those of the same node.
   * @throws NotReadyError while the Pod does not tell enough of its node
   */
  nodeOf(pod: ObjectOf<typeof PODS>, signal: AbortSignal): Promise<string>;
  /** As `nodeOf` says it of their Pods; one that can have no VIFs is left out. */
  idsOfNodes(nodes: readonly ObjectOf<typeof NODES>[], signal: AbortSignal): Promise<ReadonlySet<string>>;
  /**
   * Makes the VIF of a Pod that is scheduled to a node. It need not be `active`: then `activateVif` is called until it is.
   * @throws NotReadyError; VifUnavailableError, QuotaError of the cloud and the like: told on the Pod, tried again with back-off
   */
  requestVif(pod: ObjectOf<typeof PODS>, place: VifPlace, signal: AbortSignal): Promise<Vif>;
  /**
   * Makes VIFs that are no Pod's yet, with as few requests as can be, for the node of the given Pod.
   * @returns at least one, at most `count`
   */
  requestVifs(pod: ObjectOf<typeof PODS>, place: VifPlace, count: number, signal: AbortSignal): Promise<readonly Vif[]>;
  /** A VIF as it is now; undefined where there is none any more. */
  getVif(id: string, place: VifPlace, signal: AbortSignal): Promise<Vif | undefined>;
  /** Deletes a VIF, by the id of its port. One that is gone already is no error, nor is one that is not this cluster's: it stays. */
  releaseVif(vif: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void>;
  /**
   * @returns the VIF as `active`, once the network is ready for it
   * @throws NotReadyError until then; VifGoneError where somebody has deleted it
   */
  activateVif(vif: Vif, signal: AbortSignal): Promise<Vif>;
  /** Gives the VIF exactly these security groups. */
  updateVifSecurityGroups(vif: Pick<Vif, 'id'>, securityGroups: readonly string[], signal: AbortSignal): Promise<void>;
  /** Every VIF of this cluster's Pods: how those of Pods are found that vanished while nobody watched. */
  heldVifs(signal: AbortSignal): Promise<readonly HeldVif[]>;
}
