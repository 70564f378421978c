import type { Configuration, Option } from '@kuryr-l7/config';
import type { Newable } from 'inversify';
import type { EndpointsLbaasDriver } from './drivers/endpoints-lbaas-driver.js';
import type { PodVifDriver } from './drivers/pod-vif-driver.js';
import type { PodProjectDriver, ServiceProjectDriver } from './drivers/project-drivers.js';
import type { PodSecurityGroupsDriver, ServiceSecurityGroupsDriver } from './drivers/security-groups-drivers.js';
import type { ServicePublicIpDriver } from './drivers/service-public-ip-driver.js';
import type { PodSubnetsDriver, ServiceSubnetsDriver } from './drivers/subnets-drivers.js';
import type { VifPoolDriver } from './drivers/vif-pool-driver.js';
import type { Handler } from './handler.js';
import type { L7RouterDriver } from './l7-router-driver.js';

/** What the class of a plugin makes, by the type of the plugin. Each type but the first is asked for by its token. */
export interface DriversByType {
  /** `[kubernetes] l7_router_driver`; there is always one, which only the controller itself talks to. */
  'l7-router-driver': L7RouterDriver;
  /** `[kubernetes] pod_project_driver` */
  'pod-project-driver': PodProjectDriver;
  /** `[kubernetes] pod_subnets_driver` */
  'pod-subnets-driver': PodSubnetsDriver;
  /** `[kubernetes] pod_security_groups_driver` */
  'pod-security-groups-driver': PodSecurityGroupsDriver;
  /** `[kubernetes] pod_vif_driver` */
  'pod-vif-driver': PodVifDriver;
  /** `[kubernetes] vif_pool_driver` */
  'vif-pool-driver': VifPoolDriver;
  /** `[kubernetes] service_project_driver` */
  'service-project-driver': ServiceProjectDriver;
  /** `[kubernetes] service_subnets_driver` */
  'service-subnets-driver': ServiceSubnetsDriver;
  /** `[kubernetes] service_security_groups_driver` */
  'service-security-groups-driver': ServiceSecurityGroupsDriver;
  /** `[kubernetes] endpoints_lbaas_driver` */
  'endpoints-lbaas-driver': EndpointsLbaasDriver;
  /** `[kubernetes] service_public_ip_driver` */
  'service-public-ip-driver': ServicePublicIpDriver;
}

export type DriverType = keyof DriversByType;

/** The drivers that handlers and other drivers work with. */
export type HelperDriverType = Exclude<DriverType, 'l7-router-driver'>;

interface PluginBase {
  /** Version of this interface that the plugin was written for. */
  readonly pluginApi: 1;
  readonly options?: readonly Option[];
  /**
   * Finds what is wrong with the options together, or with files that they name: all that needs neither cluster nor cloud to
   * be told. `run` does not start, and `check-config` fails, with what it throws.
   * @throws ConfigurationError
   */
  readonly check?: (configuration: Configuration) => void | Promise<void>;
  /**
   * The drivers that its class asks for by their tokens. Only those that somebody names here are loaded. As a function it
   * is given the values of its own options, so that nothing is loaded for what is switched off; the class then marks what
   * may be missing as `@optional()`.
   */
  readonly uses?: readonly HelperDriverType[] | ((configuration: Configuration) => readonly HelperDriverType[]);
}

/** Default export of a handler's package. The class is made by inversify, once, with what it asks for by {@link TOKENS}. */
export interface HandlerPlugin extends PluginBase {
  readonly type: 'handler';
  /** The name in `[kubernetes] enabled_handlers`. */
  readonly name: string;
  /**
   * False where it never adds routes to the desired router. With such handlers alone, and without `[ingress] l7_router_uuid`,
   * no router is opened.
   * @default true
   */
  readonly routes?: boolean;
  readonly handler: Newable<Handler>;
}

/**
 * Default export of a driver's package; or an array of them, where a package has drivers of several types. The class is
 * made as that of a handler.
 */
export interface DriverPlugin<T extends DriverType> extends PluginBase {
  readonly type: T;
  /** The name in the option of kuryr.conf that chooses drivers of this type, see {@link DriversByType}. */
  readonly name: string;
  readonly driver: Newable<DriversByType[T]>;
}

export type L7RouterDriverPlugin = DriverPlugin<'l7-router-driver'>;

/** A driver's plugin, of any type. */
export type AnyDriverPlugin = { readonly [T in DriverType]: DriverPlugin<T> }[DriverType];

export type Plugin = HandlerPlugin | AnyDriverPlugin;
