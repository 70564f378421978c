import { describe, expect, it } from '@jest/globals';
import { POD_SECURITY_GROUPS } from '@kuryr-l7/config';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { DefaultSecurityGroupsDriver } from './default-security-groups-driver.js';
import plugins from './index.js';

describe('the default driver of security groups', () => {
  it('is one for Pods and for Services', () => {
    expect(plugins.map(({ type, name }) => [type, name])).toEqual([
      ['pod-security-groups-driver', 'default'],
      ['service-security-groups-driver', 'default'],
    ]);
  });

  it('says those of kuryr.conf, none by default', async () => {
    const id = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
    const given = (text?: string): Configuration => ({
      get: <T>({ type, default: fallback }: Option<T>) => (text === undefined ? fallback : type.parse(text)),
    });
    expect(await new DefaultSecurityGroupsDriver(given()).getSecurityGroups()).toEqual([]);
    expect(await new DefaultSecurityGroupsDriver(given(`${id}, ${id}`)).getSecurityGroups()).toEqual([id, id]);
    expect(() => POD_SECURITY_GROUPS.type.parse('web')).toThrow(/is not a UUID/);
  });
});
