import { describe, expect, it } from '@jest/globals';
import { compile, compiled, membersOf, node, service, slice } from '../cluster.fixture.js';

const LOCAL = service({ externalTrafficPolicy: 'Local' });

const at = (address: string, nodeName: string, conditions: object) => ({ addresses: [address], nodeName, conditions });

/** The nodes that are members where the one endpoint, at node a, has these conditions, and that of node b the others. */
function nodesAt(conditions: object, of = LOCAL, others: object = { ready: true }): readonly string[] | undefined {
  const slices = [slice([at('10.1.0.1', 'a', conditions), at('10.1.0.2', 'b', others)])];
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
      'is no member any more when its last endpoint terminates, though it still answers',
      { ready: false, serving: true, terminating: true },
      other,
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

  it('stays a member while its last endpoint terminates and still answers, where none is ready anywhere', () => {
    const leaving = { ready: false, serving: true, terminating: true };
    expect(nodesAt(leaving, LOCAL, { ready: false })).toEqual(['10.0.0.1:30080']);
    expect(nodesAt(leaving, LOCAL, leaving)).toEqual(both);
  });

  it.each([
    [true, [32000]],
    [false, [undefined]],
  ])('is checked at healthCheckNodePort where there is a health monitor (%s)', (healthMonitor, expected) => {
    const local = service({ externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 });
    const objects = { slices: [slice([at('10.1.0.1', 'a', { ready: true })])], nodes: [node('a', '10.0.0.1')] };
    const { listeners } = compiled(local, objects, { memberMode: 'nodeport', healthMonitor });
    expect(listeners.flatMap(({ pool }) => pool.members.map(({ monitorPort }) => monitorPort))).toEqual(expected);
  });

  it('is checked at healthCheckNodePort while nobody can say whether there is a health monitor', () => {
    const objects = { slices: [slice([at('10.1.0.1', 'a', { ready: true })])], nodes: [node('a', '10.0.0.1')] };
    const unreadable = service(
      { externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 },
      { 'loadbalancer.openstack.org/enable-health-monitor': 'yes' },
    );
    expect(compile(unreadable, objects, { memberMode: 'nodeport' })).toMatchObject({
      outcome: 'refused',
      loadBalancer: { listeners: [{ pool: { members: [{ monitorPort: 32000 }] } }] },
    });
  });

  it('is a member whatever runs there where the policy is Cluster', () => {
    expect(nodesAt({ ready: false }, service())).toEqual(both);
  });
});
