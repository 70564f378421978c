import type { DriverType, Plugin } from '@kuryr-l7/plugin';

/** The default export of a package: a plugin, or several. */
export type PluginExport = Plugin | readonly Plugin[];

/** Names in kuryr.conf, and what each loads; a package is only imported when it is named. */
export type BuiltInPlugins = ReadonlyMap<string, () => Promise<PluginExport>>;

export const BUILT_IN_HANDLERS: BuiltInPlugins = new Map([
  ['ingresslb', async (): Promise<PluginExport> => (await import('@kuryr-l7/handler-ingresslb')).default],
  ['lb', async (): Promise<PluginExport> => (await import('@kuryr-l7/handler-lb')).default],
  ['vif', async (): Promise<PluginExport> => (await import('@kuryr-l7/handler-vif')).default],
  ['lbaasspec', async (): Promise<PluginExport> => (await import('@kuryr-l7/handler-lbaasspec')).default],
]);

const PROJECT: BuiltInPlugins = new Map([
  ['default', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-default-project')).default],
]);
const SUBNETS: BuiltInPlugins = new Map([
  ['default', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-default-subnets')).default],
]);
const SECURITY_GROUPS: BuiltInPlugins = new Map([
  ['default', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-default-security-groups')).default],
]);

const NEUTRON_VIF = async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-neutron-vif')).default;
const VIF_POOL = async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-vif-pool')).default;

export const BUILT_IN_DRIVERS: { readonly [T in DriverType]: BuiltInPlugins } = {
  'l7-router-driver': new Map([
    ['local', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-local')).default],
    ['octavia', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-octavia')).default],
  ]),
  'pod-project-driver': PROJECT,
  'pod-subnets-driver': new Map([
    ...SUBNETS,
    ['namespace', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-namespace-subnets')).default],
  ]),
  'pod-security-groups-driver': SECURITY_GROUPS,
  'pod-vif-driver': new Map([
    ['neutron-vif', NEUTRON_VIF],
    ['nested-vlan', NEUTRON_VIF],
  ]),
  'vif-pool-driver': new Map([
    ['noop', VIF_POOL],
    ['neutron', VIF_POOL],
    ['nested', VIF_POOL],
  ]),
  'service-project-driver': PROJECT,
  'service-subnets-driver': SUBNETS,
  'service-security-groups-driver': SECURITY_GROUPS,
  'endpoints-lbaas-driver': new Map([
    ['lbaasv2', async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-lbaasv2')).default],
  ]),
  'service-public-ip-driver': new Map([
    [
      'neutron_floating_ip',
      async (): Promise<PluginExport> => (await import('@kuryr-l7/driver-neutron-floating-ip')).default,
    ],
  ]),
};

/** All of ours. */
export async function builtInPlugins(): Promise<readonly Plugin[]> {
  const named = new Set(
    [BUILT_IN_HANDLERS, ...Object.values(BUILT_IN_DRIVERS)].flatMap((plugins) => [...plugins.values()]),
  );
  const found = new Set<Plugin>();
  // One after the other: they import much that is the same.
  for (const load of named) for (const plugin of [await load()].flat()) found.add(plugin);
  return [...found];
}
