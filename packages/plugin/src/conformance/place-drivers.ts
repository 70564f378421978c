import assert from 'node:assert/strict';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '@kuryr-l7/kube';
import type { Subnet } from '@kuryr-l7/openstack';
import type { PodProjectDriver } from '../drivers/project-drivers.js';
import type { PodSubnetsDriver } from '../drivers/subnets-drivers.js';
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

interface ProjectDriver extends Pick<PodProjectDriver, 'allProjects'> {
  getProject(object: never, signal: AbortSignal): Promise<string>;
}

interface SubnetsDriver extends Pick<PodSubnetsDriver, 'allSubnets' | 'retainNamespaces'> {
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
  const test = define(fixture, framework, ask, (project) =>
    assert.match(project, /^\S+$/, 'the id of a project is text'),
  );
  test('names it among all that it may say, where it tells of those', async (driver, object, signal) => {
    const project = await ask(driver, object, signal);
    const all = await driver.allProjects?.(signal);
    assert.ok(all === undefined || all.includes(project));
  });
}

/** The conformance suite for drivers of subnets. @param projectId a project that the driver takes */
export function subnetsDriverConformance<T extends KubernetesObject>(
  fixture: PlaceFixture<SubnetsDriver, T> & { readonly projectId: string },
  framework: TestFramework,
): void {
  const ask: Ask<SubnetsDriver, readonly Subnet[]> = (driver, object, signal) =>
    driver.getSubnets(object as never, fixture.projectId, signal);
  const test = define(fixture, framework, ask, (subnets) => {
    assert.notEqual(subnets.length, 0, 'there is at least one subnet');
    assertDistinct(subnets.map(({ id }) => id));
    assert.equal(new Set(subnets.map(({ network_id }) => network_id)).size, 1, 'all are of one network');
    for (const { cidr } of subnets) {
      const [network = '', length = ''] = cidr.split('/');
      assert.notEqual(isIP(network), 0, `${cidr} is a network`);
      new BlockList().addSubnet(network, Number(length), isIPv6(network) ? 'ipv6' : 'ipv4');
    }
  });
  test('names them among all that it may say, where it tells of those', async (driver, object, signal) => {
    const subnets = await ask(driver, object, signal);
    const all = await driver.allSubnets?.(signal);
    if (all !== undefined) assert.ok(all.some((ones) => isDeepStrictEqual(idsOf(ones), idsOf(subnets))));
  });
  test('keeps what it has made for a namespace until that is gone, where it makes something', async (...given) => {
    const [driver, object, signal] = given;
    const retain = driver.retainNamespaces?.bind(driver);
    if (retain === undefined) return;
    const subnets = await ask(driver, object, signal);
    const left: string[] = [];
    const leave = async (networkId: string) => void left.push(networkId);
    await retain(() => new Set(fixture.objects.map(({ metadata }) => metadata.namespace ?? 'default')), leave, signal);
    assert.deepEqual([await ask(driver, object, signal), left], [subnets, []]);
    await retain(() => new Set(), leave, signal);
    assert.ok(left.includes(subnets[0]?.network_id ?? ''), 'VIFs that are ready in the network are let go of');
    assert.notDeepEqual(idsOf(await ask(driver, object, signal)), idsOf(subnets));
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

function idsOf(subnets: readonly Subnet[]): readonly string[] {
  return subnets.map(({ id }) => id).sort();
}

function assertDistinct(ids: readonly string[]): void {
  assert.equal(new Set(ids).size, ids.length, 'nothing is named twice');
  for (const id of ids) assert.match(id, /^\S+$/, 'ids are text');
}

/**
 * What all have in common: annotations are written from their answers, which have to be the same whenever asked.
 * @returns adds a test of its own
 */
function define<Driver, Answer, T extends KubernetesObject>(
  fixture: PlaceFixture<Driver, T>,
  { describe, it }: TestFramework,
  ask: Ask<Driver, Answer>,
  check: (answer: Answer) => void,
): (name: string, run: (driver: Driver, object: T, signal: AbortSignal) => Promise<void>) => void {
  const { signal } = new AbortController();
  const test = (name: string, run: (driver: Driver, object: T, signal: AbortSignal) => Promise<void>) =>
    describe(`driver ${fixture.name}`, () =>
      it(name, async () => {
        const { driver, close } = await fixture.open();
        try {
          for (const object of fixture.objects) await run(driver, object, signal);
        } finally {
          await close();
        }
      }));
  test('has a place for each object', async (driver, object) => check(await ask(driver, object, signal)));
  test('says the same whenever it is asked, in the same order', async (driver, object) => {
    assert.deepEqual(await ask(driver, object, signal), await ask(driver, object, signal));
  });
  test('says the same to several who ask at once', async (driver, object) => {
    const answers = await Promise.all([1, 2, 3].map(() => ask(driver, object, signal)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
  });
  return test;
}
