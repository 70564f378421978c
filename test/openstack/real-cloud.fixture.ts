import { type Cloud, type CloudSettings, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings } from '@kuryr-l7/openstack-simulator';
import { type Login, readFacts } from './bed/facts.js';

export const facts = readFacts();

/** The test bed's cloud, seen by one of its users; the one of the project `kuryr` unless told. */
export function realCloud(
  login: Login = facts.users.member,
  endpointOverrides: CloudSettings['endpointOverrides'] = {},
): Promise<Cloud> {
  return openCloud({ ...cloudSettings(facts, login), endpointOverrides, origin: 'the test bed' });
}
