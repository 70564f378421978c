import type { Plugin } from '@kuryr-l7/plugin';
import { isDriverType } from './driver-kinds.js';

/** The version of `@kuryr-l7/plugin`'s interface that this controller offers. */
const PLUGIN_API = 1;

/** The plugin of that type among what a package exports; or what is wrong with it, as a sentence. */
export function pluginOf<T extends Plugin['type']>(
  exported: unknown,
  name: string,
  type: T,
): Extract<Plugin, { readonly type: T }> | string {
  const candidates: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  const ofType = candidates.filter((candidate) => isRecord(candidate) && candidate.type === type);
  // Where a package has several of one type, that of the name.
  const named = ofType.find((candidate) => isRecord(candidate) && candidate.name === name);
  const plugin = named ?? ofType[0] ?? candidates[0];
  return flawOf(plugin, name, type) ?? (plugin as Extract<Plugin, { readonly type: T }>);
}

/** Undefined for a plugin of that type. */
function flawOf(plugin: unknown, name: string, type: Plugin['type']): string | undefined {
  if (!isRecord(plugin) || (plugin.type !== 'handler' && !isDriverType(plugin.type))) {
    return `the default export of package '${name}' is not a plugin (no 'type' such as 'handler' or 'l7-router-driver')`;
  }
  if (plugin.pluginApi !== PLUGIN_API) {
    return `package '${name}' is written for plugin API ${String(plugin.pluginApi)}; this controller offers ${PLUGIN_API}`;
  }
  const factory = plugin.type === 'handler' ? plugin.handler : plugin.driver;
  if (typeof plugin.name !== 'string' || typeof factory !== 'function') {
    return `the plugin of package '${name}' lacks its name or its class`;
  }
  const unknown = Array.isArray(plugin.uses) ? plugin.uses.find((used) => !isDriverType(used)) : undefined;
  if (unknown !== undefined) {
    return `the plugin of package '${name}' uses a ${String(unknown)}, which this controller does not know`;
  }
  return plugin.type === type ? undefined : `'${name}' is a ${plugin.type}, not a ${type}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
