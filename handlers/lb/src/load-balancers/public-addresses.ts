import type { SERVICES } from '@kuryr-l7/kube';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import type { LoadBalancerReport, ObjectKey, ObjectOf, ServicePublicIpDriver } from '@kuryr-l7/plugin';
import { type Problem, type PublicAddress, type Service, staysInProject } from '@kuryr-l7/service-load-balancer';
import { addressIn } from './load-balancer-status.js';

const FLOATING_NETWORK = 'metadata.annotations[loadbalancer.openstack.org/floating-network-id]';

const INTERNAL = 'give the Service the annotation service.beta.kubernetes.io/openstack-internal-load-balancer: "true"';

interface KnownAddress {
  readonly request: string;
  readonly info: LBaaSPubIp | undefined;
  /** The external network that was asked for when it was taken. */
  readonly networkId: string | undefined;
  /** It may have changed: it is looked at again. */
  readonly isStale: boolean;
}

/** What a Service asks of its address outside. */
export interface PublicAddressRequest {
  readonly service: ObjectOf<typeof SERVICES>;
  readonly projectId: string;
  /** Absent: the VIP is the address. */
  readonly publicAddress: PublicAddress | undefined;
  /** One that it has stays where {@link publicAddress} is absent. */
  readonly keepsPublicAddress: boolean;
  readonly report: LoadBalancerReport;
}

/** Addresses by which the VIPs of Services are reached from outside; asked for again only when something may differ. */
export class PublicAddresses {
  readonly #known = new Map<ObjectKey, KnownAddress>();

  constructor(private readonly driver: ServicePublicIpDriver) {}

  /** Has the address lead to the VIP; what the Service had and is not wanted any more is let go. */
  async ensure(key: ObjectKey, asked: PublicAddressRequest, signal: AbortSignal): Promise<LBaaSPubIp | undefined> {
    const { publicAddress, keepsPublicAddress, report } = asked;
    const request = JSON.stringify({ publicAddress, keepsPublicAddress, vipPortId: report.vipPortId });
    const known = this.#known.get(key);
    if (known?.request === request && !known.isStale && report.writes === 0) return known.info;
    // Where it fails, nobody knows how far it went, also not when the Service asks for what it had before.
    this.#known.delete(key);
    const info = await this.#addressOf(key, asked, signal);
    const isSame = known?.info !== undefined && known.info.ip_id === info?.ip_id;
    const networkId = isSame ? known.networkId : publicAddress?.networkId;
    this.#known.set(key, { request, info, networkId, isStale: false });
    return info;
  }

  /** Has the address of a Service looked at again when that is ensured the next time, though nothing has changed. */
  lookAgain(key: ObjectKey): void {
    const known = this.#known.get(key);
    if (known !== undefined) this.#known.set(key, { ...known, isStale: true });
  }

  /** A Service keeps its floating IP, also where it asks for another network by now. */
  problems(key: ObjectKey, publicAddress: PublicAddress | undefined): readonly Problem[] {
    const { networkId, info } = this.#known.get(key) ?? {};
    if (publicAddress === undefined && info !== undefined) {
      const message = `[neutron_defaults] external_svc_net is not set, and the floating IP ${info.ip_addr} stays: to give it up, ${INTERNAL}`;
      return [{ reason: 'FloatingIpKept', field: 'spec.type', message }];
    }
    if (publicAddress === undefined || publicAddress.address !== undefined) return [];
    if (networkId === undefined || networkId === publicAddress.networkId) return [];
    const message = `the floating IP ${info?.ip_addr} is of network ${networkId} and stays: to have one of ${publicAddress.networkId}, ${INTERNAL}, and take it off again when its status has the address of the VIP`;
    return [{ reason: 'FloatingIpKept', field: FLOATING_NETWORK, message }];
  }

  /**
   * Whether the address in the status is not the Service's any more: clients would be sent to whoever has it now. One that
   * somebody has led elsewhere by hand is the Service's still: whoever did so has sent its clients there. To be asked where
   * the Service could not have the one that it asks for.
   */
  async hasLost(key: ObjectKey, { service, report }: PublicAddressRequest, signal: AbortSignal): Promise<boolean> {
    const address = addressIn(service as Service);
    if (address === undefined || address === report.vipAddress) return false;
    return !(await this.driver.servicePubIps(key, signal)).some(({ ip_addr }) => ip_addr === address);
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

  async #addressOf(key: ObjectKey, asked: PublicAddressRequest, signal: AbortSignal): Promise<LBaaSPubIp | undefined> {
    const { service, publicAddress, keepsPublicAddress, report } = asked;
    if (publicAddress !== undefined) return this.#acquire(asked, publicAddress, signal);
    if (!keepsPublicAddress) {
      await this.letGo(key, service, signal);
      return undefined;
    }
    const [info] = await this.driver.servicePubIps(key, signal);
    if (info !== undefined) await this.driver.associatePubIp(info, report.vipPortId, signal);
    return info;
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
