import { describe, expect, it } from '@jest/globals';
import {
  CLUSTER_ID,
  EXTERNAL_SVC_NET,
  LB_ALGORITHM,
  LB_SERVICE_TYPES,
  POD_SUBNET,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
} from '@kuryr-l7/config';
import type { Option } from '@kuryr-l7/plugin';
import { settings } from '@kuryr-l7/plugin/conformance';
import { DEFAULT_LOAD_BALANCER_SETTINGS, type LoadBalancerSettings } from '@kuryr-l7/service-load-balancer';
import * as options from '../options.js';
import { configuredSettings } from './configured-settings.js';

/** kuryr.conf with these options, and the defaults of all others. */
function settingsOf(...given: readonly (readonly [Option, unknown])[]): LoadBalancerSettings {
  return configuredSettings(settings(Object.fromEntries(given.map(([{ name }, value]) => [name, value]))));
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
    const defaults = { ...DEFAULT_LOAD_BALANCER_SETTINGS, clusterId: CLUSTER_ID.default };
    expect(settingsOf()).toEqual(defaults);
    expect(settingsOf([TIMEOUT_CLIENT_DATA, 0], [TIMEOUT_MEMBER_DATA, 0])).toEqual(defaults);
  });

  it('have members in pod_subnet in the mode L2 only', () => {
    const subnets = (['L2', 'L3', 'nodeport'] as const).map(
      (mode) => settingsOf([options.MEMBER_MODE, mode], [POD_SUBNET, 'pods']).memberSubnetId,
    );
    expect(subnets).toEqual(['pods', undefined, undefined]);
  });
});
