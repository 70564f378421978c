import { describe, expect, it } from '@jest/globals';
import { compiled, membersOf, node, service, slice } from '../cluster.fixture.js';

const LOCAL = service({ externalTrafficPolicy: 'Local' });

/** The nodes that are members where the one endpoint, at node a, has these conditions, and node b has a ready one. */
function nodesAt(conditions: object, of = LOCAL): readonly string[] | undefined {
  const at = (address: string, nodeName: string, state: object) => ({
    addresses: [address],
    nodeName,
    conditions: state,
  });
  const slices = [slice([at('10.1.0.1', 'a', conditions), at('10.1.0.2', 'b', { ready: true })])];
  const nodes = [node('a', '10.0.0.1'), node('b', '10.0.0.2')];
  return membersOf(compiled(of, { slices, nodes }, { memberMode: 'nodeport' }));
}

describe('with externalTrafficPolicy Local, a node', () => {
  const both = ['10.0.0.1:30080', '10.0.0.2:30080'];
  const other = ['10.0.0.2:30080'];

  it.each([
    ['is a member while its endpoint is ready', { ready: true }, both],
    ['is a member while nothing is said of its endpoint, as that means ready', {}, both],
    [
      'stays a member while its last endpoint terminates and still answers',
      { ready: false, serving: true, terminating: true },
      both,
    ],
    [
      'is no member any more when its last endpoint answers no more',
      { ready: false, serving: false, terminating: true },
      other,
    ],
    ['is no member yet while its endpoint starts', { ready: false, serving: true, terminating: false }, other],
  ])('%s', (_name, conditions, expected) => {
    expect(nodesAt(conditions)).toEqual(expected);
  });

  it('is a member whatever runs there where the policy is Cluster', () => {
    expect(nodesAt({ ready: false }, service())).toEqual(both);
  });
});
