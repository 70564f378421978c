import type { ApiVersion } from './api-version.js';

/**
 * What the API of this cloud knows, by the version that brought it (`octavia/api/root_controller.py`). A provider may do
 * less, see `refuseProviderWithoutL7`.
 */
export interface OctaviaCapabilities {
  /** E.g. `2.26`. */
  readonly version: string;
  /** Timeouts of listeners, backup members. */
  readonly listenerTimeouts: boolean;
  readonly tags: boolean;
  /** Client certificates at listeners, TLS towards members. */
  readonly tlsClientAuthentication: boolean;
  readonly redirectHttpCode: boolean;
  /** `http_version` and `domain_name` of health monitors. */
  readonly monitorHttpVersion: boolean;
  /** `additive_only` of a batch of members. */
  readonly additiveMembers: boolean;
  readonly allowedCidrs: boolean;
  readonly tlsCiphers: boolean;
  readonly listenerTlsVersions: boolean;
  readonly poolTlsVersions: boolean;
  readonly l7Quotas: boolean;
  readonly listenerAlpn: boolean;
  readonly poolAlpn: boolean;
  readonly proxyV2: boolean;
  /** Listeners with the metrics of the load balancer. */
  readonly prometheus: boolean;
  readonly additionalVips: boolean;
  readonly hsts: boolean;
  /** `vip_sg_ids` of load balancers. */
  readonly vipSecurityGroups: boolean;
}

export function capabilitiesOf({ major, minor }: ApiVersion): OctaviaCapabilities {
  return {
    version: `${major}.${minor}`,
    listenerTimeouts: minor >= 1,
    tags: minor >= 5,
    tlsClientAuthentication: minor >= 8,
    redirectHttpCode: minor >= 9,
    monitorHttpVersion: minor >= 10,
    additiveMembers: minor >= 11,
    allowedCidrs: minor >= 12,
    tlsCiphers: minor >= 15,
    listenerTlsVersions: minor >= 17,
    poolTlsVersions: minor >= 18,
    l7Quotas: minor >= 19,
    listenerAlpn: minor >= 20,
    proxyV2: minor >= 22,
    poolAlpn: minor >= 24,
    prometheus: minor >= 25,
    additionalVips: minor >= 26,
    hsts: minor >= 27,
    vipSecurityGroups: minor >= 29,
  };
}
