import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ENABLED_HANDLERS, L7_ROUTER_DRIVER, type Option } from '@kuryr-l7/config';
import type { HandlerPlugin, L7RouterDriverPlugin, Plugin } from '@kuryr-l7/plugin';
import { BUILT_IN_DRIVERS, BUILT_IN_HANDLERS, type BuiltInPlugins } from './built-in-plugins.js';
import { describeNames, type FlawedName, isPackageName } from './plugin-names.js';

/** The version of `@kuryr-l7/plugin`'s interface that this controller offers. */
const PLUGIN_API = 1;

export interface LoadedPlugins {
  readonly handlers: readonly HandlerPlugin[];
  readonly driver: L7RouterDriverPlugin;
}

export interface PluginProblem {
  /** The option that names the plugin. */
  readonly option: Option;
  readonly reason: string;
}

/** What could be loaded, and why the rest could not. */
export interface FoundPlugins {
  readonly handlers: readonly HandlerPlugin[];
  /** Undefined where there is a problem with it, or none was asked for. */
  readonly driver: L7RouterDriverPlugin | undefined;
  readonly problems: readonly PluginProblem[];
}

interface PluginKind<T extends Plugin> {
  readonly type: T['type'];
  readonly option: Option;
  readonly builtIn: BuiltInPlugins;
}

const HANDLER = {
  type: 'handler',
  option: ENABLED_HANDLERS,
  builtIn: BUILT_IN_HANDLERS,
} as PluginKind<HandlerPlugin>;
const DRIVER = {
  type: 'l7-router-driver',
  option: L7_ROUTER_DRIVER,
  builtIn: BUILT_IN_DRIVERS,
} as PluginKind<L7RouterDriverPlugin>;

/**
 * Loads the handlers and the driver that kuryr.conf names. A short name is one of ours; any other is the name of an npm
 * package, looked up from `directory` (default: the working directory), whose default export is the plugin.
 */
export async function loadPlugins(
  handlerNames: readonly string[],
  driverName: string | undefined,
  directory: string = process.cwd(),
): Promise<FoundPlugins> {
  const handlers = await loadKind(HANDLER, handlerNames, directory);
  const drivers = await loadKind(DRIVER, driverName === undefined ? [] : [driverName], directory);
  return {
    handlers: handlers.plugins,
    driver: drivers.plugins[0],
    problems: [...handlers.problems, ...drivers.problems],
  };
}

async function loadKind<T extends Plugin>(
  kind: PluginKind<T>,
  names: readonly string[],
  directory: string,
): Promise<{ readonly plugins: readonly T[]; readonly problems: readonly PluginProblem[] }> {
  const plugins = new Map<string, T>();
  const flawed: FlawedName[] = [];
  const reasons: string[] = [];
  for (const name of new Set(names)) {
    const found = await load(name, kind, directory);
    if (typeof found === 'string') reasons.push(found);
    else if ('flaw' in found) flawed.push(found);
    else plugins.set(name, found);
  }
  reasons.unshift(...describeNames(kind.option, flawed, [...plugins.keys()], [...kind.builtIn.keys()]));
  return { plugins: [...plugins.values()], problems: reasons.map((reason) => ({ option: kind.option, reason })) };
}

/** The plugin, or what is wrong with its name, or what is wrong with its package. */
async function load<T extends Plugin>(
  name: string,
  { type, builtIn }: PluginKind<T>,
  directory: string,
): Promise<T | FlawedName | string> {
  const importBuiltIn = builtIn.get(name);
  if (importBuiltIn === undefined && !isPackageName(name)) return { name, flaw: 'impossible' };
  try {
    const plugin: unknown = importBuiltIn === undefined ? await importDefault(name, directory) : await importBuiltIn();
    return flawOf(plugin, name, type) ?? (plugin as T);
  } catch (cause) {
    if (isNotFound(cause, name)) return { name, flaw: 'unknown' };
    return `package '${name}' can't be loaded: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

async function importDefault(name: string, directory: string): Promise<unknown> {
  const module: unknown = await import(locationOf(name, directory));
  return isRecord(module) ? module.default : undefined;
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

/** Undefined for a plugin of that type. */
function flawOf(plugin: unknown, name: string, type: Plugin['type']): string | undefined {
  if (!isRecord(plugin) || (plugin.type !== 'handler' && plugin.type !== 'l7-router-driver')) {
    return `the default export of package '${name}' is not a plugin (no 'type' of 'handler' or 'l7-router-driver')`;
  }
  if (plugin.pluginApi !== PLUGIN_API) {
    return `package '${name}' is written for plugin API ${String(plugin.pluginApi)}; this controller offers ${PLUGIN_API}`;
  }
  const factory = plugin.type === 'handler' ? plugin.handler : plugin.driver;
  if (typeof plugin.name !== 'string' || typeof factory !== 'function') {
    return `the plugin of package '${name}' lacks its name or its class`;
  }
  return plugin.type === type ? undefined : `'${name}' is a ${plugin.type}, not a ${type}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
