import { setTimeout as delay } from 'node:timers/promises';
import { createRouter } from '@kuryr-l7/driver-octavia';
import { type Cloud, ImmutableError, NotFoundError, openCloud } from '@kuryr-l7/openstack';
import { readFacts } from '#bed/facts';
import { Backends } from './backends.js';
import { HttpProbe } from './http-probe.js';
import { LockWatch } from './lock-watch.js';
import type { BenchClock, OctaviaUnderTest } from './octavia-under-test.js';
import { RequestRecorder } from './request-recorder.js';

const CLUSTER_ID = 'bench';

const SYSTEM_CLOCK: BenchClock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(() => void callback(), milliseconds);
    return () => clearTimeout(timer);
  },
  atOnce: (work) => work(),
};

/** The test bed, which is up: a load balancer of our own, whose HAProxy carries real requests to real servers. */
export async function openRealOctavia(signal: AbortSignal): Promise<OctaviaUnderTest> {
  const { authUrl, region, endpoints, applicationCredential, networks } = readFacts();
  const { id: credential, secret } = applicationCredential;
  const cloud = await openCloud({
    origin: 'the test bed',
    authUrl,
    authentication: { method: 'application_credential', credential: { id: credential }, secret },
    region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  });
  const name = `bench-${process.pid}-${Date.now()}`;
  const vipSubnet = networks.vips.subnetId;
  const requests = await RequestRecorder.listen(endpoints.loadBalancer);
  const backends = await Backends.start();
  const close = async () => {
    cloud.close();
    await requests.close();
    await backends.close();
  };
  const { id, address } = await createRouter(cloud, { name, clusterId: CLUSTER_ID, vipSubnet }, signal).catch(
    async (error: unknown) => {
      await removeByName(cloud, name);
      await close();
      throw error;
    },
  );
  const locks = new LockWatch(id);
  return {
    name: 'real',
    clock: SYSTEM_CLOCK,
    requests,
    probe: new HttpProbe(address),
    endpoints: backends.endpoints,
    environment: {
      OS_KUBERNETES__L7_ROUTER_DRIVER: 'octavia',
      OS_INGRESS__L7_ROUTER_UUID: id,
      OS_INGRESS__CLUSTER_ID: CLUSTER_ID,
      OS_NEUTRON__AUTH_TYPE: 'v3applicationcredential',
      OS_NEUTRON__AUTH_URL: authUrl,
      OS_NEUTRON__APPLICATION_CREDENTIAL_ID: credential,
      OS_NEUTRON__APPLICATION_CREDENTIAL_SECRET: secret,
      OS_NEUTRON__REGION_NAME: region,
      OS_NEUTRON__ENDPOINT_TYPE: 'public',
      OS_NEUTRON__LOAD_BALANCER_ENDPOINT_OVERRIDE: requests.url,
    },
    lockedSeconds: () => locks.seconds,
    async close() {
      await locks.close();
      await remove(cloud, id);
      await close();
    },
  };
}

async function removeByName(cloud: Cloud, name: string): Promise<void> {
  for (const { id } of await cloud.octavia.loadBalancers.list({ name })) await remove(cloud, id);
}

/** A write may still be under way. */
async function remove({ octavia }: Cloud, id: string): Promise<void> {
  for (;;) {
    try {
      await octavia.loadBalancers.delete(id, { cascade: true });
      return;
    } catch (error) {
      if (error instanceof NotFoundError) return;
      if (!(error instanceof ImmutableError)) throw error;
    }
    await delay(500);
  }
}
