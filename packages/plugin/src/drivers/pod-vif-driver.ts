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
  /** The Pod that it was given to last, by Neutron's own record; undefined for one that no Pod has had yet. */
  readonly podUid: string | undefined;
  /** Where it can be used, as `nodeOf` says it of a Pod. */
  readonly node: string;
  readonly projectId: string;
  readonly networkId: string;
  /** Ids of the subnets in which it has addresses. Neutron adds IPv6 subnets that need no DHCP to those that it was asked for. */
  readonly subnetIds: readonly string[];
  /** Ids. */
  readonly securityGroups: readonly string[];
}

/**
 * Gives Pods their network interfaces. Named by `[kubernetes] pod_vif_driver`. What it makes carries the tag of the
 * cluster; what does not carry it is never touched.
 *
 * Which VIF is whose stands in Neutron alone, by the uid of the Pod. Annotations are no source of it: whoever may make a
 * Pod may write into them what he likes.
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
   * @returns at least one, at most `count`; what was begun and not finished is among `heldVifs`, here or where it throws
   * @throws as `requestVif`; QuotaError and AddressesExhaustedError where there is no room for all of them
   */
  requestVifs(
    pod: ObjectOf<typeof PODS>,
    place: VifPlace,
    count: number,
    signal: AbortSignal,
  ): Promise<readonly HeldVif[]>;
  /**
   * Gives a VIF to a Pod, whoever has had it before, and writes so into Neutron; with the security groups of the place, or
   * those that Neutron gives where it names none, whatever it had before.
   * @throws VifGoneError where there is none any more
   */
  assignVif(vif: Pick<Vif, 'id'>, pod: ObjectOf<typeof PODS>, place: VifPlace, signal: AbortSignal): Promise<Vif>;
  /**
   * The VIF that a Pod has, as far as Neutron has told; undefined where it has none. Takes no request to Neutron for each
   * Pod, once `heldVifs` has been called.
   */
  vifOf(podUid: string, signal: AbortSignal): Promise<Vif | undefined>;
  /** Deletes a VIF, by the id of its port. One that is gone already is no error, nor is one that is not this cluster's: it stays. */
  releaseVif(vif: Pick<Vif, 'id'>, signal: AbortSignal): Promise<void>;
  /** Deletes what a Pod has, half-made VIFs too; none is no error. */
  releaseVifOf(podUid: string, signal: AbortSignal): Promise<void>;
  /**
   * @returns the VIF as `active`, once the network is ready for it
   * @throws NotReadyError until then; VifGoneError where somebody has deleted it
   */
  activateVif(vif: Vif, signal: AbortSignal): Promise<Vif>;
  /**
   * Every VIF of this cluster's Pods: how those of Pods are found that vanished while nobody watched. Of several of the
   * same Pod, left by a request of which nobody knew what became of it, the one in use comes first.
   */
  heldVifs(signal: AbortSignal): Promise<readonly HeldVif[]>;
}
