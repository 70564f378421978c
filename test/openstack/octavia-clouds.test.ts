import { request as send } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createRouter,
  DEFAULT_OCTAVIA_SETTINGS,
  type OctaviaRouter,
  type OctaviaSettings,
  openOctaviaRouter,
  type TlsCertificate,
} from '@kuryr-l7/driver-octavia';
import type { Cloud } from '@kuryr-l7/openstack';
import type { Change } from '@kuryr-l7/router';
import { facts, realCloud } from './real-cloud.fixture.js';
import { selfSigned } from './self-signed.fixture.js';

const signal = new AbortController().signal;
const CLUSTER = 'clouds';

let cloud: Cloud;
let id: string;
let address: string;

function settings(changes: Partial<OctaviaSettings> = {}): OctaviaSettings {
  return {
    ...DEFAULT_OCTAVIA_SETTINGS,
    loadBalancerId: id,
    clusterId: CLUSTER,
    ...changes,
  };
}

beforeAll(async () => {
  cloud = await realCloud();
  const vipSubnet = facts.networks.vips.subnetId;
  const made = await createRouter(
    cloud,
    { name: `octavia-clouds-${process.pid}`, clusterId: CLUSTER, vipSubnet },
    signal,
  );
  ({ id, address } = made);
});

afterAll(async () => {
  await cloud.octavia.loadBalancers.delete(id, { cascade: true });
  for (const floatingIp of await cloud.neutron.floatingIps.list({ tags: [`kuryr-cluster=${CLUSTER}`] })) {
    await cloud.neutron.floatingIps.delete(floatingIp.id);
  }
  for (const secret of await cloud.barbican.secrets.list()) {
    if (secret.name.startsWith(`kuryr-cluster=${CLUSTER} `)) await cloud.barbican.secrets.delete(secret.secret_ref);
  }
  cloud.close();
});

describe('a real cloud that is not as kuryr.conf says', () => {
  it('has no load balancer of that UUID', async () => {
    const loadBalancerId = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
    await expect(openOctaviaRouter(cloud, settings({ loadBalancerId }), signal)).rejects.toThrow(
      /there is no such load balancer/,
    );
  });

  it.each([
    ['another project', facts.users.other],
    ['a user without the role', facts.users.withoutLoadBalancerRole],
  ])('belongs to %s', async (_name, login) => {
    const theirs = await realCloud(login);
    const opening = openOctaviaRouter(theirs, settings(), signal);
    await expect(opening).rejects.toMatchObject({ code: 'ERR_CONFIGURATION' });
    await expect(opening).rejects.toThrow(new RegExp(`we are user ${login.username} of project ${login.projectName}`));
    theirs.close();
  });

  it('has given the floating IP that it was asked for, once', async () => {
    const asked = settings({ floatingNetwork: facts.networks.floating.networkId });
    const first = await openOctaviaRouter(cloud, asked, signal);
    const second = await openOctaviaRouter(cloud, asked, signal);
    expect(first.description.addresses).toEqual([{ ip: expect.stringMatching(/^127\.200\./) }]);
    expect(second.description.addresses).toEqual(first.description.addresses);
  });
});

describe('certificates on a real Octavia', () => {
  let router: OctaviaRouter;
  let a: TlsCertificate;
  let b: TlsCertificate;

  beforeAll(async () => {
    [a, b] = [selfSigned('a.example'), selfSigned('b.example')];
    router = await openOctaviaRouter(cloud, settings(), signal);
  });

  /** Name in the certificate that a client is shown which asks for this host. */
  function shown(host: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const options = { host: address, servername: host, headers: { host }, rejectUnauthorized: false, agent: false };
      const sent = send(options, (response) => {
        response.resume();
        resolve((response.socket as TLSSocket).getPeerCertificate().subject.CN as string | undefined);
      });
      sent.once('error', reject);
      sent.end();
    });
  }

  async function listener() {
    const [found] = await cloud.octavia.listeners.list({ loadbalancer_id: id, protocol: 'TERMINATED_HTTPS' });
    return found;
  }

  it('are shown by the host that a client asks for', async () => {
    await router.setCertificates({ default: a, sni: [b] }, signal);
    expect(await shown('b.example')).toBe('b.example');
    expect(await shown('c.example')).toBe('a.example');
  });

  it('rotate, and the old secret goes', async () => {
    await router.setCertificates({ default: b }, signal);
    expect(await shown('a.example')).toBe('b.example');
    const secrets = await cloud.barbican.secrets.list();
    expect(secrets.filter(({ name }) => name.startsWith(`kuryr-cluster=${CLUSTER} `))).toHaveLength(1);
  });

  it('that somebody deletes are put back before a write would freeze the load balancer', async () => {
    const before = await listener();
    await cloud.barbican.secrets.delete(before?.default_tls_container_ref ?? '');
    const source = { kind: 'Service', namespace: 'shop', name: 'web' };
    const pool = { name: 'shop_web', protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members: [], source } as const;
    const change: Change = { type: 'createPool', pool };
    await router.apply(change, signal);
    expect(await cloud.octavia.loadBalancers.get(id)).toMatchObject({ provisioning_status: 'ACTIVE' });
    expect(await listener()).toMatchObject({ provisioning_status: 'ACTIVE' });
    expect(await shown('a.example')).toBe('b.example');
  });
});
