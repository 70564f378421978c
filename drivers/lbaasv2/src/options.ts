import { integer } from '@kuryr-l7/config';
import type { Option } from '@kuryr-l7/plugin';

export const LBAAS_ACTIVATION_TIMEOUT: Option<number> = {
  group: 'neutron_defaults',
  name: 'lbaas_activation_timeout',
  type: integer({ minimum: 1 }),
  default: 300,
  help:
    'Seconds that the load balancer of a Service may be PENDING before that is told on the Service; it is waited for ' +
    "after that, too. The default is Kuryr's, and more than an amphora takes to boot.",
};
