import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ENABLED_HANDLERS, type Option } from '@kuryr-l7/config';
import type {
  AnyDriverPlugin,
  DriverPlugin,
  DriverType,
  HandlerPlugin,
  HelperDriverType,
  L7RouterDriverPlugin,
  Plugin,
} from '@kuryr-l7/plugin';
import { BUILT_IN_DRIVERS, BUILT_IN_HANDLERS, type BuiltInPlugins } from './built-in-plugins.js';
import { DRIVER_OPTIONS } from './driver-kinds.js';
import { isRecord, pluginOf } from './plugin-flaws.js';
import { describeNames, type FlawedName, isPackageName } from './plugin-names.js';

/** A driver that others work with. */
export type HelperDriverPlugin = Exclude<AnyDriverPlugin, L7RouterDriverPlugin>;

export interface LoadedPlugins {
  readonly handlers: readonly HandlerPlugin[];
  /** Of the L7 router. */
  readonly driver: L7RouterDriverPlugin;
  /** One of each type that handlers, or these drivers themselves, use. */
  readonly helpers: readonly HelperDriverPlugin[];
}

/** What kuryr.conf says of plugins. */
export interface PluginNames {
  readonly handlers: readonly string[];
  /** Undefined where the option has a wrong value, or nothing was asked for. */
  readonly driver: (type: DriverType) => string | undefined;
  /** What a plugin uses, with the values of its options. */
  readonly uses: (plugin: Plugin) => readonly HelperDriverType[];
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
  readonly helpers: readonly HelperDriverPlugin[];
  readonly problems: readonly PluginProblem[];
}

type PluginOf<T extends Plugin['type']> = Extract<Plugin, { readonly type: T }>;

interface PluginKind<T extends Plugin['type']> {
  readonly type: T;
  readonly option: Option;
  readonly builtIn: BuiltInPlugins;
}

const HANDLER: PluginKind<'handler'> = { type: 'handler', option: ENABLED_HANDLERS, builtIn: BUILT_IN_HANDLERS };

/**
 * Loads the handlers and drivers that kuryr.conf names, of helping drivers those that are used. A short name is one of
 * ours; any other is the name of an npm package, looked up from `directory` (default: the working directory), whose
 * default export is the plugin.
 */
export async function loadPlugins(names: PluginNames, directory: string = process.cwd()): Promise<FoundPlugins> {
  const handlers = await loadKind(HANDLER, names.handlers, directory);
  const driver = await loadDriver('l7-router-driver', names, directory);
  const problems = [...handlers.problems, ...driver.problems];
  const helpers = new Map<HelperDriverType, readonly DriverPlugin<HelperDriverType>[]>();
  const wanted: HelperDriverType[] = [...handlers.plugins, ...driver.plugins].flatMap((plugin) => names.uses(plugin));
  for (const type of wanted) {
    if (helpers.has(type)) continue;
    const found = await loadDriver(type, names, directory);
    helpers.set(type, found.plugins);
    problems.push(...found.problems);
    wanted.push(...found.plugins.flatMap((plugin) => names.uses(plugin)));
  }
  return {
    handlers: handlers.plugins,
    driver: driver.plugins[0],
    helpers: [...helpers.values()].flat() as readonly HelperDriverPlugin[],
    problems,
  };
}

function loadDriver<T extends DriverType>(type: T, names: PluginNames, directory: string) {
  const name = names.driver(type);
  const kind = { type, option: DRIVER_OPTIONS[type], builtIn: BUILT_IN_DRIVERS[type] };
  return loadKind(kind, name === undefined ? [] : [name], directory);
}

async function loadKind<T extends Plugin['type']>(
  kind: PluginKind<T>,
  names: readonly string[],
  directory: string,
): Promise<{ readonly plugins: readonly PluginOf<T>[]; readonly problems: readonly PluginProblem[] }> {
  const plugins = new Map<string, PluginOf<T>>();
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
async function load<T extends Plugin['type']>(
  name: string,
  { type, builtIn }: PluginKind<T>,
  directory: string,
): Promise<PluginOf<T> | FlawedName | string> {
  const importBuiltIn = builtIn.get(name);
  if (importBuiltIn === undefined && !isPackageName(name)) return { name, flaw: 'impossible' };
  try {
    const exported: unknown =
      importBuiltIn === undefined ? await importDefault(name, directory) : await importBuiltIn();
    return pluginOf(exported, name, type);
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
