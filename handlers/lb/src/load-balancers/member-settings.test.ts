import { expect, it } from '@jest/globals';
import { settings } from '@kuryr-l7/plugin/conformance';
import { requireMemberSettings } from './member-settings.js';

const check = (values: Parameters<typeof settings>[0]) => () => requireMemberSettings(settings(values));

it.each([
  [{ manage_security_groups: true }, /manage_security_groups is for ports of nodes.*member_mode = L3.*nodeport/],
  [{ member_mode: 'L2' }, /member_mode = L2 needs \[neutron_defaults\] pod_subnet/],
  [{ member_mode: 'L2', pod_subnet: 'pods', pod_subnets_driver: 'namespace' }, /driver = namespace.*member_mode = L3/],
])('%j ends the start, as part of it would have no effect', (values, reason) => {
  expect(check(values)).toThrow(reason);
});

it.each([
  {},
  { member_mode: 'nodeport', manage_security_groups: true },
  { member_mode: 'L2', pod_subnet: 'pods' },
  { pod_subnets_driver: 'namespace' },
  { member_mode: 'L2', pod_subnet: 'pods', pod_subnets_driver: 'their-subnets-in-one-network' },
])('%j is taken', (values) => {
  expect(check(values)).not.toThrow();
});
