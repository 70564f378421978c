import type { Option } from '../option.js';
import { list } from '../types/list.js';
import { oneOf } from '../types/one-of.js';

// Defined here, as what clusterIPs are counts for several handlers; those that use it name it among their options.

export const LB_SERVICE_TYPES: Option<readonly ('ClusterIP' | 'NodePort' | 'LoadBalancer')[]> = {
  group: 'kubernetes',
  name: 'lb_service_types',
  type: list(oneOf(['ClusterIP', 'NodePort', 'LoadBalancer'])),
  default: [],
  help:
    'Types of Services that get a load balancer of their own. LoadBalancer alone is for clusters with any network; with ' +
    'ClusterIP, too, clusterIPs are the VIPs, as in Kuryr. Empty by default: none. What was made stays when it is emptied ' +
    'again, and goes with its Service.',
};
