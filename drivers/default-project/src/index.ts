import { NEUTRON_PROJECT } from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { DefaultProjectDriver } from './default-project-driver.js';

const plugin = {
  name: 'default',
  pluginApi: 1,
  options: [NEUTRON_PROJECT, ...OPENSTACK_OPTIONS],
  driver: DefaultProjectDriver,
} as const;

const plugins: readonly [DriverPlugin<'pod-project-driver'>, DriverPlugin<'service-project-driver'>] = [
  { type: 'pod-project-driver', ...plugin },
  { type: 'service-project-driver', ...plugin },
];
export default plugins;
