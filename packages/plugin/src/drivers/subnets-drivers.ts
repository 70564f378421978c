import type { ObjectOf, PODS, SERVICES } from '@kuryr-l7/kube';
import type { Subnet } from '@kuryr-l7/openstack';
import type { Driver } from './driver.js';

/** Says in which subnets a Pod has its addresses. Named by `[kubernetes] pod_subnets_driver`. */
export interface PodSubnetsDriver extends Driver {
  /**
   * @param projectId as the `pod_project_driver` says
   * @returns at least one subnet, all of one network: the port of the Pod gets an address in each
   * @throws ConfigurationError, NotReadyError (the subnets of its namespace are still being made)
   */
  getSubnets(pod: ObjectOf<typeof PODS>, projectId: string, signal: AbortSignal): Promise<readonly Subnet[]>;
  /**
   * All that `getSubnets` may return by the settings of now, for the Pods that there are: what is kept ready elsewhere is let
   * go of. Not there where the driver does not know beforehand.
   * @throws as `getSubnets`
   */
  allSubnets?(signal: AbortSignal): Promise<readonly (readonly Subnet[])[]>;
  /**
   * Deletes what it has made for namespaces that are gone; not there where it makes nothing for them. Called at the start
   * and whenever a namespace is gone, and again later where it throws.
   * @param namespaces those that are there, or have Pods; asked before each deletion
   * @param leave lets go of VIFs that are kept ready in a network
   * @throws NotReadyError where something is still in use
   */
  retainNamespaces?(
    namespaces: () => ReadonlySet<string>,
    leave: (networkId: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Says in which subnets Services have their clusterIPs. Named by `[kubernetes] service_subnets_driver`. */
export interface ServiceSubnetsDriver extends Driver {
  /**
   * @param projectId as the `service_project_driver` says
   * @returns at least one subnet; the VIP of the Service is in the one that holds its clusterIP
   * @throws ConfigurationError, NotReadyError
   */
  getSubnets(service: ObjectOf<typeof SERVICES>, projectId: string, signal: AbortSignal): Promise<readonly Subnet[]>;
}
