import { POD_SECURITY_GROUPS } from '@kuryr-l7/config';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { DefaultSecurityGroupsDriver } from './default-security-groups-driver.js';

const plugin = {
  name: 'default',
  pluginApi: 1,
  options: [POD_SECURITY_GROUPS],
  driver: DefaultSecurityGroupsDriver,
} as const;

const plugins: readonly [DriverPlugin<'pod-security-groups-driver'>, DriverPlugin<'service-security-groups-driver'>] = [
  { type: 'pod-security-groups-driver', ...plugin },
  { type: 'service-security-groups-driver', ...plugin },
];
export default plugins;
