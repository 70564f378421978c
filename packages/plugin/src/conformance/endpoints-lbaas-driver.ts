import assert from 'node:assert/strict';
import { request as sendRequest } from 'node:http';
import type { Listener, LoadBalancer, Member, Vip } from '@kuryr-l7/service-load-balancer';
import type {
  EndpointsLbaasDriver,
  LoadBalancerReport,
  LoadBalancerRequest,
} from '../drivers/endpoints-lbaas-driver.js';
import { Backend } from './backend.js';
import type { TestFramework } from './fixture.js';
import { TEST_TIMEOUT_MILLISECONDS } from './test-timeout.js';

/** A driver with a place to make load balancers in, in which it has made none yet. */
export interface OpenedLbaasDriver {
  readonly driver: EndpointsLbaasDriver;
  readonly projectId: string;
  /** Where VIPs are. */
  readonly vip: Vip;
  /** The driver as another process has it, after a crash say. The first one is not closed before. */
  reopen(): Promise<EndpointsLbaasDriver>;
  /** Deletes what is left and closes everything. Called once, also after a failed test. */
  close(): Promise<void>;
}

/** What a driver's own test gives to {@link endpointsLbaasDriverConformance}. */
export interface LbaasFixture {
  /** The name of the driver, for the names of the tests. */
  readonly name: string;
  /** Called for each test. */
  open(): Promise<OpenedLbaasDriver>;
  /** Whether VIPs are reached by TCP from here, and members that listen at 127.0.0.1 by VIPs. Default: false. */
  readonly hasTraffic?: boolean;
  /** Milliseconds that one test may take. Default: 180,000. */
  readonly testTimeout?: number;
}

/** Milliseconds until what is in effect must be seen by clients. */
const PATIENCE = 60_000;

/** A driver in a test, and load balancers as the tests want them. */
class Subject {
  readonly signal = new AbortController().signal;

  constructor(private readonly opened: OpenedLbaasDriver) {}

  get driver(): EndpointsLbaasDriver {
    return this.opened.driver;
  }

  reopen(): Promise<EndpointsLbaasDriver> {
    return this.opened.reopen();
  }

  request(listeners: readonly Listener[], name = 'web'): LoadBalancerRequest {
    const service = `conformance/${name}`;
    const description = `Kubernetes Service ${service} from cluster conformance`;
    const { vip, projectId } = this.opened;
    return { wanted: { service, name: service, description, vip, placement: {}, listeners }, projectId };
  }

  ensure(listeners: readonly Listener[], name?: string, driver = this.driver): Promise<LoadBalancerReport> {
    return driver.ensureLoadBalancer(this.request(listeners, name), this.signal);
  }

  async services(driver = this.driver): Promise<readonly string[]> {
    return (await driver.survey(this.signal)).map(({ service }) => service);
  }
}

type Test = (subject: Subject) => Promise<void>;

const TESTS: Readonly<Record<string, Test>> = {
  async 'makes a load balancer as wanted, and tells it in Kuryr’s words'(subject) {
    const wanted = [listener(80, member(1), member(2)), listener(443, member(1, 8443))];
    const report = await subject.ensure(wanted);
    assert.notEqual(report.vipAddress, '');
    assert.notEqual(report.vipPortId, '');
    assert.ok(report.writes > 0);
    assert.equal(report.state.loadbalancer?.name, 'conformance/web');
    assert.equal(report.state.service_pub_ip_info, null);
    assertIs(report, wanted);
  },

  async 'writes nothing where all is as wanted, also as another process'(subject) {
    const wanted = [listener(80, member(1))];
    const first = await subject.ensure(wanted);
    for (const driver of [subject.driver, await subject.reopen()]) {
      const again = await subject.ensure(wanted, 'web', driver);
      assert.equal(again.writes, 0);
      assert.deepEqual(again.state, first.state);
    }
  },

  async 'follows members, to none and back'(subject) {
    const { state } = await subject.ensure([listener(80, member(1))]);
    for (const members of [[member(1), member(2)], [member(3)], [], [member(1)]]) {
      const wanted = [listener(80, ...members)];
      const report = await subject.ensure(wanted);
      assertIs(report, wanted);
      assert.equal(report.state.loadbalancer?.id, state.loadbalancer?.id, 'the load balancer is the same');
    }
  },

  async 'follows ports, and keeps load balancer and address'(subject) {
    const first = await subject.ensure([listener(80, member(1))]);
    const wanted = [listener(80, member(1)), listener(81, member(1))];
    assertIs(await subject.ensure(wanted), wanted);
    const fewer = [listener(81, member(1))];
    const last = await subject.ensure(fewer);
    assertIs(last, fewer);
    assert.deepEqual([last.vipAddress, last.vipPortId], [first.vipAddress, first.vipPortId]);
  },

  async 'keeps the Services of one namespace apart, whatever their names, also at once'(subject) {
    const names = ['web', 'web-2', 'we'];
    const reports = await Promise.all(
      names.map((name, index) => subject.ensure([listener(80, member(index + 1))], name)),
    );
    assert.equal(new Set(reports.map(({ vipAddress }) => vipAddress)).size, names.length);
    assert.deepEqual([...(await subject.services())].sort(), [
      'conformance/we',
      'conformance/web',
      'conformance/web-2',
    ]);
    await subject.driver.releaseLoadBalancer('conformance/web', subject.signal);
    assert.deepEqual([...(await subject.services())].sort(), ['conformance/we', 'conformance/web-2']);
    assert.equal((await subject.ensure([listener(80, member(2))], 'web-2')).writes, 0);
  },

  async 'releases what a Service has, and takes nothing there for released'(subject) {
    await subject.driver.releaseLoadBalancer('conformance/never', subject.signal);
    await subject.ensure([listener(80, member(1))]);
    const other = await subject.reopen();
    assert.deepEqual(await subject.services(other), ['conformance/web']);
    await other.releaseLoadBalancer('conformance/web', subject.signal);
    await other.releaseLoadBalancer('conformance/web', subject.signal);
    assert.deepEqual(await subject.services(other), []);
  },

  async 'finds at a survey what others have changed, and mends it'(subject) {
    const wanted = [listener(80, member(1))];
    const survey = async () => (await subject.driver.survey(subject.signal)).map(({ service }) => service);
    await subject.ensure(wanted);
    assert.deepEqual(await survey(), ['conformance/web']);
    // By now a driver may trust what it has read, where the cloud tells times in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.equal((await subject.ensure(wanted)).writes, 0);
    await survey();
    await subject.ensure([listener(80, member(2))], 'web', await subject.reopen());
    await survey();
    assertIs(await subject.ensure(wanted), wanted);
    await (await subject.reopen()).releaseLoadBalancer('conformance/web', subject.signal);
    assert.deepEqual(await subject.driver.survey(subject.signal), [{ service: 'conformance/web', needsCare: true }]);
    assertIs(await subject.ensure(wanted), wanted);
  },

  async 'sets members of the ports that are there, and nothing else'(subject) {
    const first = await subject.ensure([listener(80, member(1)), listener(81, member(1))]);
    const asked = [listener(80, member(2)), listener(82, member(2))];
    for (const driver of [subject.driver, await subject.reopen()]) {
      await driver.setMembers(subject.request(asked), subject.signal);
      await driver.setMembers(subject.request(asked, 'never'), subject.signal);
    }
    const now = [listener(80, member(2)), listener(81, member(1))];
    const report = await subject.ensure(now, 'web', await subject.reopen());
    assert.equal(report.writes, 0, 'they are so already');
    assertIs(report, now);
    assert.equal(report.state.loadbalancer?.id, first.state.loadbalancer?.id);
    assert.deepEqual(await subject.services(), ['conformance/web']);
    const again = [listener(80, member(1)), listener(81, member(1))];
    assertIs(await subject.ensure(again), again);
  },

  async 'makes one again for a Service that comes back'(subject) {
    const wanted = [listener(80, member(1))];
    await subject.ensure(wanted);
    await subject.driver.releaseLoadBalancer('conformance/web', subject.signal);
    const report = await subject.ensure(wanted);
    assert.ok(report.writes > 0);
    assertIs(report, wanted);
  },

  async 'ends with its signal, and is completed by the next call'(subject) {
    const wanted = [listener(80, member(1)), listener(81, member(2))];
    await assert.rejects(subject.driver.ensureLoadBalancer(subject.request(wanted), AbortSignal.abort()));
    const soon = new AbortController();
    const ensuring = subject.driver.ensureLoadBalancer(subject.request(wanted), soon.signal);
    setTimeout(() => soon.abort(), 20);
    await ensuring.catch(() => undefined);
    assertIs(await subject.ensure(wanted, 'web', await subject.reopen()), wanted);
    assert.deepEqual(await subject.services(), ['conformance/web']);
  },
};

const TRAFFIC_TESTS: Readonly<Record<string, Test>> = {
  async 'leads to its members, whichever they are'(subject) {
    const backends = await Promise.all(['a', 'b'].map((name) => Backend.start(name, '127.0.0.1')));
    try {
      for (const { name, port } of backends) {
        const { vipAddress } = await subject.ensure([listener(80, { address: '127.0.0.1', port })]);
        await until(async () => assert.equal(await backendAt(vipAddress), name));
      }
      const { vipAddress } = await subject.ensure([listener(80)]);
      await until(() => assert.rejects(backendAt(vipAddress)));
    } finally {
      await Promise.all(backends.map((backend) => backend.stop()));
    }
  },
};

/**
 * The conformance suite for drivers that give Services load balancers. It looks at what the driver tells of them and,
 * where there is traffic, at who answers.
 */
export function endpointsLbaasDriverConformance(fixture: LbaasFixture, { describe, it }: TestFramework): void {
  const tests = fixture.hasTraffic === true ? { ...TESTS, ...TRAFFIC_TESTS } : TESTS;
  describe(`endpoints-lbaas-driver ${fixture.name}`, () => {
    for (const [name, test] of Object.entries(tests)) {
      const run = async () => {
        const opened = await fixture.open();
        try {
          await test(new Subject(opened));
        } finally {
          await opened.close();
        }
      };
      it(name, run, fixture.testTimeout ?? TEST_TIMEOUT_MILLISECONDS);
    }
  });
}

function member(index: number, port = 8080): Member {
  return { address: `192.0.2.${index}`, port };
}

function listener(port: number, ...members: readonly Member[]): Listener {
  return {
    key: `TCP:${port}`,
    protocol: 'TCP',
    port,
    settings: { allowedCidrs: [], connectionLimit: -1, insertHeaders: [] },
    pool: { protocol: 'TCP', lbAlgorithm: 'ROUND_ROBIN', members },
  };
}

/** Ports, and members of each, are exactly as wanted. */
function assertIs({ state }: LoadBalancerReport, wanted: LoadBalancer['listeners']): void {
  const text = (port: number, members: readonly string[]) => `${port} -> ${[...members].sort().join(' ')}`;
  const there = state.listeners.map((one) => {
    const pools = state.pools.filter(({ listener_id }) => listener_id === one.id).map(({ id }) => id);
    const members = state.members.filter(({ pool_id }) => pools.includes(pool_id));
    return text(
      one.port,
      members.map(({ ip, port }) => `${ip}:${port}`),
    );
  });
  const expected = wanted.map(({ port, pool }) =>
    text(
      port,
      pool.members.map((one) => `${one.address}:${one.port}`),
    ),
  );
  assert.deepEqual(there.sort(), expected.sort());
}

async function backendAt(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = sendRequest({ host, port: 80, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).backend));
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function until(check: () => Promise<void>): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
