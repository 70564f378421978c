import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Listener } from '@kuryr-l7/openstack';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import type { Change } from '@kuryr-l7/router';
import { certificateFor } from '../certificates.fixture.js';
import { converge, observe } from '../router/converge.fixture.js';
import { createRouter } from '../router/create-router.js';
import type { OctaviaRouter } from '../router/octavia-router.js';
import { CLUSTER, NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { pool } from '../wanted.fixture.js';
import { checkCertificate, type TlsCertificate } from './tls-certificate.js';

const ADD_POOL: Change = { type: 'createPool', pool: pool('web') };

let there: SimulatedCloud;
let router: OctaviaRouter;
let a: TlsCertificate;
let b: TlsCertificate;
let c: TlsCertificate;

beforeAll(async () => {
  [a, b, c] = [await certificateFor('a.example'), await certificateFor('b.example'), await certificateFor('c.example')];
});
beforeEach(async () => {
  there = await SimulatedCloud.start();
  router = await there.open();
});
afterEach(() => there.stop());

async function https(): Promise<Listener> {
  const [listener] = await there.cloud.octavia.listeners.list({ protocol: 'TERMINATED_HTTPS' });
  if (listener === undefined) throw new Error('there is no TERMINATED_HTTPS listener');
  return listener;
}

async function secretNames(): Promise<readonly string[]> {
  return (await there.cloud.barbican.secrets.list()).map(({ name }) => name).toSorted();
}

const nameOf = (certificate: TlsCertificate, id = there.id) =>
  `kuryr-cluster=test router=${id} sha256=${checkCertificate(certificate).fingerprint}`;

describe('certificates of the TERMINATED_HTTPS listener', () => {
  it('make the listener, which then carries policies', async () => {
    await router.setCertificates({ default: a, sni: [b] }, NEVER);
    expect(router.description.listeners.map(({ key }) => key)).toEqual(['HTTP:80', 'TERMINATED_HTTPS:443']);
    expect((await observe(router)).listeners.map(({ key }) => key)).toEqual(['HTTP:80', 'TERMINATED_HTTPS:443']);
    const listener = await https();
    expect(listener.sni_container_refs).toHaveLength(1);
    expect(await secretNames()).toEqual([nameOf(a), nameOf(b)].toSorted());
    const again = await there.open();
    expect(again.description).toEqual(router.description);
  });

  it('are not uploaded and not written twice', async () => {
    await router.setCertificates({ default: a, sni: [b] }, NEVER);
    there.simulator.octavia.resetCounters();
    await (await there.open()).setCertificates({ default: a, sni: [b] }, NEVER);
    expect(there.simulator.octavia.traffic.writes).toBe(0);
    expect(await secretNames()).toHaveLength(2);
  });

  it('rotate: the new secret, the listener, and only then the old secret goes', async () => {
    await router.setCertificates({ default: a, sni: [b] }, NEVER);
    const before = await https();
    const { octavia, barbican } = there.simulator;
    octavia.resetCounters();
    barbican.traffic.reset();
    await router.setCertificates({ default: c, sni: [b] }, NEVER);
    const after = await https();
    expect(after.default_tls_container_ref).not.toBe(before.default_tls_container_ref);
    expect(after.sni_container_refs).toEqual(before.sni_container_refs);
    expect(octavia.traffic.writes).toBe(1);
    expect(barbican.traffic.requests.flatMap(({ method }) => (method === 'GET' ? [] : [method]))).toEqual([
      'POST',
      'DELETE',
    ]);
    expect(await secretNames()).toEqual([nameOf(b), nameOf(c)].toSorted());
  });

  it('stay in Barbican while any listener of the project refers to them', async () => {
    await router.setCertificates({ default: a }, NEVER);
    const { default_tls_container_ref } = await https();
    const another = { loadbalancer_id: there.id, protocol: 'TERMINATED_HTTPS', protocol_port: 8443 } as const;
    await there.write(({ octavia }) => octavia.listeners.create({ ...another, default_tls_container_ref }));
    await router.setCertificates({ default: b }, NEVER);
    expect(await secretNames()).toEqual([nameOf(a), nameOf(b)].toSorted());
  });

  it('leave other secrets alone', async () => {
    await there.cloud.barbican.secrets.create({ name: 'kuryr-cluster=other sha256=0', payload: 'x' });
    await router.setCertificates({ default: a }, NEVER);
    expect(await secretNames()).toContain('kuryr-cluster=other sha256=0');
  });

  it('leave those of another router alone whose cluster has the same id, also before its listener refers to them', async () => {
    const vipSubnet = there.simulator.facts.networks.vips.subnetId;
    const notFoundMembers = [{ address: '10.0.0.9', port: 80 }];
    const terms = { name: 'other', clusterId: CLUSTER, vipSubnet, notFoundMembers };
    const { id } = await createRouter(there.cloud, terms, NEVER);
    const other = await there.open({ loadBalancerId: id });
    await router.setCertificates({ default: a }, NEVER);
    there.simulator.octavia.interference.fail({ answer: 400 });
    await expect(other.setCertificates({ default: b }, NEVER)).rejects.toThrow(/400/);
    await router.setCertificates({ default: c }, NEVER);
    expect(await secretNames()).toEqual([nameOf(b, id), nameOf(c)].toSorted());
    await other.setCertificates({ default: c }, NEVER);
    expect(await secretNames()).toEqual([nameOf(c, id), nameOf(c)].toSorted());
  });

  it('are stored once though Barbican gave no answer', async () => {
    there.simulator.barbican.interference.fail({ answer: 'drop', moment: 'after' });
    await router.setCertificates({ default: a }, NEVER);
    expect(await secretNames()).toEqual([nameOf(a)]);
  });

  it('are not given to a listener that is not ours', async () => {
    const ref = await there.cloud.barbican.secrets.create({ name: 'theirs', payload: checkCertificate(a).bundle() });
    const theirs = { loadbalancer_id: there.id, protocol: 'TERMINATED_HTTPS', protocol_port: 443 } as const;
    await there.write(({ octavia }) => octavia.listeners.create({ ...theirs, default_tls_container_ref: ref }));
    await expect(router.setCertificates({ default: b }, NEVER)).rejects.toThrow(
      /is not ours, so it keeps the certificates/,
    );
    expect((await there.open()).description.listeners).toHaveLength(2);
  });
});

describe('a certificate that somebody deletes from Barbican', () => {
  it('is put back before the next write, which would freeze the load balancer', async () => {
    await router.setCertificates({ default: a, sni: [b] }, NEVER);
    const before = await https();
    await there.cloud.barbican.secrets.delete(before.default_tls_container_ref ?? '');
    await router.apply(ADD_POOL, NEVER);
    const after = await https();
    expect(after.default_tls_container_ref).not.toBe(before.default_tls_container_ref);
    expect(after.provisioning_status).toBe('ACTIVE');
    expect(await secretNames()).toEqual([nameOf(a), nameOf(b)].toSorted());
  });

  it('is left out where a new process does not know it, as long as another is left', async () => {
    await router.setCertificates({ default: a, sni: [b] }, NEVER);
    const before = await https();
    await there.cloud.barbican.secrets.delete(before.default_tls_container_ref ?? '');
    await (await there.open()).apply(ADD_POOL, NEVER);
    expect(await https()).toMatchObject({
      default_tls_container_ref: before.sni_container_refs[0],
      provisioning_status: 'ACTIVE',
    });
  });

  it('of a listener that is not ours holds up every write until it is there again', async () => {
    const ref = await there.cloud.barbican.secrets.create({ name: 'theirs', payload: checkCertificate(a).bundle() });
    const theirs = {
      loadbalancer_id: there.id,
      protocol: 'TERMINATED_HTTPS',
      protocol_port: 8443,
      name: 'shop',
    } as const;
    const { id } = await there.write(({ octavia }) =>
      octavia.listeners.create({ ...theirs, default_tls_container_ref: ref }),
    );
    await observe(router);
    await there.cloud.barbican.secrets.delete(ref);
    const writing = router.apply(ADD_POOL, NEVER);
    await expect(writing).rejects.toThrow(RouterUnavailableError);
    await expect(writing).rejects.toThrow(
      /listener shop \(.*\) refers to .*, which somebody has deleted from Barbican/,
    );
    const good = await there.cloud.barbican.secrets.create({ name: 'theirs', payload: checkCertificate(b).bundle() });
    await there.write(({ octavia }) => octavia.listeners.update(id, { default_tls_container_ref: good }));
    const reopened = await there.open();
    await converge(reopened, { listeners: [], pools: [pool('web')] });
    expect((await observe(reopened)).pools).toHaveLength(2);
  });
});
