import type { ObjectOf, SERVICES } from '@kuryr-l7/kube';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import type { ObjectKey } from '@kuryr-l7/router';
import type { Driver } from './driver.js';

/** What a Service of type LoadBalancer asks of its public address. */
export interface ServicePublicIpRequest {
  readonly service: ObjectOf<typeof SERVICES>;
  /** Id of the project that the address is taken for. */
  readonly projectId: string;
  /** Id of the port of the VIP that the address shall lead to; an address that leads there already is taken. */
  readonly portId: string;
  /** `spec.loadBalancerIP`: exactly this address, which is the user's from then on, whoever took it. */
  readonly address?: string;
  /** Id or name of the network it is taken from. @default as configured */
  readonly network?: string;
  /** Id of the subnet of that network. @default as configured */
  readonly subnet?: string;
  /** It stays in the project when the Service lets go of it, also where it was taken for the Service. */
  readonly keep?: boolean;
}

/**
 * Gives Services of type LoadBalancer the address they have outside. Named by `[kubernetes] service_public_ip_driver`.
 * All calls may be made again after a failure of which nobody knows how far it went.
 */
export interface ServicePublicIpDriver extends Driver {
  /**
   * Finds or takes an address; it need not lead anywhere yet. `alloc_method` is `user` for one that was given, or is to be
   * kept, which is not ours to delete, and `pool` for one that was taken for the Service and goes with it. Where another
   * address was given before, that one leads to the port no more, and is let go.
   * @throws ConfigurationError; PublicIpUnavailableError where a given address is not there, leads elsewhere, or is another
   * Service's, whether that one's load balancer is there at the moment or not
   */
  acquireServicePubIpInfo(request: ServicePublicIpRequest, signal: AbortSignal): Promise<LBaaSPubIp>;
  /**
   * Addresses that a Service has, which may be gone: those taken for it, also where that was broken off before anything
   * but their making was done, and those given to it, as `user`, until they are released.
   */
  servicePubIps(service: ObjectKey, signal: AbortSignal): Promise<readonly LBaaSPubIp[]>;
  /**
   * Has the address lead to the port; so it is given back from there, too, when the Service lets go of it.
   * @throws PublicIpUnavailableError where it leads to another by now
   */
  associatePubIp(info: LBaaSPubIp, portId: string, signal: AbortSignal): Promise<void>;
  /** Has the address lead nowhere, unless others have led it elsewhere; one that is gone is no error. */
  disassociatePubIp(info: LBaaSPubIp, signal: AbortSignal): Promise<void>;
  /**
   * Gives back an address of `alloc_method` `pool`. One of `user` stays, and the Service has it no more, also where it was
   * taken for the Service. One that is gone is no error.
   */
  releasePubIp(info: LBaaSPubIp, signal: AbortSignal): Promise<void>;
}
