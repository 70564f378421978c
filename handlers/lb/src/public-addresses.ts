import type { SERVICES } from '@kuryr-l7/kube';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import type { LoadBalancerReport, ObjectKey, ObjectOf, ServicePublicIpDriver } from '@kuryr-l7/plugin';
import { type PublicAddress, type Service, staysInProject } from '@kuryr-l7/service-load-balancer';

interface KnownAddress {
  readonly request: string;
  readonly info: LBaaSPubIp | undefined;
  readonly at: number;
}

/** What a Service asks of its address outside. */
export interface PublicAddressRequest {
  readonly service: ObjectOf<typeof SERVICES>;
  readonly projectId: string;
  /** Absent: the VIP is the address. */
  readonly publicAddress: PublicAddress | undefined;
  readonly report: LoadBalancerReport;
}

/** Addresses by which the VIPs of Services are reached from outside; asked for again only when something may differ. */
export class PublicAddresses {
  readonly #known = new Map<ObjectKey, KnownAddress>();

  /** @param resyncPeriod milliseconds after which an address is looked at again though nothing has changed */
  constructor(
    private readonly driver: ServicePublicIpDriver,
    private readonly resyncPeriod: number,
  ) {}

  /** Has the address lead to the VIP; what the Service had and is not wanted any more is let go. */
  async ensure(key: ObjectKey, asked: PublicAddressRequest, signal: AbortSignal): Promise<LBaaSPubIp | undefined> {
    const { publicAddress, report } = asked;
    const request = JSON.stringify({ publicAddress, vipPortId: report.vipPortId });
    const known = this.#known.get(key);
    const now = performance.now();
    const isFresh = known?.request === request && now - known.at < this.resyncPeriod;
    if (isFresh && report.writes === 0) return known.info;
    // Where it fails, nobody knows how far it went, also not when the Service asks for what it had before.
    this.#known.delete(key);
    if (publicAddress === undefined) await this.letGo(key, asked.service, signal);
    const info = publicAddress === undefined ? undefined : await this.#acquire(asked, publicAddress, signal);
    this.#known.set(key, { request, info, at: now });
    return info;
  }

  /**
   * Takes all addresses off the Service. Those that were taken for it are given back, unless it asks to keep them.
   * @param service undefined for one that is gone
   */
  async letGo(key: ObjectKey, service: ObjectOf<typeof SERVICES> | undefined, signal: AbortSignal): Promise<void> {
    this.#known.delete(key);
    for (const info of await this.driver.servicePubIps(key, signal)) {
      const stays = service !== undefined && staysInProject(service as Service, info.ip_addr);
      await this.driver.disassociatePubIp(info, signal);
      await this.driver.releasePubIp(stays ? { ...info, alloc_method: 'user' } : info, signal);
    }
  }

  async #acquire(
    { service, projectId, report }: PublicAddressRequest,
    { networkId, subnetId, address, keep }: PublicAddress,
    signal: AbortSignal,
  ): Promise<LBaaSPubIp> {
    const portId = report.vipPortId;
    const asked = { service, projectId, portId, network: networkId, keep };
    const info = await this.driver.acquireServicePubIpInfo(
      { ...asked, ...(subnetId !== undefined && { subnet: subnetId }), ...(address !== undefined && { address }) },
      signal,
    );
    await this.driver.associatePubIp(info, portId, signal);
    return info;
  }
}
