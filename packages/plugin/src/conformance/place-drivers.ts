import assert from 'node:assert/strict';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { KubernetesObject } from '@kuryr-l7/kube';
import type { Subnet } from '@kuryr-l7/openstack';
import type { TestFramework } from './fixture.js';

/** What a driver's own test gives for a driver that says where things are. */
export interface PlaceFixture<Driver, T extends KubernetesObject> {
  /** The type and name of the driver, for the names of the tests. */
  readonly name: string;
  /** Called for each test. */
  open(): Promise<{ readonly driver: Driver; close(): Promise<void> }>;
  /** Pods or Services that the driver has a place for; at least one. */
  readonly objects: readonly [T, ...T[]];
}

type Ask<Driver, Answer> = (driver: Driver, object: KubernetesObject, signal: AbortSignal) => Promise<Answer>;

interface ProjectDriver {
  getProject(object: never, signal: AbortSignal): Promise<string>;
}

interface SubnetsDriver {
  getSubnets(object: never, projectId: string, signal: AbortSignal): Promise<readonly Subnet[]>;
}

interface SecurityGroupsDriver {
  getSecurityGroups(object: never, projectId: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** The conformance suite for drivers of projects, of Pods as of Services. */
export function projectDriverConformance<T extends KubernetesObject>(
  fixture: PlaceFixture<ProjectDriver, T>,
  framework: TestFramework,
): void {
  const ask: Ask<ProjectDriver, string> = (driver, object, signal) => driver.getProject(object as never, signal);
  define(fixture, framework, ask, (project) => assert.match(project, /^\S+$/, 'the id of a project is text'));
}

/** The conformance suite for drivers of subnets. @param projectId a project that the driver takes */
export function subnetsDriverConformance<T extends KubernetesObject>(
  fixture: PlaceFixture<SubnetsDriver, T> & { readonly projectId: string },
  framework: TestFramework,
): void {
  const ask: Ask<SubnetsDriver, readonly Subnet[]> = (driver, object, signal) =>
    driver.getSubnets(object as never, fixture.projectId, signal);
  define(fixture, framework, ask, (subnets) => {
    assert.notEqual(subnets.length, 0, 'there is at least one subnet');
    assertDistinct(subnets.map(({ id }) => id));
    assert.equal(new Set(subnets.map(({ network_id }) => network_id)).size, 1, 'all are of one network');
    for (const { cidr } of subnets) {
      const [network = '', length = ''] = cidr.split('/');
      assert.notEqual(isIP(network), 0, `${cidr} is a network`);
      new BlockList().addSubnet(network, Number(length), isIPv6(network) ? 'ipv6' : 'ipv4');
    }
  });
}

/** The conformance suite for drivers of security groups. @param projectId a project that the driver takes */
export function securityGroupsDriverConformance<T extends KubernetesObject>(
  fixture: PlaceFixture<SecurityGroupsDriver, T> & { readonly projectId: string },
  framework: TestFramework,
): void {
  const ask: Ask<SecurityGroupsDriver, readonly string[]> = (driver, object, signal) =>
    driver.getSecurityGroups(object as never, fixture.projectId, signal);
  define(fixture, framework, ask, assertDistinct);
}

function assertDistinct(ids: readonly string[]): void {
  assert.equal(new Set(ids).size, ids.length, 'nothing is named twice');
  for (const id of ids) assert.match(id, /^\S+$/, 'ids are text');
}

/** What all have in common: annotations are written from their answers, which have to be the same whenever asked. */
function define<Driver, Answer, T extends KubernetesObject>(
  fixture: PlaceFixture<Driver, T>,
  { describe, it }: TestFramework,
  ask: Ask<Driver, Answer>,
  check: (answer: Answer) => void,
): void {
  const test = (name: string, run: (driver: Driver, object: T) => Promise<void>) =>
    it(name, async () => {
      const { driver, close } = await fixture.open();
      try {
        for (const object of fixture.objects) await run(driver, object);
      } finally {
        await close();
      }
    });
  const { signal } = new AbortController();
  describe(`driver ${fixture.name}`, () => {
    test('has a place for each object', async (driver, object) => check(await ask(driver, object, signal)));
    test('says the same whenever it is asked, in the same order', async (driver, object) => {
      assert.deepEqual(await ask(driver, object, signal), await ask(driver, object, signal));
    });
    test('says the same to several who ask at once', async (driver, object) => {
      const answers = await Promise.all([1, 2, 3].map(() => ask(driver, object, signal)));
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
    });
  });
}
