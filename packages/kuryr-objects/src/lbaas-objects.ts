import { defaulted, listOf, nullable } from './fields/composed-fields.js';
import type { Field } from './fields/field.js';
import { type FieldsOf, type ObjectClass, objectClass } from './fields/object-class.js';
import { integer, ipAddress, string, uuid } from './fields/scalar-fields.js';

/** One port of a Service. */
export interface LBaaSPortSpec {
  readonly name: string | null;
  /** `TCP`, `UDP` or `SCTP`. */
  readonly protocol: string;
  readonly port: number;
  /** A number, or the name of a port of the Pods. */
  readonly targetPort: string;
}

/** What a Service asks of its load balancer; annotation `openstack.org/kuryr-lbaas-spec`. */
export interface LBaaSServiceSpec {
  /** `spec.clusterIP`. */
  readonly ip: string | null;
  readonly ports: readonly LBaaSPortSpec[];
  readonly project_id: string | null;
  /** Where the VIP is. */
  readonly subnet_id: string | null;
  readonly security_groups_ids: readonly string[];
  /** `ClusterIP` or `LoadBalancer`. */
  readonly type: string | null;
  /** `spec.loadBalancerIP`. */
  readonly lb_ip: string | null;
}

export interface LBaaSLoadBalancer {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** The address of the VIP. */
  readonly ip: string;
  readonly subnet_id: string;
  /** The port of the VIP. */
  readonly port_id: string;
  readonly provider: string | null;
  readonly security_groups: readonly string[] | null;
}

export interface LBaaSListener {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly loadbalancer_id: string;
  readonly protocol: string;
  readonly port: number;
}

export interface LBaaSPool {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly loadbalancer_id: string;
  /** Null for a pool that policies lead to. */
  readonly listener_id: string | null;
  readonly protocol: string;
}

export interface LBaaSMember {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly pool_id: string;
  readonly subnet_id: string;
  readonly ip: string;
  readonly port: number;
}

/** Where a Service is reached from outside. */
export interface LBaaSPubIp {
  /** Id of the floating IP. */
  readonly ip_id: string;
  readonly ip_addr: string;
  /** `user`: given by `spec.loadBalancerIP`, and never deleted; `pool`: taken for the Service, and deleted with it. */
  readonly alloc_method: string;
}

/** What a Service has; annotation `openstack.org/kuryr-lbaas-state` on its Endpoints. */
export interface LBaaSState {
  readonly loadbalancer: LBaaSLoadBalancer | null;
  readonly listeners: readonly LBaaSListener[];
  readonly pools: readonly LBaaSPool[];
  readonly members: readonly LBaaSMember[];
  readonly service_pub_ip_info: LBaaSPubIp | null;
}

export interface LBaaSL7Policy {
  readonly id: string;
  readonly name: string | null;
  readonly listener_id: string;
  readonly redirect_pool_id: string;
  readonly project_id: string;
}

export interface LBaaSL7Rule {
  readonly id: string;
  readonly compare_type: string | null;
  readonly l7policy_id: string;
  readonly type: string | null;
  readonly value: string | null;
}

/** What the L7 router has for a Service; annotation `openstack.org/kuryr-lbaas-route-state`. */
export interface LBaaSRouteState {
  readonly members: readonly LBaaSMember[];
  readonly pool: LBaaSPool | null;
}

export interface LBaaSRouteNotifEntry {
  /** Uid of the object that leads to the Service. */
  readonly route_id: string;
  /** `RouteChanged`. */
  readonly msg: string;
}

/** Tells who leads to a Service; annotation `openstack.org/kuryr-lbaas-route-notif`. */
export interface LBaaSRouteNotifier {
  readonly routes: readonly LBaaSRouteNotifEntry[];
}

function kuryrClass<T extends object>(name: string, version: string, fields: FieldsOf<T>): ObjectClass<T> {
  return objectClass({ namespace: 'kuryr_kubernetes', name, version }, fields);
}

const textOrNull = () => nullable(string());
/** Fields that the constructors of Kuryr's classes fill in, as older payloads lack them. */
const nothing = <T>(field: Field<T>) => defaulted(nullable(field), null);

export const LBAAS_PORT_SPEC = kuryrClass<LBaaSPortSpec>('LBaaSPortSpec', '1.1', {
  name: textOrNull(),
  protocol: string(),
  port: integer(),
  targetPort: string(),
});

export const LBAAS_SERVICE_SPEC = kuryrClass<LBaaSServiceSpec>('LBaaSServiceSpec', '1.0', {
  ip: nothing(ipAddress()),
  ports: defaulted(listOf(LBAAS_PORT_SPEC), []),
  project_id: nothing(string()),
  subnet_id: nothing(uuid()),
  security_groups_ids: defaulted(listOf(uuid()), []),
  type: nothing(string()),
  lb_ip: nothing(ipAddress()),
});

export const LBAAS_LOAD_BALANCER = kuryrClass<LBaaSLoadBalancer>('LBaaSLoadBalancer', '1.3', {
  id: uuid(),
  project_id: string(),
  name: string(),
  ip: ipAddress(),
  subnet_id: uuid(),
  port_id: uuid(),
  provider: nothing(string()),
  security_groups: nothing(listOf(uuid())),
});

export const LBAAS_LISTENER = kuryrClass<LBaaSListener>('LBaaSListener', '1.0', {
  id: uuid(),
  project_id: string(),
  name: string(),
  loadbalancer_id: uuid(),
  protocol: string(),
  port: integer(),
});

export const LBAAS_POOL = kuryrClass<LBaaSPool>('LBaaSPool', '1.1', {
  id: uuid(),
  project_id: string(),
  name: string(),
  loadbalancer_id: uuid(),
  listener_id: nullable(uuid()),
  protocol: string(),
});

export const LBAAS_MEMBER = kuryrClass<LBaaSMember>('LBaaSMember', '1.0', {
  id: uuid(),
  project_id: string(),
  name: string(),
  pool_id: uuid(),
  subnet_id: uuid(),
  ip: ipAddress(),
  port: integer(),
});

export const LBAAS_PUB_IP = kuryrClass<LBaaSPubIp>('LBaaSPubIp', '1.0', {
  ip_id: uuid(),
  ip_addr: ipAddress(),
  alloc_method: string(),
});

export const LBAAS_STATE = kuryrClass<LBaaSState>('LBaaSState', '1.0', {
  loadbalancer: nothing(LBAAS_LOAD_BALANCER),
  listeners: defaulted(listOf(LBAAS_LISTENER), []),
  pools: defaulted(listOf(LBAAS_POOL), []),
  members: defaulted(listOf(LBAAS_MEMBER), []),
  service_pub_ip_info: nothing(LBAAS_PUB_IP),
});

export const LBAAS_L7_POLICY = kuryrClass<LBaaSL7Policy>('LBaaSL7Policy', '1.0', {
  id: uuid(),
  name: textOrNull(),
  listener_id: uuid(),
  redirect_pool_id: uuid(),
  project_id: string(),
});

export const LBAAS_L7_RULE = kuryrClass<LBaaSL7Rule>('LBaaSL7Rule', '1.0', {
  id: uuid(),
  compare_type: textOrNull(),
  l7policy_id: uuid(),
  type: textOrNull(),
  value: textOrNull(),
});

export const LBAAS_ROUTE_STATE = kuryrClass<LBaaSRouteState>('LBaaSRouteState', '1.0', {
  members: defaulted(listOf(LBAAS_MEMBER), []),
  pool: nothing(LBAAS_POOL),
});

export const LBAAS_ROUTE_NOTIF_ENTRY = kuryrClass<LBaaSRouteNotifEntry>('LBaaSRouteNotifEntry', '1.0', {
  route_id: uuid(),
  msg: string(),
});

export const LBAAS_ROUTE_NOTIFIER = kuryrClass<LBaaSRouteNotifier>('LBaaSRouteNotifier', '1.0', {
  routes: defaulted(listOf(LBAAS_ROUTE_NOTIF_ENTRY), []),
});
