import {
  CORE_OPTIONS,
  type ConfigurationNotice,
  type ConfigurationPlaces,
  type ConfigurationValues,
  ENABLE_INGRESS,
  ENABLED_HANDLERS,
  L7_ROUTER_DRIVER,
  loadConfiguration,
  type Option,
  type Override,
} from '@kuryr-l7/config';
import { type LoadedPlugins, loadPlugins } from '../plugins/load-plugins.js';

export interface ControllerConfigurationRequest extends ConfigurationPlaces {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly overrides?: readonly Override[];
  /** Where packages of third parties are looked up. @default the working directory */
  readonly pluginDirectory?: string;
}

export interface ControllerConfiguration {
  readonly configuration: ConfigurationValues;
  readonly plugins: LoadedPlugins;
  /** Every option there is with these plugins. */
  readonly options: readonly Option[];
  readonly notices: readonly ConfigurationNotice[];
  readonly sources: readonly string[];
}

/** The options that say which plugins there are, and so which other options. */
const PLUGIN_OPTIONS: readonly Option[] = [ENABLED_HANDLERS, ENABLE_INGRESS, L7_ROUTER_DRIVER];

/**
 * Reads kuryr.conf: first which plugins it names, then all of it with their options.
 * @throws ConfigurationFileError with every wrong value, ConfigurationError for an unknown plugin
 */
export async function loadControllerConfiguration(
  request: ControllerConfigurationRequest,
): Promise<ControllerConfiguration> {
  const first = pluginConfiguration(request);
  const notices: ConfigurationNotice[] = [];
  const handlers = enabledHandlers(first.get(ENABLED_HANDLERS), first.get(ENABLE_INGRESS), notices);
  const plugins = await loadPlugins(handlers, first.get(L7_ROUTER_DRIVER), request.pluginDirectory);
  const options = [...CORE_OPTIONS, ...[...plugins.handlers, plugins.driver].flatMap((plugin) => plugin.options ?? [])];
  const { configuration, warnings, sources } = loadConfiguration({ ...request, options });
  return { configuration, plugins, options, notices: [...warnings, ...notices], sources };
}

/** What is wrong elsewhere in the file is said together with what is wrong with these options. */
function pluginConfiguration(request: ControllerConfigurationRequest): ConfigurationValues {
  try {
    return loadConfiguration({ ...request, options: PLUGIN_OPTIONS }).configuration;
  } catch (error) {
    loadConfiguration({ ...request, options: CORE_OPTIONS });
    throw error;
  }
}

function enabledHandlers(
  names: readonly string[],
  enableIngress: boolean,
  notices: ConfigurationNotice[],
): readonly string[] {
  const named = names.includes('ingresslb');
  if (named && !enableIngress) {
    const message = '[kubernetes] enable_ingress is False: the ingresslb handler of enabled_handlers is left out';
    notices.push({ level: 'warning', message });
    return names.filter((name) => name !== 'ingresslb');
  }
  if (!named && enableIngress) {
    const message =
      '[kubernetes] enabled_handlers does not name ingresslb: no Ingress is routed. Add it, or set enable_ingress = False';
    notices.push({ level: 'warning', message });
  }
  return names;
}
