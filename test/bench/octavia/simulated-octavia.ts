import { createRouter, DEFAULT_OCTAVIA_SETTINGS, openOctaviaRouter } from '@kuryr-l7/driver-octavia';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import {
  cloudSettings,
  MEASURED_TIMING,
  type OpenStackFacts,
  startOpenStackSimulator,
} from '@kuryr-l7/openstack-simulator';
import type { L7Router, L7RouterDriver, L7RouterDriverPlugin } from '@kuryr-l7/plugin';
import { DecidingProbe } from './deciding-probe.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';
import { RequestRecorder } from './request-recorder.js';
import { VirtualClock } from './virtual-clock.js';

const CLUSTER_ID = 'bench';
const PENDING_TIMEOUT = 3_600_000;

/**
 * The simulator, with the lock times that were measured on a real Octavia and their growth with the number of children, in
 * time that only passes while a load balancer is locked.
 */
export async function openSimulatedOctavia(signal: AbortSignal): Promise<OctaviaUnderTest> {
  const clock = new VirtualClock();
  const probe = new DecidingProbe();
  const { octavia, facts, close } = await startOpenStackSimulator({ clock, timing: MEASURED_TIMING, dataPlane: probe });
  const requests = await RequestRecorder.listen(facts.endpoints.loadBalancer);
  const cloud = await cloudOf(facts);
  const vipSubnet = facts.networks.vips.subnetId;
  const { id } = await createRouter(cloud, { name: 'bench', clusterId: CLUSTER_ID, vipSubnet, clock }, signal);
  cloud.close();
  const open = async (opening: AbortSignal): Promise<L7Router> => {
    const settings = {
      ...DEFAULT_OCTAVIA_SETTINGS,
      loadBalancerId: id,
      clusterId: CLUSTER_ID,
      pendingTimeout: PENDING_TIMEOUT,
    };
    return openOctaviaRouter(await cloudOf(facts, requests.url), settings, opening, { clock });
  };
  return {
    name: 'simulator',
    clock,
    requests,
    probe,
    endpoints: { addresses: Array.from({ length: 23 }, (_, index) => `10.1.0.${index + 1}`), port: 8080 },
    environment: {},
    driver: driverThat(open),
    lockedSeconds: () => octavia.lockedSeconds(id),
    async close() {
      await requests.close();
      await close();
    },
  };
}

/** The octavia driver has no option for the clock. */
function driverThat(open: L7RouterDriver['open']): L7RouterDriverPlugin {
  class ClockedOctaviaDriver implements L7RouterDriver {
    readonly name = 'octavia';
    readonly open = open;
  }
  return { type: 'l7-router-driver', name: 'octavia', pluginApi: 1, driver: ClockedOctaviaDriver };
}

function cloudOf(facts: OpenStackFacts, loadBalancer?: string): Promise<Cloud> {
  const endpointOverrides = loadBalancer === undefined ? {} : { 'load-balancer': loadBalancer };
  return openCloud({ ...cloudSettings(facts), endpointOverrides });
}
