import 'reflect-metadata';
import type { Configuration } from '@kuryr-l7/config';
import type { KubernetesWriter, Logger } from '@kuryr-l7/kube';
import {
  ConfigurationError,
  type DesiredRouter,
  type Driver,
  driverToken,
  type Handler,
  type L7RouterDriver,
  type SharedCloud,
  TOKENS,
} from '@kuryr-l7/plugin';
import { Container, type Newable } from 'inversify';
import type { HelperDriverPlugin, LoadedPlugins } from './load-plugins.js';

export interface PluginServices {
  readonly configuration: Configuration;
  /** The driver's, as it is read again whenever the router is opened. */
  readonly driverConfiguration: Configuration;
  readonly logger: (name: string) => Logger;
  readonly kubernetes: KubernetesWriter;
  readonly desired: DesiredRouter;
  readonly cloud: SharedCloud;
}

export interface PluginInstances {
  readonly handlers: readonly Handler[];
  readonly driver: L7RouterDriver;
  /** Those that somebody asked for, in the order in which they were made. */
  readonly helpers: readonly Driver[];
}

/**
 * Makes each handler and the driver, once, with what they ask for by {@link TOKENS} and a logger of their own name; a
 * helping driver when the first asks for it.
 * @throws ConfigurationError where drivers ask for each other in a circle
 */
export function instantiatePlugins(plugins: LoadedPlugins, services: PluginServices): PluginInstances {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(TOKENS.configuration).toConstantValue(services.configuration);
  container.bind(TOKENS.kubernetes).toConstantValue(services.kubernetes);
  container.bind(TOKENS.desiredRouter).toConstantValue(services.desired);
  container.bind(TOKENS.cloud).toConstantValue(services.cloud);
  const make = <T>(name: string, type: Newable<T>, configuration?: Configuration): T => {
    const own = new Container({ parent: container, defaultScope: 'Singleton' });
    if (configuration !== undefined) own.bind(TOKENS.configuration).toConstantValue(configuration);
    own.bind(TOKENS.logger).toConstantValue(services.logger(name));
    own.bind(type).toSelf();
    return own.get(type);
  };
  const helpers: Driver[] = [];
  const underWay: HelperDriverPlugin[] = [];
  const help = (plugin: HelperDriverPlugin): Driver => {
    const begun = underWay.indexOf(plugin);
    if (begun !== -1) {
      const circle = [...underWay.slice(begun), plugin].map(({ type, name }) => `${type} '${name}'`);
      throw new ConfigurationError(
        `these drivers need each other, so that none can be the first: ${circle.join(', ')}`,
      );
    }
    underWay.push(plugin);
    const driver = make<Driver>(`kuryr.drivers.${plugin.type.replace(/-driver$/, '')}.${plugin.name}`, plugin.driver);
    underWay.pop();
    helpers.push(driver);
    return driver;
  };
  for (const plugin of plugins.helpers) {
    const token = driverToken(plugin.type);
    container.bind<Driver>(token as symbol).toDynamicValue(() => help(plugin));
  }
  return {
    handlers: plugins.handlers.map(({ name, handler }) => make(`kuryr.handlers.${name}`, handler)),
    driver: make(`kuryr.drivers.${plugins.driver.name}`, plugins.driver.driver, services.driverConfiguration),
    helpers,
  };
}
