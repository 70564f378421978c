import {
  CORE_OPTIONS,
  type Configuration,
  ConfigurationFileError,
  type ConfigurationNotice,
  type ConfigurationPlaces,
  type ConfigurationProblem,
  type ConfigurationValues,
  describeOrigin,
  ENABLE_INGRESS,
  ENABLED_HANDLERS,
  L7_ROUTER_UUID,
  loadConfiguration,
  type Option,
  type Override,
  readConfiguration,
} from '@kuryr-l7/config';
import { type HelperDriverType, hasCode, type Plugin } from '@kuryr-l7/plugin';
import { builtInPlugins } from '../plugins/built-in-plugins.js';
import { DRIVER_OPTIONS } from '../plugins/driver-kinds.js';
import { type FoundPlugins, type LoadedPlugins, loadPlugins, type PluginNames } from '../plugins/load-plugins.js';
import { NO_ROUTER } from '../plugins/no-router.js';
import type { ReadAgain } from './live-configuration.js';

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
  /** Reads the values again, for the same plugins. @throws ConfigurationFileError */
  readonly readAgain: ReadAgain;
}

/** The options that say which plugins there are, and so which other options. */
const PLUGIN_OPTIONS: readonly Option[] = [ENABLED_HANDLERS, ENABLE_INGRESS, ...Object.values(DRIVER_OPTIONS)];

/**
 * Reads kuryr.conf: first which plugins it names, then all of it with their options.
 * @throws ConfigurationFileError with every wrong value and every plugin that can't be loaded, and with the warnings; where
 *   there are none, with what plugins find wrong with their options
 */
export async function loadControllerConfiguration(
  request: ControllerConfigurationRequest,
): Promise<ControllerConfiguration> {
  const { plugins, problems: pluginProblems, notices: pluginNotices } = await namedPlugins(request);
  const { handlers, driver, helpers } = plugins;
  const options = [...new Set([...CORE_OPTIONS, ...optionsOf([...handlers, driver, ...helpers])])];
  const read = (unusedOptions: readonly Option[]) => readConfiguration({ ...request, options, unusedOptions });
  let reading = read([]);
  // Our other plugins are only imported to tell their options from unknown ones.
  if (reading.warnings.length > 0) reading = read(optionsOf(await builtInPlugins()));
  const { configuration, warnings, sources, problems } = reading;
  const notices = [...warnings, ...pluginNotices];
  if (problems.length > 0 || pluginProblems.length > 0 || driver === undefined) {
    throw new ConfigurationFileError([...problems, ...pluginProblems], notices);
  }
  const isRouted = handlers.some(({ routes = true }) => routes);
  const router = isRouted || configuration.get(L7_ROUTER_UUID) !== undefined ? driver : NO_ROUTER;
  await checkPlugins([...handlers, router, ...helpers], configuration, sources, notices);
  const readAgain = () => loadConfiguration({ ...request, options }).configuration;
  return { configuration, plugins: { handlers, driver: router, helpers }, options, notices, sources, readAgain };
}

/**
 * Every option there is: of the core, of our own plugins, and of those that kuryr.conf names.
 * @throws ConfigurationFileError where one of these can't be loaded
 */
export async function allOptions(request?: ControllerConfigurationRequest): Promise<readonly Option[]> {
  const ours = [...CORE_OPTIONS, ...optionsOf(await builtInPlugins())];
  if (request === undefined) return ours;
  const { plugins, problems, unreadable } = await namedPlugins(request);
  if (problems.length + unreadable.length > 0) throw new ConfigurationFileError([...unreadable, ...problems]);
  return [...new Set([...ours, ...optionsOf([...plugins.handlers, plugins.driver, ...plugins.helpers])])];
}

interface NamedPlugins {
  readonly plugins: FoundPlugins;
  /** Of the plugins, with the place that names them. */
  readonly problems: readonly ConfigurationProblem[];
  /** Of the files, and of the values that name plugins. */
  readonly unreadable: readonly ConfigurationProblem[];
  readonly notices: readonly ConfigurationNotice[];
}

async function namedPlugins(request: ControllerConfigurationRequest): Promise<NamedPlugins> {
  const { configuration, problems: unreadable } = readConfiguration({ ...request, options: PLUGIN_OPTIONS });
  const valid = <T>(option: Option<T>) => (configuration.has(option) ? configuration.get(option) : undefined);
  const notices: ConfigurationNotice[] = [];
  const handlers = enabledHandlers(valid(ENABLED_HANDLERS), valid(ENABLE_INGRESS), notices);
  const names: PluginNames = {
    handlers,
    driver: (type) => valid(DRIVER_OPTIONS[type]),
    uses: (plugin) => usedBy(plugin, request),
  };
  const plugins = await loadPlugins(names, request.pluginDirectory);
  const problems = plugins.problems.map(({ option, reason }) => ({
    where: describeOrigin(configuration.origin(option)),
    option,
    reason,
  }));
  return { plugins, problems, unreadable, notices: problems.length === 0 ? notices : [] };
}

/** What a plugin uses; nothing where its own options have wrong values, which are told when all are read. */
function usedBy(
  { uses = [], options = [] }: Plugin,
  request: ControllerConfigurationRequest,
): readonly HelperDriverType[] {
  if (typeof uses !== 'function') return uses;
  const { configuration, problems } = readConfiguration({ ...request, options });
  return problems.length > 0 ? [] : uses(configuration);
}

/** @throws ConfigurationFileError with all that they find */
async function checkPlugins(
  plugins: readonly Plugin[],
  configuration: Configuration,
  sources: readonly string[],
  notices: readonly ConfigurationNotice[],
): Promise<void> {
  const problems: ConfigurationProblem[] = [];
  const checks = [...plugins.map(({ check }) => check), plugins.some(asksForCloud) ? checkCloud : undefined];
  for (const check of checks) {
    try {
      await check?.(configuration);
    } catch (error) {
      if (!hasCode(error, 'ERR_CONFIGURATION') && !hasCode(error, 'ERR_OPENSTACK_CONFIGURATION')) throw error;
      problems.push({ where: sources.join(', ') || 'configuration', reason: error.message });
    }
  }
  if (problems.length > 0) throw new ConfigurationFileError(problems, notices);
}

/** As every plugin that does names OPENSTACK_OPTIONS; some name a few of them for other reasons. */
function asksForCloud({ options = [] }: Plugin): boolean {
  return options.some(({ group, name }) => group === 'neutron' && name === 'auth_type');
}

/** Imported late: a controller without OpenStack does not load the clients. */
async function checkCloud(configuration: Configuration): Promise<void> {
  const { checkCloudSettings } = await import('@kuryr-l7/openstack');
  await checkCloudSettings(configuration);
}

function optionsOf(plugins: readonly (Plugin | undefined)[]): readonly Option[] {
  return plugins.flatMap((plugin) => plugin?.options ?? []);
}

/** None where a wrong value keeps them from being known. */
function enabledHandlers(
  names: readonly string[] | undefined,
  enableIngress: boolean | undefined,
  notices: ConfigurationNotice[],
): readonly string[] {
  if (names === undefined || enableIngress === undefined) return names ?? [];
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
