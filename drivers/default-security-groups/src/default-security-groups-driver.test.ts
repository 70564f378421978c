import { describe, expect, it } from '@jest/globals';
import { POD_SECURITY_GROUPS } from '@kuryr-l7/config';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { securityGroupsDriverConformance } from '@kuryr-l7/plugin/conformance';
import { DefaultSecurityGroupsDriver } from './default-security-groups-driver.js';
import plugins from './index.js';

const ID = '99f580e6-d894-442a-bc5f-4d14b41e10d2';

/** The configuration where `pod_security_groups` is this text. */
const given = (text?: string): Configuration => ({
  get: <T>({ type, default: fallback }: Option<T>) => (text === undefined ? fallback : type.parse(text)),
});

securityGroupsDriverConformance(
  {
    name: 'default of security groups',
    projectId: 'p',
    objects: [{ metadata: { name: 'web', namespace: 'ns' } }],
    open: async () => ({ driver: new DefaultSecurityGroupsDriver(given(ID)), close: async () => undefined }),
  },
  { describe, it },
);

describe('the default driver of security groups', () => {
  it('is one for Pods and for Services', () => {
    expect(plugins.map(({ type, name }) => [type, name])).toEqual([
      ['pod-security-groups-driver', 'default'],
      ['service-security-groups-driver', 'default'],
    ]);
  });

  it('says those of kuryr.conf, none by default', async () => {
    expect(await new DefaultSecurityGroupsDriver(given()).getSecurityGroups()).toEqual([]);
    expect(await new DefaultSecurityGroupsDriver(given(ID)).getSecurityGroups()).toEqual([ID]);
    expect(() => POD_SECURITY_GROUPS.type.parse('web')).toThrow(/is not a UUID/);
  });
});
