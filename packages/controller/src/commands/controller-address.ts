import {
  describeOrigin,
  HEALTH_SERVER_BIND_ADDRESS,
  HEALTH_SERVER_OPTIONS,
  HEALTH_SERVER_PORT,
  loadConfiguration,
} from '@kuryr-l7/config';
import { ConfigurationError } from '@kuryr-l7/plugin';
import type { ControllerConfigurationRequest } from '../configuration/controller-configuration.js';

/**
 * URL of the health server to ask: the one that the command line names, otherwise where the controller of this kuryr.conf
 * serves it on this machine.
 * @throws ConfigurationError where that is no URL, or can't be known; ConfigurationFileError
 */
export function controllerAddress(named: string | undefined, request: ControllerConfigurationRequest): string {
  if (named === undefined) return configuredAddress(request);
  if (!/^https?:\/\/[^/]/i.test(named) || !URL.canParse(named)) {
    throw new ConfigurationError(`--controller '${named}' is not a URL, e.g. http://127.0.0.1:8082`);
  }
  return named;
}

function configuredAddress(request: ControllerConfigurationRequest): string {
  const { configuration } = loadConfiguration({ ...request, options: HEALTH_SERVER_OPTIONS });
  const port = configuration.get(HEALTH_SERVER_PORT);
  if (port <= 0) {
    const where = describeOrigin(configuration.origin(HEALTH_SERVER_PORT));
    const why = port === 0 ? 'a free port is picked at every start and told in the log' : 'nothing is served';
    throw new ConfigurationError(
      `${where}: [health_server] port = ${port}: ${why}; name the health server of a controller with --controller URL`,
    );
  }
  return `http://${hostOf(configuration.get(HEALTH_SERVER_BIND_ADDRESS))}:${port}`;
}

/** What stands for every address is asked on this machine's own. */
function hostOf(bindAddress: string): string {
  if (bindAddress === '' || bindAddress === '0.0.0.0') return '127.0.0.1';
  if (bindAddress === '::') return '[::1]';
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}
