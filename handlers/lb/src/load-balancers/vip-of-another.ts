import { keyOf, type SERVICES } from '@kuryr-l7/kube';
import type { ObjectOf } from '@kuryr-l7/plugin';
import { endpointOf, SERVICE_FINALIZER, type Service, type Vip } from '@kuryr-l7/service-load-balancer';

type ServiceObject = ObjectOf<typeof SERVICES>;

/**
 * Whether the VIP that a Service names is the address of another one. Neutron can't tell: that address is free while the
 * load balancer of the other one is made anew. A Service that has it already keeps it, as there may be two in two networks.
 */
export function isVipOfAnother(service: ServiceObject, { address }: Vip, all: Iterable<ServiceObject>): boolean {
  if (address === undefined || address !== (service as Service).spec?.loadBalancerIP) return false;
  if (hasAddress(service, address)) return false;
  for (const other of all) {
    const isServed = other.metadata.finalizers?.includes(SERVICE_FINALIZER) === true;
    if (isServed && keyOf(other) !== keyOf(service) && hasAddress(other, address)) return true;
  }
  return false;
}

function hasAddress(service: ServiceObject, address: string): boolean {
  const ingress = (service as Service).status?.loadBalancer?.ingress ?? [];
  return ingress.some(({ ip }) => ip !== undefined && canonical(ip) === canonical(address));
}

const canonical = (address: string) => endpointOf({ address, port: 0 });
