import assert from 'node:assert/strict';
import type { ServicePublicIpDriver, ServicePublicIpRequest } from '../drivers/service-public-ip-driver.js';
import type { TestFramework } from './fixture.js';
import { TEST_TIMEOUT_MILLISECONDS } from './test-timeout.js';

/** A driver with a port that has no public address yet. */
export interface OpenedPublicIpDriver {
  readonly driver: ServicePublicIpDriver;
  readonly projectId: string;
  /** Id of the port. */
  readonly portId: string;
  /** Whether such an address is there, and the port that it leads to. */
  find(address: string): Promise<{ readonly portId: string | null } | undefined>;
  /** Makes another port that has no public address. */
  makePort(): Promise<string>;
  /** Takes an address by other means, as an administrator does. */
  takeAddress(): Promise<string>;
  /** Gives back whatever is left and closes everything. Called once, also after a failed test. */
  close(): Promise<void>;
}

/** What a driver's own test gives to {@link servicePublicIpDriverConformance}. */
export interface PublicIpFixture {
  /** The name of the driver, for the names of the tests. */
  readonly name: string;
  /** Called for each test. */
  open(): Promise<OpenedPublicIpDriver>;
  /** Milliseconds that one test may take. Default: 180,000. */
  readonly testTimeout?: number;
}

const NAMESPACE = 'conformance';

class Subject {
  readonly signal = new AbortController().signal;
  #elsewhere: Promise<string> | undefined;

  constructor(readonly opened: OpenedPublicIpDriver) {}

  request(changes: Partial<ServicePublicIpRequest> = {}, name = 'web'): ServicePublicIpRequest {
    const { projectId, portId } = this.opened;
    return { service: { metadata: { namespace: NAMESPACE, name } }, projectId, portId, ...changes };
  }

  /** Has the port lead to an address, as the handler does. */
  async acquire(changes?: Partial<ServicePublicIpRequest>) {
    const { driver, portId } = this.opened;
    const info = await driver.acquireServicePubIpInfo(this.request(changes), this.signal);
    await driver.associatePubIp(info, portId, this.signal);
    return info;
  }

  /** Another Service asks for an address, and can't have it. */
  async assertRefused(address: string): Promise<void> {
    this.#elsewhere ??= this.opened.makePort();
    const asked = this.request({ address, portId: await this.#elsewhere }, 'thief');
    const refused = this.opened.driver.acquireServicePubIpInfo(asked, this.signal);
    await assert.rejects(refused, { code: 'ERR_PUBLIC_IP_UNAVAILABLE' });
  }

  /** Addresses that a Service has. */
  async of(name = 'web'): Promise<readonly string[]> {
    const infos = await this.opened.driver.servicePubIps(`${NAMESPACE}/${name}`, this.signal);
    return infos.map(({ ip_addr }) => ip_addr);
  }

  /** Gives everything back that a Service has, as the handler does. */
  async giveBack(name = 'web'): Promise<void> {
    const { driver } = this.opened;
    for (const info of await driver.servicePubIps(`${NAMESPACE}/${name}`, this.signal)) {
      await driver.disassociatePubIp(info, this.signal);
      await driver.releasePubIp(info, this.signal);
    }
  }
}

type Test = (subject: Subject) => Promise<void>;

const TESTS: Readonly<Record<string, Test>> = {
  async 'takes an address that leads to the port, once however often it is asked'(subject) {
    const info = await subject.acquire();
    assert.equal(info.alloc_method, 'pool');
    assert.deepEqual(await subject.acquire(), info);
    assert.deepEqual(await subject.of(), [info.ip_addr]);
    const { find, portId } = subject.opened;
    assert.equal((await find(info.ip_addr))?.portId, portId);
  },

  async 'gives back what it took, and takes what is gone for given back'(subject) {
    const info = await subject.acquire();
    await subject.giveBack();
    assert.equal(await subject.opened.find(info.ip_addr), undefined);
    assert.deepEqual(await subject.of(), []);
    const { driver } = subject.opened;
    await driver.disassociatePubIp(info, subject.signal);
    await driver.releasePubIp(info, subject.signal);
  },

  async 'knows the addresses of each Service from those of others, whatever their names'(subject) {
    const info = await subject.acquire();
    assert.deepEqual([await subject.of('we'), await subject.of('web-2')], [[], []]);
    await subject.giveBack('we');
    assert.notEqual(await subject.opened.find(info.ip_addr), undefined);
  },

  async 'uses a given address, which stays when the Service lets go of it'(subject) {
    const address = await subject.opened.takeAddress();
    const info = await subject.acquire({ address });
    assert.deepEqual([info.ip_addr, info.alloc_method], [address, 'user']);
    assert.equal((await subject.opened.find(address))?.portId, subject.opened.portId);
    assert.deepEqual(await subject.of(), [address]);
    await subject.giveBack();
    assert.deepEqual(await subject.opened.find(address), { portId: null });
    assert.deepEqual(await subject.of(), []);
  },

  async 'leads a given address no more where another is given, and leaves both in the project'(subject) {
    const [first, second] = [await subject.opened.takeAddress(), await subject.opened.takeAddress()];
    await subject.acquire({ address: first });
    await subject.acquire({ address: second });
    const { find, portId } = subject.opened;
    assert.deepEqual([await find(first), await find(second)], [{ portId: null }, { portId }]);
    assert.deepEqual(await subject.of(), [second]);
  },

  async 'takes no address of another Service, also while that leads nowhere'(subject) {
    const { driver, takeAddress } = subject.opened;
    for (const address of [undefined, await takeAddress()]) {
      const info = await subject.acquire(address === undefined ? {} : { address });
      await driver.disassociatePubIp(info, subject.signal);
      await subject.assertRefused(info.ip_addr);
      assert.equal((await subject.acquire(address === undefined ? {} : { address })).ip_addr, info.ip_addr);
    }
  },

  async 'takes no address of another Service for its own, where somebody has led that to its port'(subject) {
    const { driver, takeAddress } = subject.opened;
    for (const address of [undefined, await takeAddress()]) {
      const info = await subject.acquire(address === undefined ? {} : { address });
      const refused = driver.acquireServicePubIpInfo(subject.request({}, 'thief'), subject.signal);
      await assert.rejects(refused, { code: 'ERR_PUBLIC_IP_UNAVAILABLE' });
      assert.deepEqual([await subject.of(), await subject.of('thief')], [[info.ip_addr], []]);
    }
  },

  async 'takes a given address that another Service has let go'(subject) {
    const address = await subject.opened.takeAddress();
    await subject.acquire({ address });
    await subject.giveBack();
    const asked = subject.request({ address }, 'heir');
    assert.equal((await subject.opened.driver.acquireServicePubIpInfo(asked, subject.signal)).ip_addr, address);
  },

  async 'leads no address away from where it leads by now'(subject) {
    const { driver, find, makePort, portId, takeAddress } = subject.opened;
    const address = await takeAddress();
    const info = await driver.acquireServicePubIpInfo(subject.request({ address }), subject.signal);
    const elsewhere = await makePort();
    await driver.associatePubIp(info, elsewhere, subject.signal);
    await assert.rejects(driver.associatePubIp(info, portId, subject.signal), { code: 'ERR_PUBLIC_IP_UNAVAILABLE' });
    assert.deepEqual(await find(address), { portId: elsewhere });
    await subject.giveBack();
    assert.deepEqual([await subject.of(), await find(address)], [[], { portId: null }]);
  },

  async 'never deletes an address that was given, also where it was taken for the Service before'(subject) {
    for (const keep of [true, false]) {
      const { ip_addr: address } = await subject.acquire({ keep });
      const info = await subject.acquire({ address });
      assert.deepEqual([info.ip_addr, info.alloc_method], [address, 'user']);
      await subject.giveBack();
      assert.deepEqual(await subject.opened.find(address), { portId: null });
    }
  },

  async 'leaves what it took, where that is to be kept after all'(subject) {
    const info = await subject.acquire();
    await subject.opened.driver.disassociatePubIp(info, subject.signal);
    await subject.opened.driver.releasePubIp({ ...info, alloc_method: 'user' }, subject.signal);
    assert.deepEqual([await subject.opened.find(info.ip_addr), await subject.of()], [{ portId: null }, []]);
  },

  async 'gives back what it took before an address was given'(subject) {
    const taken = await subject.acquire();
    const address = await subject.opened.takeAddress();
    const info = await subject.acquire({ address });
    assert.equal(info.ip_addr, address);
    assert.equal(await subject.opened.find(taken.ip_addr), undefined);
  },

  async 'says that a given address can’t be had'(subject) {
    const { driver } = subject.opened;
    const asked = subject.request({ address: '192.0.2.250' });
    await assert.rejects(driver.acquireServicePubIpInfo(asked, subject.signal), { code: 'ERR_PUBLIC_IP_UNAVAILABLE' });
  },

  async 'keeps an address that is to be kept'(subject) {
    const info = await subject.acquire({ keep: true });
    assert.deepEqual(await subject.acquire({ keep: true }), info);
    await subject.assertRefused(info.ip_addr);
    await subject.giveBack();
    assert.deepEqual(await subject.opened.find(info.ip_addr), { portId: null });
  },

  async 'gives back an address that is to be kept no more'(subject) {
    const kept = await subject.acquire({ keep: true });
    const info = await subject.acquire();
    assert.deepEqual([info.ip_addr, info.alloc_method], [kept.ip_addr, 'pool']);
    await subject.giveBack();
    assert.equal(await subject.opened.find(info.ip_addr), undefined);
  },
};

/** The conformance suite for drivers that give Services their addresses outside. */
export function servicePublicIpDriverConformance(fixture: PublicIpFixture, { describe, it }: TestFramework): void {
  describe(`service-public-ip-driver ${fixture.name}`, () => {
    for (const [name, test] of Object.entries(TESTS)) {
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
