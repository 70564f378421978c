/** What the simulator stores, under the names that Octavia's API gives its fields. Mutable: this is the database. */

export type ProvisioningStatus = 'ACTIVE' | 'PENDING_CREATE' | 'PENDING_UPDATE' | 'PENDING_DELETE' | 'ERROR';

/** What every object under a load balancer has. */
interface Stored {
  readonly id: string;
  readonly project_id: string;
  readonly created_at: string;
  updated_at: string | null;
  name: string;
  admin_state_up: boolean;
  provisioning_status: ProvisioningStatus;
  operating_status: string;
  tags: readonly string[];
}

export interface LoadBalancer extends Stored {
  readonly kind: 'loadbalancer';
  description: string;
  readonly provider: string;
  readonly vip_address: string;
  readonly vip_port_id: string;
  readonly vip_subnet_id: string;
  readonly vip_network_id: string;
  readonly flavor_id: string | null;
  vip_qos_policy_id: string | null;
  vip_sg_ids: readonly string[];
  readonly availability_zone: string | null;
}

export interface Listener extends Stored {
  readonly kind: 'listener';
  readonly loadbalancer_id: string;
  readonly protocol: string;
  readonly protocol_port: number;
  description: string;
  default_pool_id: string | null;
  connection_limit: number;
  default_tls_container_ref: string | null;
  sni_container_refs: readonly string[];
  client_ca_tls_container_ref: string | null;
  client_crl_container_ref: string | null;
  client_authentication: string;
  insert_headers: Readonly<Record<string, string>>;
  timeout_client_data: number;
  timeout_member_connect: number;
  timeout_member_data: number;
  timeout_tcp_inspect: number;
  allowed_cidrs: readonly string[] | null;
  tls_ciphers: string | null;
  tls_versions: readonly string[] | null;
  alpn_protocols: readonly string[] | null;
  hsts_max_age: number | null;
  hsts_include_subdomains: boolean;
  hsts_preload: boolean;
}

export interface SessionPersistence {
  readonly type: string;
  readonly cookie_name: string | null;
  readonly persistence_timeout: number | null;
  readonly persistence_granularity: string | null;
}

export interface Pool extends Stored {
  readonly kind: 'pool';
  readonly loadbalancer_id: string;
  readonly protocol: string;
  description: string;
  lb_algorithm: string;
  session_persistence: SessionPersistence | null;
  tls_container_ref: string | null;
  ca_tls_container_ref: string | null;
  crl_container_ref: string | null;
  tls_enabled: boolean;
  tls_ciphers: string | null;
  tls_versions: readonly string[] | null;
  alpn_protocols: readonly string[] | null;
}

export interface Member extends Stored {
  readonly kind: 'member';
  readonly pool_id: string;
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet_id: string | null;
  readonly vnic_type: string;
  weight: number;
  backup: boolean;
  monitor_address: string | null;
  monitor_port: number | null;
}

export interface HealthMonitor extends Stored {
  readonly kind: 'healthmonitor';
  readonly pool_id: string;
  readonly type: string;
  delay: number;
  timeout: number;
  max_retries: number;
  max_retries_down: number;
  http_method: string | null;
  url_path: string | null;
  expected_codes: string | null;
  http_version: number | null;
  domain_name: string | null;
}

export interface L7Policy extends Stored {
  readonly kind: 'l7policy';
  readonly listener_id: string;
  description: string;
  action: string;
  redirect_pool_id: string | null;
  redirect_url: string | null;
  redirect_prefix: string | null;
  redirect_http_code: number | null;
  /** From 1, without gaps among the policies of a listener. */
  position: number;
}

export interface L7Rule extends Stored {
  readonly kind: 'l7rule';
  readonly l7policy_id: string;
  type: string;
  compare_type: string;
  key: string | null;
  value: string;
  invert: boolean;
}

/** Everything that lives under a load balancer. */
export type Child = Listener | Pool | Member | HealthMonitor | L7Policy | L7Rule;
