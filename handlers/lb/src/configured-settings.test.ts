import { describe, expect, it } from '@jest/globals';
import {
  EXTERNAL_SVC_NET,
  LB_ALGORITHM,
  LB_SERVICE_TYPES,
  POD_SUBNET,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
} from '@kuryr-l7/config';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import type { LoadBalancerSettings } from '@kuryr-l7/service-load-balancer';
import { configuredSettings } from './configured-settings.js';
import * as options from './options.js';

/** kuryr.conf with these options, and the defaults of all others. */
function settingsOf(...given: readonly (readonly [Option, unknown])[]): LoadBalancerSettings {
  const values = new Map<Option, unknown>(given);
  const configuration: Configuration = {
    get: <T>(option: Option<T>): T => (values.has(option) ? (values.get(option) as T) : option.default),
  };
  return configuredSettings(configuration);
}

const SAID: readonly (readonly [Option, unknown, Partial<LoadBalancerSettings>])[] = [
  [LB_SERVICE_TYPES, ['NodePort'], { serviceTypes: ['NodePort'] }],
  [options.LB_CLASS, 'example.com/lb', { loadBalancerClass: 'example.com/lb' }],
  [options.LB_HANDLE_CLASSLESS, false, { handleClassless: false }],
  [options.LB_PERMITTED_ANNOTATIONS, ['port-id'], { permittedAnnotations: ['port-id'] }],
  [options.OCTAVIA_PROVIDER, 'ovn', { placement: { provider: 'ovn' } }],
  [options.OCTAVIA_PROVIDER, 'default', { placement: {} }],
  [options.FLAVOR, 'f1', { placement: { flavorId: 'f1' } }],
  [options.HEALTH_MONITOR, true, { healthMonitor: true }],
  [LB_ALGORITHM, 'LEAST_CONNECTIONS', { lbAlgorithm: 'LEAST_CONNECTIONS' }],
  [TIMEOUT_CLIENT_DATA, 7_000, { timeoutClientData: 7_000 }],
  [TIMEOUT_MEMBER_DATA, 8_000, { timeoutMemberData: 8_000 }],
  [EXTERNAL_SVC_NET, 'external', { floatingNetworkId: 'external' }],
  [options.MEMBER_MODE, 'nodeport', { memberMode: 'nodeport' }],
];

describe('the settings of load balancers of Services', () => {
  it.each(
    SAID.map(([option, value, changed]) => ({
      name: `[${option.group}] ${option.name} = ${value}`,
      option,
      value,
      changed,
    })),
  )('say what kuryr.conf says: $name', ({ option, value, changed }) => {
    expect(settingsOf([option, value])).toEqual({ ...settingsOf(), ...changed });
  });

  it('are Kuryr’s, and Octavia’s where Kuryr had none, where kuryr.conf says nothing', () => {
    const settings = settingsOf();
    expect(settings).toMatchObject({ handleClassless: true, healthMonitor: false, memberMode: 'L3', placement: {} });
    for (const absent of ['timeoutClientData', 'timeoutMemberData', 'floatingNetworkId', 'memberSubnetId']) {
      expect(settings).not.toHaveProperty(absent);
    }
    expect(settingsOf([TIMEOUT_CLIENT_DATA, 0], [TIMEOUT_MEMBER_DATA, 0])).toEqual(settings);
  });

  it('have members in pod_subnet in the mode L2 only', () => {
    const subnets = (['L2', 'L3', 'nodeport'] as const).map(
      (mode) => settingsOf([options.MEMBER_MODE, mode], [POD_SUBNET, 'pods']).memberSubnetId,
    );
    expect(subnets).toEqual(['pods', undefined, undefined]);
  });
});
