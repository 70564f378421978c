import { describe, expect, it } from '@jest/globals';
import { compiled, node, service } from './cluster.fixture.js';
import { memberSecurityGroup } from './member-security-group.js';

const NODES = [node('b', '10.0.0.2'), node('a', '10.0.0.1')];

describe('the security group of the members of a Service', () => {
  it('is named as in the guide of the octavia-ingress-controller', () => {
    const group = memberSecurityGroup(compiled(service()), 'c1');
    expect(group).toMatchObject({
      name: 'k8s_svc_c1_shop_web',
      description: 'Security group created for Service shop/web from cluster c1',
    });
  });

  it('lets in what the node ports serve, and the health checks of nodes that serve only their own Pods', () => {
    const ports = [
      { port: 443, nodePort: 30443, protocol: 'TCP' },
      { port: 443, nodePort: 30443, protocol: 'UDP', name: 'quic' },
    ];
    const asked = service({ ports, externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 });
    const endpoints = ['a', 'b'].map((nodeName) => ({ addresses: ['10.1.0.1'], nodeName }));
    const slices = [
      {
        metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        endpoints,
        ports: [],
      },
    ];
    const loadBalancer = compiled(asked, { nodes: NODES, slices }, { memberMode: 'nodeport', healthMonitor: true });
    expect(memberSecurityGroup(loadBalancer, 'c1')).toMatchObject({
      openings: [
        { protocol: 'TCP', port: 30443 },
        { protocol: 'TCP', port: 32000 },
        { protocol: 'UDP', port: 30443 },
      ],
      addresses: ['10.0.0.1', '10.0.0.2'],
      nodeNames: new Map([
        ['10.0.0.1', 'a'],
        ['10.0.0.2', 'b'],
      ]),
    });
  });

  it('lets in nothing where there are no members', () => {
    const loadBalancer = compiled(service(), {}, { memberMode: 'nodeport' });
    expect(memberSecurityGroup(loadBalancer, 'c1')).toMatchObject({ openings: [], addresses: [] });
  });
});
