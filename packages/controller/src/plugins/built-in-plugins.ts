import type { Plugin } from '@kuryr-l7/plugin';

/** Names in kuryr.conf, and what each loads; a package is only imported when it is named. */
export type BuiltInPlugins = ReadonlyMap<string, () => Promise<Plugin>>;

export const BUILT_IN_HANDLERS: BuiltInPlugins = new Map([
  ['ingresslb', async (): Promise<Plugin> => (await import('@kuryr-l7/handler-ingresslb')).default],
  ['lb', async (): Promise<Plugin> => (await import('@kuryr-l7/handler-lb')).default],
]);

export const BUILT_IN_DRIVERS: BuiltInPlugins = new Map([
  ['local', async (): Promise<Plugin> => (await import('@kuryr-l7/driver-local')).default],
  ['octavia', async (): Promise<Plugin> => (await import('@kuryr-l7/driver-octavia')).default],
]);

/** All of ours. */
export function builtInPlugins(): Promise<readonly Plugin[]> {
  return Promise.all([...BUILT_IN_HANDLERS.values(), ...BUILT_IN_DRIVERS.values()].map((load) => load()));
}
