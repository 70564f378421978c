import { isIP } from 'node:net';
import { type AddressFamily, objectKey } from '@kuryr-l7/router';
import { descriptionOf } from '../made-for-service.js';
import type { LoadBalancer, Placement, Vip } from '../model.js';
import type { Problem } from '../problem.js';
import type { EndpointSlice, Node, Service } from '../service.js';
import type { LoadBalancerSettings } from '../settings.js';
import { type Annotations, readAnnotations } from './annotations.js';
import { isWithin } from './cidrs.js';
import { compileListeners } from './compile-listeners.js';
import { claimOf } from './service-claim.js';
import { allowedCidrs, sourceRangeProblems } from './source-ranges.js';
import { unknownAnnotations } from './unknown-annotations.js';

export interface ClusterObjects {
  /** Of the Service; others are passed over. */
  readonly slices: readonly EndpointSlice[];
  /** Looked at in nodeport mode only. */
  readonly nodes: readonly Node[];
}

/** An address outside of the cloud that the VIP is to be reached by. */
export interface PublicAddress {
  /** The external network to take a floating IP from. */
  readonly networkId: string;
  readonly subnetId?: string;
  /** An address that must be had, that of a floating IP of the project. */
  readonly address?: string;
  /** It stays in the project when the Service lets go of it. */
  readonly keep: boolean;
}

/** What a Service asks for. */
export type Compilation =
  | {
      readonly outcome: 'wanted';
      readonly loadBalancer: LoadBalancer;
      /** Absent: the VIP is the address. So it is where the VIP turns out to be of IPv6: Neutron has floating IPs of IPv4 only. */
      readonly publicAddress?: PublicAddress;
      /** The Service does not say that it wants none: where no network is known to take one from, one that it has stays. */
      readonly keepsPublicAddress: boolean;
      /** In the status instead of the address. */
      readonly hostname?: string;
      /** Traffic from within the cluster has to go through the load balancer, too: `ipMode: Proxy`. */
      readonly usesProxyProtocol: boolean;
      readonly problems: readonly Problem[];
    }
  | {
      /** It can't have what it asks for; what it has stays as it is, but for its members. */
      readonly outcome: 'refused';
      /** Good for the addresses of its members only. */
      readonly loadBalancer: LoadBalancer;
      readonly problems: readonly Problem[];
    }
  | {
      /** It gets no load balancer, and loses one that it has. */
      readonly outcome: 'none';
      readonly problems: readonly Problem[];
    };

/** A Service, its EndpointSlices and the nodes -> the load balancer that it should have. */
export function compileLoadBalancer(
  service: Service,
  { slices, nodes }: ClusterObjects,
  settings: LoadBalancerSettings,
): Compilation {
  const served = claimOf(service, settings);
  if (served.claim === 'none')
    return { outcome: 'none', problems: served.problem === undefined ? [] : [served.problem] };
  const {
    annotations,
    problems: misread,
    refusals: unheeded,
  } = readAnnotations(service, settings.permittedAnnotations);
  const refusals = served.claim === 'kept' ? [served.problem] : [...unheeded, ...refusalsOf(service, settings)];
  const key = objectKey(service);
  const family = familyOf(service);
  const vipFamily = vipFamilyOf(service, settings, annotations);
  const allowed = allowedCidrs(service, vipFamily ?? family);
  const { listeners, problems } = compileListeners({
    key,
    service,
    slices,
    nodes,
    settings,
    annotations,
    allowedCidrs: allowed.cidrs,
    family,
    isInDoubt: refusals.length > 0,
  });
  const all = [...misread, ...unknownAnnotations(service), ...allowed.problems, ...problems, ...secondFamily(service)];
  const publicAddress = publicAddressOf(service, settings, annotations);
  const loadBalancer: LoadBalancer = {
    service: key,
    name: key.slice(0, 255),
    description: descriptionOf('load balancer', key, settings.clusterId),
    vip: vipOf(service, settings, annotations, vipFamily === 'IPv6' ? undefined : publicAddress),
    placement: placementOf(settings, annotations),
    listeners,
  };
  if (refusals.length > 0 || listeners.length === 0) {
    return { outcome: 'refused', loadBalancer, problems: refusals.length > 0 ? refusals : all };
  }
  return {
    outcome: 'wanted',
    loadBalancer,
    ...(publicAddress !== undefined && { publicAddress }),
    keepsPublicAddress: isPublic(service, annotations),
    ...(annotations.hostname !== undefined && { hostname: annotations.hostname }),
    usesProxyProtocol: listeners.some(({ pool }) => pool.protocol === 'PROXY' || pool.protocol === 'PROXYV2'),
    problems: all,
  };
}

/** What must not be served as if it had not been asked for. */
function refusalsOf(service: Service, settings: LoadBalancerSettings): readonly Problem[] {
  const { spec = {} } = service;
  const problems: Problem[] = [...sourceRangeProblems(service), ...clusterIpProblems(service, settings)];
  const wanted = spec.loadBalancerIP ?? '';
  if (wanted !== '' && isIP(wanted) === 0) {
    problems.push({
      reason: 'InvalidLoadBalancerIP',
      field: 'spec.loadBalancerIP',
      message: `${JSON.stringify(wanted)} is not an IP address`,
    });
  }
  return problems;
}

function clusterIpProblems({ spec }: Service, settings: LoadBalancerSettings): readonly Problem[] {
  if (!usesClusterIp(settings)) return [];
  const { clusterIP = '' } = spec ?? {};
  const { vipCidr } = settings;
  const of = { field: 'spec.clusterIP' } as const;
  if (isIP(clusterIP) === 0) {
    const message = 'the Service has no clusterIP yet, and that is the VIP of its load balancer';
    return [{ ...of, reason: 'NoClusterIP', message }];
  }
  if (vipCidr === undefined || isWithin(clusterIP, vipCidr)) return [];
  return [
    {
      ...of,
      reason: 'NoServiceSubnet',
      message: `${clusterIP} is not in the subnet of Services, ${vipCidr}, so that no load balancer can have it as its VIP: [neutron_defaults] service_subnet has to hold the service-cluster-ip-range of the cluster; or leave ClusterIP out of [kubernetes] lb_service_types`,
    },
  ];
}

/** With Kuryr as the network, Services are reached within the cluster by load balancers at their clusterIPs. */
function usesClusterIp({ serviceTypes }: LoadBalancerSettings): boolean {
  return serviceTypes.includes('ClusterIP');
}

function familyOf({ spec }: Service): AddressFamily {
  if (isIP(spec?.clusterIP ?? '') === 6) return 'IPv6';
  return spec?.ipFamilies?.[0] === 'IPv6' && isIP(spec.clusterIP ?? '') === 0 ? 'IPv6' : 'IPv4';
}

/** Undefined where an annotation names the place of the VIP, until an address tells it: before that only OpenStack knows. */
function vipFamilyOf(
  service: Service,
  settings: LoadBalancerSettings,
  { portId, networkId, subnetId }: Annotations,
): AddressFamily | undefined {
  if (settings.vipFamily !== undefined) return settings.vipFamily;
  const isNamed = portId !== undefined || networkId !== undefined || subnetId !== undefined;
  if (usesClusterIp(settings) || !isNamed) return familyOf(service);
  const { spec, status } = service;
  const family = isIP(status?.loadBalancer?.ingress?.[0]?.ip ?? spec?.loadBalancerIP ?? '');
  if (family === 0) return undefined;
  return family === 6 ? 'IPv6' : 'IPv4';
}

function secondFamily({ spec }: Service): readonly Problem[] {
  if (spec?.ipFamilyPolicy !== 'RequireDualStack') return [];
  return [
    {
      reason: 'SecondAddressFamilyNotServed',
      field: 'spec.ipFamilyPolicy',
      message: `the load balancer has one VIP, of the first of spec.ipFamilies (${spec.ipFamilies?.[0] ?? 'IPv4'})`,
    },
  ];
}

function vipOf(
  { spec = {}, status }: Service,
  settings: LoadBalancerSettings,
  annotations: Annotations,
  publicAddress: PublicAddress | undefined,
): Vip {
  if (usesClusterIp(settings)) {
    return {
      ...(spec.clusterIP !== undefined && { address: spec.clusterIP }),
      ...(settings.vipSubnetId !== undefined && { subnetId: settings.vipSubnetId }),
    };
  }
  const { portId, networkId, subnetId } = annotations;
  const vipSubnetId = subnetId ?? (networkId === undefined ? settings.vipSubnetId : undefined);
  const place = {
    ...(portId !== undefined && { portId }),
    ...(networkId !== undefined && { networkId }),
    ...(vipSubnetId !== undefined && { subnetId: vipSubnetId }),
  };
  if (publicAddress !== undefined) return place;
  const before = status?.loadBalancer?.ingress?.[0]?.ip;
  const { loadBalancerIP: asked = '' } = spec;
  // What it has already may be a floating IP, of a network that is not configured any more, and no load balancer's VIP.
  const isHad = asked === before && isPublic({ spec }, annotations);
  if (asked !== '' && !isHad) return { address: asked, ...place };
  return before === undefined || isIP(before) === 0 ? place : { preferredAddress: before, ...place };
}

function placementOf({ placement }: LoadBalancerSettings, { flavorId, availabilityZone }: Annotations): Placement {
  return {
    ...placement,
    ...(flavorId !== undefined && { flavorId }),
    ...(availabilityZone !== undefined && { availabilityZone }),
  };
}

function isPublic({ spec }: Pick<Service, 'spec'>, { internal }: Annotations): boolean {
  return spec?.type === 'LoadBalancer' && internal !== true;
}

function publicAddressOf(
  { spec = {} }: Service,
  settings: LoadBalancerSettings,
  annotations: Annotations,
): PublicAddress | undefined {
  const networkId = annotations.floatingNetworkId ?? settings.floatingNetworkId;
  if (!isPublic({ spec }, annotations) || networkId === undefined) return undefined;
  const { floatingSubnetId, keepFloatingIp = false } = annotations;
  const address = spec.loadBalancerIP ?? '';
  return {
    networkId,
    ...(floatingSubnetId !== undefined && { subnetId: floatingSubnetId }),
    ...(address !== '' && { address }),
    keep: keepFloatingIp || address !== '',
  };
}
