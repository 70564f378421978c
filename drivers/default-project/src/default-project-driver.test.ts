import { describe, expect, it } from '@jest/globals';
import { NEUTRON_PROJECT } from '@kuryr-l7/config';
import type { Cloud } from '@kuryr-l7/openstack';
import type { Configuration } from '@kuryr-l7/plugin';
import { projectDriverConformance } from '@kuryr-l7/plugin/conformance';
import { DefaultProjectDriver } from './default-project-driver.js';
import plugins from './index.js';

const SIGNAL = new AbortController().signal;

/** The driver with what `[neutron_defaults] project` says, and the project that `[neutron]` logs in to. */
function driver(project: string | undefined, login?: string): DefaultProjectDriver {
  const values = new Map<unknown, unknown>([[NEUTRON_PROJECT, project]]);
  const cloud: Partial<Cloud> = {
    keystone: {
      identity: async () => ({ userId: 'u', userName: 'kuryr', projectId: login, projectName: login, roles: [] }),
      endpoint: async () => new URL('http://127.0.0.1/'),
    },
  };
  const configuration = { get: (option: unknown) => values.get(option) } as Configuration;
  return new DefaultProjectDriver(configuration, { open: async () => cloud as Cloud });
}

projectDriverConformance(
  {
    name: 'default of projects',
    objects: [{ metadata: { name: 'web', namespace: 'ns' } }],
    open: async () => ({ driver: driver(undefined, 'login'), close: async () => undefined }),
  },
  { describe, it },
);

describe('the default driver of projects', () => {
  it('is one for Pods and for Services', () => {
    expect(plugins.map(({ type, name }) => [type, name])).toEqual([
      ['pod-project-driver', 'default'],
      ['service-project-driver', 'default'],
    ]);
  });

  it('says the project of kuryr.conf', async () => {
    expect(await driver('configured', 'login').getProject({}, SIGNAL)).toBe('configured');
  });

  it('says the project of the login where kuryr.conf names none', async () => {
    expect(await driver(undefined, 'login').getProject({}, SIGNAL)).toBe('login');
  });

  it('tells what to set where there is neither', async () => {
    await expect(driver(undefined).getProject({}, SIGNAL)).rejects.toThrow(
      /\[neutron_defaults\] project is not set, and the user of \[neutron\] logs in to no project/,
    );
  });
});
