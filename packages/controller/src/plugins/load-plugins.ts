import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, type HandlerPlugin, type L7RouterDriverPlugin, type Plugin } from '@kuryr-l7/plugin';
import { BUILT_IN_DRIVERS, BUILT_IN_HANDLERS, type BuiltInPlugins } from './built-in-plugins.js';

/** The version of `@kuryr-l7/plugin`'s interface that this controller offers. */
const PLUGIN_API = 1;

/** Handlers of Kuryr that are found in a kuryr.conf written for it. */
const KURYR_HANDLERS: ReadonlySet<string> = new Set([
  'vif',
  'lbaasspec',
  'ocproute',
  'namespace',
  'policy',
  'pod_label',
  'kuryrnet',
  'kuryrnetpolicy',
]);

export interface LoadedPlugins {
  readonly handlers: readonly HandlerPlugin[];
  readonly driver: L7RouterDriverPlugin;
}

/**
 * Loads the handlers and the driver that kuryr.conf names. A short name is one of ours; any other is the name of an npm
 * package, looked up from `directory` (default: the working directory), whose default export is the plugin.
 * @throws ConfigurationError for an unknown name (with the list of known ones) or a package that is no such plugin
 */
export async function loadPlugins(
  handlerNames: readonly string[],
  driverName: string,
  directory: string = process.cwd(),
): Promise<LoadedPlugins> {
  const handlers: HandlerPlugin[] = [];
  for (const name of new Set(handlerNames)) {
    const plugin = await load(name, '[kubernetes] enabled_handlers', BUILT_IN_HANDLERS, directory);
    if (plugin.type !== 'handler') throw wrongType(name, '[kubernetes] enabled_handlers', 'handler', plugin);
    handlers.push(plugin);
  }
  const driver = await load(driverName, '[kubernetes] l7_router_driver', BUILT_IN_DRIVERS, directory);
  if (driver.type !== 'l7-router-driver') {
    throw wrongType(driverName, '[kubernetes] l7_router_driver', 'l7-router-driver', driver);
  }
  return { handlers, driver };
}

async function load(name: string, option: string, builtIn: BuiltInPlugins, directory: string): Promise<Plugin> {
  const importBuiltIn = builtIn.get(name);
  if (importBuiltIn !== undefined) return importBuiltIn();
  const known = `known here: ${[...builtIn.keys()].sort().join(', ')}; any other name has to be an installed npm package`;
  try {
    const module: unknown = await import(locationOf(name, directory));
    return checked(name, option, module);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    if (isNotFound(cause, name)) {
      const kuryrs = KURYR_HANDLERS.has(name) ? ", one of Kuryr's handlers that this release does not have" : '';
      throw new ConfigurationError(`${option}: there is no '${name}'${kuryrs} (${known})`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${option}: package '${name}' can't be loaded: ${reason}`, { cause });
  }
}

/** Where the package is, seen from the directory; its bare name (seen from this program) where only `import` can find it. */
function locationOf(name: string, directory: string): string {
  try {
    return pathToFileURL(createRequire(join(directory, 'kuryr.conf')).resolve(name)).href;
  } catch {
    return name;
  }
}

function isNotFound(error: unknown, name: string): boolean {
  if (!isRecord(error) || !String(error.message).includes(`'${name}'`)) return false;
  return error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
}

function checked(name: string, option: string, module: unknown): Plugin {
  const plugin = isRecord(module) ? module.default : undefined;
  if (!isRecord(plugin) || (plugin.type !== 'handler' && plugin.type !== 'l7-router-driver')) {
    throw new ConfigurationError(
      `${option}: the default export of package '${name}' is not a plugin (no 'type' of 'handler' or 'l7-router-driver')`,
    );
  }
  if (plugin.pluginApi !== PLUGIN_API) {
    throw new ConfigurationError(
      `${option}: package '${name}' is written for plugin API ${String(plugin.pluginApi)}; this controller offers ${PLUGIN_API}`,
    );
  }
  const factory = plugin.type === 'handler' ? plugin.handler : plugin.driver;
  if (typeof plugin.name !== 'string' || typeof factory !== 'function') {
    throw new ConfigurationError(`${option}: the plugin of package '${name}' lacks its name or its class`);
  }
  return plugin as unknown as Plugin;
}

function wrongType(name: string, option: string, wanted: string, plugin: Plugin): ConfigurationError {
  return new ConfigurationError(`${option}: '${name}' is a ${plugin.type}, not a ${wanted}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
