import { describe, expect, it } from '@jest/globals';
import {
  ClusterMarks,
  isMarked,
  isOfAnyCluster,
  isUsedByAnyone,
  KEPT_TAG,
  keyTags,
  markedKey,
  markedSource,
  othersTags,
  POD_PORT_OWNER,
  ROUTER_TAG,
  sourceTags,
  tagsLedTo,
  vipPortTag,
  withoutSource,
} from './marks.js';

const marks = new ClusterMarks('c1');
/** Its name begins with that of the other one. */
const another = new ClusterMarks('c10');

describe('the marks of a cluster in OpenStack', () => {
  it('are the same for ever: what an older version has made is found by them', () => {
    expect([
      marks.serviceTags('shop/web'),
      marks.usedByTags('shop/web'),
      vipPortTag('port'),
      keyTags('a.example|Prefix|/a,b'),
      sourceTags('Ingress/shop/web'),
      marks.portDescription('uid'),
      marks.portDescription(undefined),
      marks.networkDescription('shop'),
      marks.certificateName('router', 'abc'),
      [ROUTER_TAG, KEPT_TAG, POD_PORT_OWNER],
    ]).toEqual([
      ['kuryr-cluster=c1', 'kuryr-source=Service/shop/web'],
      ['kuryr-used-by=c1/Service/shop/web'],
      'kuryr-vip-port=port',
      ['kuryr-key=a.example|Prefix|/a%2Cb'],
      ['kuryr-source=Ingress/shop/web'],
      'kuryr-cluster=c1 kuryr-pod=uid',
      'kuryr-cluster=c1',
      'kuryr-cluster=c1 kuryr-namespace=shop',
      'kuryr-cluster=c1 router=router sha256=abc',
      ['kuryr-l7-router', 'kuryr-kept', 'compute:kuryr'],
    ]);
  });

  it('follow a floating IP to the port that it is led to, but for one without tags, which is known by its description', () => {
    expect(tagsLedTo('new', { tags: ['mine', vipPortTag('old')] })).toEqual(['mine', vipPortTag('new')]);
    expect(tagsLedTo('new', { tags: [] })).toEqual([]);
  });

  it('are read back, and are not those of a cluster with a similar name', () => {
    const service = `shop/${'w'.repeat(300)}`;
    const taken = { tags: marks.serviceTags(service) };
    const used = { tags: marks.usedByTags(service) };
    const pod = { description: marks.portDescription('uid') };
    const spare = { description: marks.portDescription(undefined) };
    const network = { tags: [], description: marks.networkDescription('shop') };
    const certificate = marks.certificateName('router', 'abc');
    const read = (by: ClusterMarks) => [
      by.isTagged(taken),
      by.serviceOf(taken),
      by.userOf(used),
      by.podUidOf(pod),
      [by.isDescribedPort(pod), by.isDescribedPort(spare)],
      by.namespaceOf(network),
      by.routerOfCertificate(certificate),
    ];
    expect(read(marks)).toEqual([true, service, service, 'uid', [true, true], 'shop', 'router']);
    expect(read(another)).toEqual([false, undefined, undefined, undefined, [false, false], undefined, undefined]);
    expect([markedKey({ tags: keyTags('ä, b') }), markedSource(taken)]).toEqual(['ä, b', `Service/${service}`]);
  });

  it('are none on what is for no Service, no Pod, no namespace and no router', () => {
    expect(marks.serviceOf({ tags: [marks.tag, ...sourceTags('Ingress/shop/web')] })).toBeUndefined();
    expect(marks.podUidOf({ description: marks.tag })).toBeUndefined();
    expect(marks.isDescribedPort({ description: `${marks.tag} kuryr-namespace=shop` })).toBe(false);
    expect(marks.namespaceOf({ tags: [marks.tag], description: '' })).toBeUndefined();
    expect(marks.routerOfCertificate(`${marks.tag} sha256=abc`)).toBeUndefined();
  });

  it('by description do not count where another cluster has tagged it', () => {
    const description = marks.networkDescription('shop');
    expect(marks.namespaceOf({ tags: ['budget', marks.tag], description })).toBe('shop');
    expect(marks.namespaceOf({ tags: ['budget'], description })).toBe('shop');
    expect(marks.namespaceOf({ tags: [another.tag], description })).toBeUndefined();
  });

  it('of any cluster are told from the tags of people, which stay', () => {
    const theirs = { tags: ['budget=42'] };
    const taken = { tags: [...theirs.tags, ...marks.serviceTags('shop/web')] };
    const used = { tags: [...theirs.tags, ...marks.usedByTags('shop/web')] };
    expect([theirs, taken, used].map(isMarked)).toEqual([false, true, true]);
    expect([theirs, taken, used].map(isOfAnyCluster)).toEqual([false, true, false]);
    expect([theirs, taken, used].map(isUsedByAnyone)).toEqual([false, false, true]);
    expect([theirs, taken, used].map(othersTags)).toEqual(Array(3).fill(theirs.tags));
    const long = sourceTags(`Service/shop/${'w'.repeat(300)}`);
    expect([long.length, withoutSource([marks.tag, ...long, 'budget=42'])]).toEqual([2, [marks.tag, 'budget=42']]);
  });
});
