/**
 * Options of Kuryr (kuryr-kubernetes, the kuryr library, oslo.log and keystoneauth as it loads them), by section, of all
 * its releases. A kuryr.conf may hold them although this program does not use them all.
 */
export const KNOWN_KURYR_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    DEFAULT: `pybasedir bindir subnetpool_name_prefix deployment_type debug log_config_append log_config log_date_format
      log_file logfile log_dir logdir watch_log_file use_syslog use_journal syslog_log_facility use_json use_stderr
      log_color log_rotate_interval log_rotate_interval_type max_logfile_count max_logfile_size_mb log_rotation_type
      logging_context_format_string logging_default_format_string logging_debug_format_suffix logging_exception_prefix
      logging_user_identity_format default_log_levels publish_errors instance_format instance_uuid_format
      rate_limit_interval rate_limit_burst rate_limit_except_level fatal_deprecations`,
    kubernetes: `api_root ssl_client_crt_file ssl_client_key_file ssl_ca_crt_file ssl_verify_server_crt token_file
      pod_project_driver service_project_driver namespace_project_driver network_policy_project_driver
      pod_subnets_driver service_subnets_driver pod_security_groups_driver service_security_groups_driver
      pod_vif_driver endpoints_lbaas_driver endpoints_driver_octavia_provider vif_pool_driver nodes_subnets_driver
      port_debug service_public_ip_driver enable_manager watch_retry_timeout watch_connection_timeout
      watch_read_timeout watch_reconcile_period enabled_handlers enable_ingress controller_ha
      controller_ha_elector_port network_policy_driver multi_vif_drivers additional_ifname_prefix use_events`,
    neutron_defaults: `project pod_subnet pod_subnets pod_security_groups ovs_bridge service_subnet external_svc_net
      external_svc_subnet network_device_mtu lbaas_activation_timeout subnet_mapping resource_tags`,
    octavia_defaults: 'member_mode sg_mode enforce_sg_rules lb_algorithm timeout_client_data timeout_member_data',
    ingress: 'l7_router_uuid',
    health_server: 'port',
    cni_health_server: 'port max_memory_usage cg_path',
    pod_vif_nested: 'worker_nodes_subnet worker_nodes_subnets rev_update_attempts',
    namespace_subnet: 'pod_router pod_subnet_pool',
    vif_pool: `ports_pool_max ports_pool_min ports_pool_batch ports_pool_update_frequency pools_vif_drivers
      vif_pool_mapping`,
    pool_manager: 'sock_file',
    prometheus_exporter: 'controller_exporter_port cni_exporter_port',
    cache_defaults: 'enabled backend',
    subnet_caching: 'caching cache_time',
    nodes_caching: 'caching cache_time',
    node_driver_caching: 'caching cache_time',
    cni_daemon: `bind_address worker_num vif_annotation_timeout pyroute2_timeout docker_mode netns_proc_dir
      cni_failures_count`,
    binding: 'veth_dst_prefix driver enabled_drivers default_driver link_iface',
    sriov: `kubelet_root_dir enable_pod_resource_service default_physnet_subnets physical_device_mappings
      physnet_resource_mappings device_plugin_resource_prefix resource_driver_mappings enable_node_annotations`,
    vhostuser: 'mount_point ovs_vhu_path',
    neutron: `enable_dhcp default_subnetpool_v4 default_subnetpool_v6 vif_plugging_is_fatal vif_plugging_timeout
      region_name endpoint_type cafile certfile keyfile insecure timeout collect_timing split_loggers auth_type
      auth_section auth_url username user_id password project_name project_id user_domain_name user_domain_id
      project_domain_name project_domain_id default_domain_name default_domain_id domain_name domain_id system_scope
      trust_id token application_credential_id application_credential_name application_credential_secret`,
  }).map(([group, names]) => [group, names.split(/\s+/)]),
);
