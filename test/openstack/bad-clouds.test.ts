import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedRouter, createRouter } from '@kuryr-l7/driver-octavia';
import type { Cloud } from '@kuryr-l7/openstack';
import { CertificateAuthority } from '../../packages/openstack/src/certificates.fixture.js';
import { backend, ingress } from '../end-to-end/manifests.fixture.js';
import { eventually, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { pauseWorker } from './bed/paused-worker.js';
import { Gateway } from './gateway.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';
import { answerOf, RunningController } from './running-controller.fixture.js';

const signal = new AbortController().signal;
const NAME = `bad-clouds-${process.pid}`;
const OURS = { tags: ['kuryr-cluster=bad-clouds'] };

let directory: string;
let configFile: string;
let project: OwnProject;
let cloud: Cloud;
let router: CreatedRouter;
let cluster: TestCluster;
let controller: RunningController | undefined;
const gateways: Gateway[] = [];

type Options = Readonly<Record<string, string>>;

/** kuryr.conf of a cloud where all is well, but for these options. */
function kuryrConf(
  changes: { readonly ingress?: Options; readonly neutron?: Options; readonly octavia?: Options } = {},
) {
  const sections: Readonly<Record<string, Options>> = {
    kubernetes: { kubeconfig: cluster.kubeconfigFile, l7_router_driver: 'octavia' },
    health_server: { bind_address: '127.0.0.1', port: '0' },
    ingress: { l7_router_uuid: router.id, cluster_id: 'bad-clouds', ...changes.ingress },
    neutron: {
      auth_type: 'password',
      auth_url: facts.authUrl,
      username: project.login.username,
      password: project.login.password,
      user_domain_name: 'Default',
      project_id: project.login.projectId,
      region_name: facts.region,
      ...changes.neutron,
    },
    octavia: { pending_timeout: '60', ...changes.octavia },
  };
  return Object.entries(sections)
    .flatMap(([name, options]) => [
      `[${name}]`,
      ...Object.entries(options).map(([key, value]) => `${key} = ${value}`),
      '',
    ])
    .join('\n');
}

async function start(changes: Parameters<typeof kuryrConf>[0] = {}): Promise<RunningController> {
  controller = await RunningController.start(configFile, kuryrConf(changes));
  return controller;
}

async function gatewayTo(...target: Parameters<typeof Gateway.to>): Promise<Gateway> {
  const gateway = await Gateway.to(...target);
  gateways.push(gateway);
  return gateway;
}

/** What the VIP answers for a host: the Service whose Pod it was, or a status. */
async function served(host: string): Promise<string | number> {
  const answer = await answerOf(router.vipAddress, host);
  return typeof answer === 'string' ? JSON.parse(answer).service : answer;
}

function route(name: string): void {
  cluster.apply(ingress(name, [[`${name}.example`, ['/', 'Prefix', 'web']]]));
}

async function makeRouter(name: string): Promise<CreatedRouter> {
  return createRouter(cloud, { name, clusterId: 'bad-clouds', vipSubnet: facts.networks.vips.subnetId }, signal);
}

/** Writes beside the controller, as an administrator: again while somebody else's write is under way. */
async function byHand<T>(send: () => Promise<T>): Promise<T> {
  const result = await eventually(send, 60_000);
  await eventually(async () => {
    const { provisioning_status } = await cloud.octavia.loadBalancers.get(router.id);
    expect(provisioning_status).toBe('ACTIVE');
  }, 60_000);
  return result;
}

async function deleteRouter(id: string): Promise<void> {
  await eventually(() => cloud.octavia.loadBalancers.delete(id, { cascade: true }), 60_000);
  await eventually(async () => expect(await cloud.octavia.loadBalancers.list({ id })).toEqual([]), 60_000);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bad-clouds-'));
  configFile = join(directory, 'kuryr.conf');
  project = await OwnProject.create(facts, NAME);
  cloud = await realCloud(project.login);
  router = await makeRouter(NAME);
  cluster = await TestCluster.withoutController();
  cluster.apply(...backend('web'));
  route('web');
});

afterEach(async () => {
  await controller?.stop();
  controller = undefined;
  for (const gateway of gateways.splice(0)) await gateway.close();
  await project.restore();
});

afterAll(async () => {
  rmSync(directory, { recursive: true });
  await cluster.stop();
  for (const { id } of await cloud.octavia.loadBalancers.list()) await deleteRouter(id);
  cloud.close();
  await project.remove();
});

describe('a whole controller tells what is wrong with the cloud, and goes on by itself when it is mended', () => {
  it('a wrong UUID', async () => {
    const wrong = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
    const running = await start({ ingress: { l7_router_uuid: wrong } });
    await running.tells(new RegExp(`l7_router_uuid = ${wrong}: there is no such load balancer.*router create`));
    expect(await running.readyz()).toMatch(/\[-\]router failed: .*no such load balancer/);
    writeFileSync(configFile, kuryrConf());
    await running.recovers();
    expect(await served('web.example')).toBe('web');
  });

  it('another project’s load balancer', async () => {
    const { username, password, projectId } = facts.users.other;
    const running = await start({ neutron: { username, password, project_id: projectId } });
    await running.tells(
      /l7_router_uuid = .* of another project.*user other of project other with.*log in to the other one/,
    );
    writeFileSync(configFile, kuryrConf());
    await running.recovers();
  });

  it('wrong credentials', async () => {
    await project.setPassword('another one');
    const running = await start();
    await running.tells(new RegExp(`does not let user ${NAME} .*in: check names, domains and secret in \\[neutron\\]`));
    await project.setPassword(project.login.password);
    await running.recovers();
  });

  it('a missing role', async () => {
    await project.revoke('load-balancer_member');
    await project.revoke('member');
    const running = await start();
    await running.tells(
      new RegExp(`l7_router_uuid = .*lacks the role load-balancer_member: we are user ${NAME} .*add the role`),
    );
    await project.grant('load-balancer_member');
    await project.grant('member');
    await running.recovers();
  });

  it('an unknown region', async () => {
    const running = await start({ neutron: { region_name: 'Atlantis' } });
    await running.tells(
      /no load-balancer service \(Octavia\) in region Atlantis; it is in RegionOne: correct region_name/,
    );
    writeFileSync(configFile, kuryrConf());
    await running.recovers();
  });

  it('a listener on our port that is not ours', async () => {
    for (const { id } of await cloud.octavia.listeners.list({ loadbalancer_id: router.id })) {
      await byHand(() => cloud.octavia.listeners.delete(id));
    }
    const here = { loadbalancer_id: router.id, protocol_port: 80 };
    const tcp = await byHand(() => cloud.octavia.listeners.create({ ...here, protocol: 'TCP', name: 'mail' }));
    const running = await start();
    await running.tells(
      /port 80 of load balancer .* listener mail \(.*\) of protocol TCP.*delete it, or name another port/,
    );
    await byHand(() => cloud.octavia.listeners.delete(tcp.id));
    await running.recovers();
    expect(await served('web.example')).toBe('web');
  });

  it('an HTTP listener that an administrator has made, which is used and never changed', async () => {
    for (const { id } of await cloud.octavia.listeners.list({ loadbalancer_id: router.id })) {
      await byHand(() => cloud.octavia.listeners.delete(id));
    }
    const here = { loadbalancer_id: router.id, protocol_port: 80 };
    const made = await byHand(() => cloud.octavia.listeners.create({ ...here, protocol: 'HTTP', name: 'theirs' }));
    const running = await start();
    await running.recovers();
    expect(await served('web.example')).toBe('web');
    const { name, tags, insert_headers } = await cloud.octavia.listeners.get(made.id);
    expect({ name, tags, insert_headers }).toEqual({ name: 'theirs', tags: [], insert_headers: made.insert_headers });
  });

  it('an endpoint that can’t be reached, at the start and later', async () => {
    const gateway = await gatewayTo(facts.endpoints.loadBalancer);
    const { url } = gateway;
    await gateway.close();
    const running = await start({ neutron: { load_balancer_endpoint_override: url } });
    await running.tells(new RegExp(`${url} can't be reached .*ECONNREFUSED.*check that the service runs`));
    await gateway.open();
    await running.recovers();
    await gateway.close();
    route('later');
    await running.tells(new RegExp(`${url} can't be reached`));
    expect(await served('web.example')).toBe('web');
    await gateway.open();
    await running.recovers();
    expect(await served('later.example')).toBe('web');
  });

  it('an expired certificate', async () => {
    const authority = await CertificateAuthority.create();
    writeFileSync(join(directory, 'ca.pem'), authority.certificate);
    const expired = await authority.issue('keystone', { notAfter: new Date(Date.now() - 60_000) });
    const gateway = await gatewayTo(facts.authUrl, expired);
    const running = await start({ neutron: { auth_url: gateway.url, cafile: join(directory, 'ca.pem') } });
    await running.tells(
      /no TLS with https:\/\/127\.0\.0\.1:\d+: certificate has expired: renew the service's certificate/,
    );
    gateway.renew(await authority.issue('keystone'));
    await running.recovers();
  });

  it('a quota that is met', async () => {
    const running = await start();
    await running.recovers();
    await project.setQuota({ pool: 1 });
    cluster.apply(...backend('more'), ingress('more', [['more.example', ['/', 'Prefix', 'more']]]));
    await running.tells(/create pool default_more: .*Quota has been met.*openstack loadbalancer quota set/);
    const stateOf = (name: string) => JSON.stringify(cluster.get('Ingress', name).status);
    await eventually(() => expect(stateOf('more')).toContain('openstack.org/RouterRefused'), 100_000);
    expect(stateOf('web')).not.toContain('RouterRefused');
    expect(await served('web.example')).toBe('web');
    await project.setQuota({ pool: -1 });
    await running.recovers();
    expect(await served('more.example')).toBe('more');
  });

  it('an administrator’s own changes (409)', async () => {
    const running = await start();
    await running.recovers();
    for (const name of ['one', 'two', 'three']) {
      const theirs = { loadbalancer_id: router.id, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN', name } as const;
      const made = eventually(() => cloud.octavia.pools.create(theirs), 60_000);
      route(`beside-${name}`);
      await made;
    }
    await running.recovers();
    expect(await served('beside-three.example')).toBe('web');
    expect((await cloud.octavia.pools.list({ name: 'two' })).at(0)?.tags).toEqual([]);
  });

  it('5xx after a change that was in fact made', async () => {
    const gateway = await gatewayTo(facts.endpoints.loadBalancer);
    const running = await start({ neutron: { load_balancer_endpoint_override: gateway.url } });
    await running.recovers();
    const before = (await cloud.octavia.l7Policies.list(OURS)).length;
    gateway.failOnceDone(({ method, url }) => method === 'POST' && url === '/v2/lbaas/l7policies', 502);
    route('once');
    await running.recovers();
    expect(await served('once.example')).toBe('web');
    expect(await cloud.octavia.l7Policies.list(OURS)).toHaveLength(before + 1);
  });

  it('a worker that is down, so that the load balancer stays PENDING', async () => {
    const running = await start({ octavia: { pending_timeout: '3' } });
    await running.recovers();
    const resume = await pauseWorker();
    try {
      route('late');
      await running.tells(/load balancer .* in PENDING_UPDATE for \d+ seconds.*octavia-worker runs.*failover/);
    } finally {
      resume();
    }
    await running.recovers();
    expect(await served('late.example')).toBe('web');
  });

  it('an administrator’s rule that HAProxy refuses, which spoils every later change', async () => {
    const running = await start();
    await running.recovers();
    const [listener] = await cloud.octavia.listeners.list({ loadbalancer_id: router.id });
    const theirs = await byHand(() =>
      cloud.octavia.l7Policies.create({ listener_id: listener?.id ?? '', action: 'REJECT', name: 'theirs' }),
    );
    const poison = { type: 'PATH', compare_type: 'REGEX', value: '(?>a)' } as const;
    await byHand(() => cloud.octavia.l7Rules.create(theirs.id, poison));
    route('spoilt');
    await running.tells(new RegExp(`went to ERROR.*l7rule \\S+ of l7policy theirs \\(${theirs.id}\\).*not ours`, 's'));
    expect(await served('web.example')).toBe('web');
    await byHand(() => cloud.octavia.l7Policies.delete(theirs.id));
    await running.recovers();
    expect(await served('spoilt.example')).toBe('web');
  });

  it('a load balancer that is deleted under us', async () => {
    const running = await start();
    await running.recovers();
    await deleteRouter(router.id);
    route('anew');
    await running.tells(/there is no such load balancer.*router create/);
    router = await makeRouter(`${NAME}-another`);
    writeFileSync(configFile, kuryrConf());
    await running.recovers();
    expect(await served('anew.example')).toBe('web');
  });
});
