import { type Option, POD_VIF_DRIVER, VIF_POOL_DRIVER } from '@kuryr-l7/config';
import { type Configuration, ConfigurationError } from '@kuryr-l7/plugin';
import { POOLS_VIF_DRIVERS, VIF_POOL_MAPPING } from './options.js';

/**
 * Where Kuryr would choose pools by node, nodes would be without ports here.
 * @throws ConfigurationError where `[vif_pool] vif_pool_mapping` or `pools_vif_drivers` say anything else than the two drivers
 */
export function requireOnePool(configuration: Configuration): void {
  const mapping = [...configuration.get(VIF_POOL_MAPPING)];
  const swapped = [...configuration.get(POOLS_VIF_DRIVERS)].map(([pool, vifs]) => [vifs, pool] as const);
  requireOne(configuration, VIF_POOL_MAPPING, mapping);
  requireOne(configuration, POOLS_VIF_DRIVERS, swapped);
}

/** @param pairs `pod_vif_driver` and its pool */
function requireOne(configuration: Configuration, option: Option, pairs: readonly (readonly [string, string])[]): void {
  const ours = configuration.get(POD_VIF_DRIVER);
  const pool = configuration.get(VIF_POOL_DRIVER);
  const other = pairs.find(([vifs, itsPool]) => vifs !== ours || itsPool !== pool);
  if (other === undefined) return;
  const [, wanted = pool] = pairs.find(([vifs]) => vifs === ours) ?? [];
  throw new ConfigurationError(
    `[${option.group}] ${option.name} asks for pool ${other[1]} with ${other[0]}, and one pod_vif_driver (${ours}) and one ` +
      `vif_pool_driver (${pool}) serve all nodes here: remove it and write [kubernetes] vif_pool_driver = ${wanted}`,
  );
}
