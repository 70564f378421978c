import type { DriverType, Plugin } from '@kuryr-l7/plugin';

/** The default export of a package: a plugin, or several. */
export type PluginExport = Plugin | readonly Plugin[];

/** Names in kuryr.conf, and what each loads; a package is only imported when it is named. */
export type BuiltInPlugins = ReadonlyMap<string, () => Promise<PluginExport>>;

export const BUILT_IN_HANDLERS: BuiltInPlugins = new Map([
  ['ingresslb', async (): Promise<PluginExport> => (await import('@kuryr-l7/handler-ingresslb')).default],
  ['lb', async (): Promise<PluginExport> => (await import('@kuryr-l7/handler-lb')).default],
]);

const NONE: BuiltInPlugins = new Map();

export const BUILT_IN_DRIVERS: { readonly [T in DriverType]: BuiltInPlugins } = {
  'l7-router-driver': new Map([
    ['local', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-local')).default],
    ['octavia', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-octavia')).default],
  ]),
  'pod-project-driver': NONE,
  'pod-subnets-driver': NONE,
  'pod-security-groups-driver': NONE,
  'pod-vif-driver': NONE,
  'vif-pool-driver': NONE,
  'service-project-driver': NONE,
  'service-subnets-driver': NONE,
  'service-security-groups-driver': NONE,
  'service-public-ip-driver': NONE,
};

/** All of ours. */
export async function builtInPlugins(): Promise<readonly Plugin[]> {
  const named = [BUILT_IN_HANDLERS, ...Object.values(BUILT_IN_DRIVERS)].flatMap((plugins) => [...plugins.values()]);
  const exports = await Promise.all(named.map((load) => load()));
  return [...new Set(exports.flat())];
}
