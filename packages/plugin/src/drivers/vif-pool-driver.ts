import type { PodVifDriver } from './pod-vif-driver.js';

/**
 * Stands between the handler of Pods and the `pod_vif_driver`, which it asks for by its token, and may keep VIFs ready for
 * Pods to come. Named by `[kubernetes] vif_pool_driver`.
 */
export type VifPoolDriver = Omit<PodVifDriver, 'requestVifs'>;
