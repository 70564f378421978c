import { LB_SERVICE_TYPES } from '@kuryr-l7/config';
import { type HandlerPlugin, requireOwnClusterId } from '@kuryr-l7/plugin';
import { needsCloud } from './load-balancers/configured-settings.js';
import { requireMemberSettings } from './load-balancers/member-settings.js';
import { requireVipSettings } from './load-balancers/vip-settings.js';
import { LB_OPTIONS } from './options.js';
import { ServiceHandler } from './service-handler.js';

export { ServiceHandler } from './service-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'lb',
  routes: false,
  pluginApi: 1,
  options: LB_OPTIONS,
  uses: (configuration) =>
    needsCloud(configuration)
      ? [
          'endpoints-lbaas-driver',
          'service-public-ip-driver',
          'service-project-driver',
          'service-subnets-driver',
          'service-security-groups-driver',
        ]
      : [],
  check(configuration) {
    if (configuration.get(LB_SERVICE_TYPES).length === 0) return;
    requireOwnClusterId(configuration, '[kubernetes] lb_service_types gives Services load balancers of their own');
    requireVipSettings(configuration);
    requireMemberSettings(configuration);
  },
  handler: ServiceHandler,
};
export default plugin;
