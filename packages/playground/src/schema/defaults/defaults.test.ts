import { describe, expect, it } from '@jest/globals';
import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import { BUILT_IN_RESOURCES } from '../../api-server/resources.js';
import type { JsonObject } from '../json.js';
import { resourceSchema } from '../resource-schema.js';
import { withKindDefaults } from './index.js';

function definition(kind: string): ResourceDefinition {
  const found = BUILT_IN_RESOURCES.find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function defaulted(kind: string, object: JsonObject): JsonObject {
  return withKindDefaults(definition(kind), resourceSchema(definition(kind)), object);
}

const CONTAINER = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};
const POD_SPEC = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

describe('defaults', () => {
  it('make a Service of ports alone a ClusterIP one', () => {
    expect(
      defaulted('Service', { spec: { ports: [{ port: 80 }, { port: 81, targetPort: 'http', protocol: 'UDP' }] } }),
    ).toEqual({
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [
          { port: 80, protocol: 'TCP', targetPort: 80 },
          { port: 81, protocol: 'UDP', targetPort: 'http' },
        ],
      },
    });
  });

  it('give a Service with an address its family', () => {
    const service = defaulted('Service', { spec: { clusterIP: '10.0.0.1' } });
    expect(service).toMatchObject({
      spec: { clusterIPs: ['10.0.0.1'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    });
  });

  it('open a Service to the outside where its type says so', () => {
    expect(defaulted('Service', { spec: { type: 'NodePort' } })).toMatchObject({
      spec: { externalTrafficPolicy: 'Cluster' },
    });
    expect(defaulted('Service', { spec: { type: 'LoadBalancer', sessionAffinity: 'ClientIP' } })).toMatchObject({
      spec: { allocateLoadBalancerNodePorts: true, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } },
    });
    expect(defaulted('Service', { spec: { type: 'ExternalName', externalName: 'a' } })).toEqual({
      spec: { type: 'ExternalName', externalName: 'a', sessionAffinity: 'None' },
    });
  });

  it('fill in a Deployment and its template', () => {
    const spec = {
      template: { spec: { containers: [{ name: 'a', image: 'nginx', ports: [{ containerPort: 80 }] }] } },
    };
    expect(defaulted('Deployment', { spec })).toEqual({
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          spec: {
            ...POD_SPEC,
            containers: [
              {
                ...CONTAINER,
                name: 'a',
                image: 'nginx',
                imagePullPolicy: 'Always',
                ports: [{ containerPort: 80, protocol: 'TCP' }],
              },
            ],
          },
        },
      },
    });
  });

  it.each([
    ['StatefulSet', { partition: 0 }],
    ['DaemonSet', { maxSurge: 0, maxUnavailable: 1 }],
  ])('give a %s the strategy that kubectl reads', (kind, rollingUpdate) => {
    const owner = { spec: { template: { spec: { containers: [] } } } };
    expect(defaulted(kind, owner)).toMatchObject({
      spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate }, template: { spec: POD_SPEC } },
    });
    const onDelete = { spec: { updateStrategy: { type: 'OnDelete' } } };
    expect(defaulted(kind, onDelete).spec).toMatchObject({ updateStrategy: { type: 'OnDelete' } });
    expect(defaulted(kind, onDelete).spec).not.toHaveProperty('updateStrategy.rollingUpdate');
  });

  it('leave the strategy Recreate alone', () => {
    expect(defaulted('Deployment', { spec: { strategy: { type: 'Recreate' } } })).toMatchObject({
      spec: { strategy: { type: 'Recreate' } },
    });
  });

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.25', 'IfNotPresent'],
    ['registry.example.com:5000/nginx', 'Always'],
    ['registry.example.com:5000/nginx:1', 'IfNotPresent'],
    ['nginx@sha256:0123', 'IfNotPresent'],
  ])('pull %s %s', (image, policy) => {
    expect(defaulted('Pod', { spec: { containers: [{ name: 'a', image }] } })).toMatchObject({
      spec: { containers: [{ imagePullPolicy: policy }] },
    });
  });

  it('fill in probes, volumes, environment and requests', () => {
    const container = {
      name: 'a',
      image: 'a:1',
      livenessProbe: { httpGet: { port: 80 } },
      env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      resources: { limits: { cpu: '1' } },
    };
    const volumes = [{ name: 'e' }, { name: 'c', configMap: { name: 'x' } }];
    expect(defaulted('Pod', { status: {}, spec: { volumes, containers: [container] } })).toMatchObject({
      spec: {
        serviceAccountName: 'default',
        enableServiceLinks: true,
        volumes: [
          { name: 'e', emptyDir: {} },
          { name: 'c', configMap: { name: 'x', defaultMode: 420 } },
        ],
        containers: [
          {
            livenessProbe: {
              httpGet: { path: '/', scheme: 'HTTP' },
              periodSeconds: 10,
              timeoutSeconds: 1,
              failureThreshold: 3,
            },
            env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
            resources: { requests: { cpu: '1' } },
          },
        ],
      },
      status: { qosClass: 'Burstable' },
    });
  });

  it('turn stringData of a Secret into data', () => {
    expect(defaulted('Secret', { data: { a: 'eA==', b: 'eA==' }, stringData: { b: 'é' } })).toEqual({
      type: 'Opaque',
      data: { a: 'eA==', b: 'w6k=' },
    });
  });

  it('label a Namespace with its name', () => {
    expect(defaulted('Namespace', { metadata: { name: 'a', labels: { b: 'c' } } })).toEqual({
      metadata: { name: 'a', labels: { b: 'c', 'kubernetes.io/metadata.name': 'a' } },
    });
  });

  it('name the ports of an EndpointSlice and scope the parameters of an IngressClass', () => {
    expect(defaulted('EndpointSlice', { ports: [{ port: 1 }] })).toEqual({
      endpoints: [],
      ports: [{ name: '', port: 1, protocol: 'TCP' }],
    });
    expect(defaulted('IngressClass', { spec: { parameters: { kind: 'K', name: 'n' } } })).toMatchObject({
      spec: { parameters: { scope: 'Cluster' } },
    });
  });

  it('leave an Ingress as it is', () => {
    const ingress = { spec: { rules: [{ host: 'a' }] } };
    expect(defaulted('Ingress', ingress)).toEqual(ingress);
  });

  it('come from the schema of a custom resource, outer ones first', () => {
    const schema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          default: {},
          properties: {
            weight: { type: 'integer', default: 100 },
            list: { type: 'array', items: { type: 'object', properties: { p: { type: 'integer', default: 80 } } } },
          },
        },
      },
    };
    const custom: ResourceDefinition = {
      ...definition('Ingress'),
      group: 'example.com',
      kind: 'Route',
      custom: { schema, printerColumns: [] },
    };
    const routed = (object: JsonObject) => withKindDefaults(custom, resourceSchema(custom), object);
    expect(routed({})).toEqual({ spec: { weight: 100 } });
    expect(routed({ spec: { weight: 1, list: [{}] } })).toEqual({ spec: { weight: 1, list: [{ p: 80 }] } });
  });
});
