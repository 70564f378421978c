import { describe, expect, it } from '@jest/globals';
import type { V1NetworkPolicyIngressRule, V1Pod } from '@kubernetes/client-node';
import type { KubernetesObject } from './kubernetes-object.js';
import type { Raw, RawObject } from './raw.js';
import type { ResourceKind } from './resource-kind.js';
import * as kinds from './resource-kinds.js';
import { resourcePath } from './resource-path.js';

describe('the kinds', () => {
  it('lead to their paths', () => {
    const paths = Object.values(kinds).map((kind) => resourcePath(kind));
    expect(paths.sort()).toEqual([
      '/api/v1/configmaps',
      '/api/v1/endpoints',
      '/api/v1/namespaces',
      '/api/v1/nodes',
      '/api/v1/pods',
      '/api/v1/secrets',
      '/api/v1/services',
      '/apis/coordination.k8s.io/v1/leases',
      '/apis/discovery.k8s.io/v1/endpointslices',
      '/apis/events.k8s.io/v1/events',
      '/apis/networking.k8s.io/v1/ingressclasses',
      '/apis/networking.k8s.io/v1/ingresses',
    ]);
  });

  it('have types that any kind can be used as', () => {
    const all: readonly ResourceKind[] = Object.values(kinds);
    expect(all).toHaveLength(12);
  });
});

describe('resourcePath', () => {
  it('narrows to a namespace, an object and a subresource, each escaped', () => {
    expect(resourcePath(kinds.INGRESSES, { namespace: 'shop' })).toBe(
      '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
    );
    expect(resourcePath(kinds.PODS, { namespace: 'shop', name: 'a/b?', subresource: 'status' })).toBe(
      '/api/v1/namespaces/shop/pods/a%2Fb%3F/status',
    );
    expect(resourcePath(kinds.NODES, { namespace: '', name: 'n1' })).toBe('/api/v1/nodes/n1');
  });
});

describe('Raw', () => {
  it("has client-node's types as they are on the wire", () => {
    // Each line is checked by the compiler.
    const pod: RawObject<V1Pod> = { metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z' } };
    const object: KubernetesObject = pod;
    const time: string | undefined = pod.status?.startTime;
    const rule: Raw<V1NetworkPolicyIngressRule> = { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] };
    expect([object.metadata.name, time, rule.from?.length]).toEqual(['p', undefined, 1]);
  });
});
