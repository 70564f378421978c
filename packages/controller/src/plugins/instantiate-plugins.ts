import 'reflect-metadata';
import type { Configuration } from '@kuryr-l7/config';
import type { KubernetesWriter, Logger } from '@kuryr-l7/kube';
import { type DesiredRouter, type Handler, type L7RouterDriver, TOKENS } from '@kuryr-l7/plugin';
import { Container, type Newable } from 'inversify';
import type { LoadedPlugins } from './load-plugins.js';

export interface PluginServices {
  readonly configuration: Configuration;
  /** The driver's, as it is read again whenever the router is opened. */
  readonly driverConfiguration: Configuration;
  readonly logger: (name: string) => Logger;
  readonly kubernetes: KubernetesWriter;
  readonly desired: DesiredRouter;
}

/** Makes each handler and the driver, once, with what they ask for by {@link TOKENS} and a logger of their own name. */
export function instantiatePlugins(
  plugins: LoadedPlugins,
  services: PluginServices,
): { readonly handlers: readonly Handler[]; readonly driver: L7RouterDriver } {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(TOKENS.configuration).toConstantValue(services.configuration);
  container.bind(TOKENS.kubernetes).toConstantValue(services.kubernetes);
  container.bind(TOKENS.desiredRouter).toConstantValue(services.desired);
  const make = <T>(name: string, type: Newable<T>, configuration?: Configuration): T => {
    const own = new Container({ parent: container, defaultScope: 'Singleton' });
    if (configuration !== undefined) own.bind(TOKENS.configuration).toConstantValue(configuration);
    own.bind(TOKENS.logger).toConstantValue(services.logger(name));
    own.bind(type).toSelf();
    return own.get(type);
  };
  return {
    handlers: plugins.handlers.map(({ name, handler }) => make(`kuryr.handlers.${name}`, handler)),
    driver: make(`kuryr.drivers.${plugins.driver.name}`, plugins.driver.driver, services.driverConfiguration),
  };
}
