import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployment, service, startTestCluster, type TestCluster, until } from '../embedded-cluster.fixture.js';
import { ENDPOINT_SLICES, ENDPOINTS, type Endpoint, type EndpointSlice } from './kinds/endpoints.js';
import { PODS } from './kinds/pod.js';
import { SERVICES } from './kinds/service.js';
import { DEPLOYMENTS } from './kinds/workload.js';

describe('EndpointSlices and Endpoints', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(async () => {
    await cluster.close();
    expect(cluster.problems).toEqual([]);
  });

  const run = (name: string, replicas: number, container = {}) =>
    cluster.client.create(DEPLOYMENTS, 'default', deployment(name, replicas, container));
  const expose = (name: string, spec: Record<string, unknown>) =>
    cluster.client.create(SERVICES, 'default', service(name, spec));
  const ofService = (name: string) => ({ namespace: 'default', labelSelector: `kubernetes.io/service-name=${name}` });
  const endpointsOf = (slices: readonly EndpointSlice[]): readonly Endpoint[] =>
    slices.flatMap((slice) => slice.endpoints ?? []);
  const isReady = ({ conditions }: Endpoint) => conditions?.ready === true;
  const ready = (name: string, count: number) =>
    until(
      cluster.client,
      ENDPOINT_SLICES,
      (slices) => endpointsOf(slices).filter(isReady).length === count,
      ofService(name),
    );

  it('lists the ready Pods of a Service with the labels that readers look for', async () => {
    run('listed', 2);
    expose('listed', {
      selector: { app: 'listed' },
      ports: [{ name: 'web', port: 8080, targetPort: 19090, appProtocol: 'http' }],
    });
    const [slice] = await ready('listed', 2);
    expect(slice?.metadata.labels).toEqual({
      'kubernetes.io/service-name': 'listed',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    });
    expect(slice?.ports).toEqual([{ name: 'web', port: 19090, protocol: 'TCP', appProtocol: 'http' }]);
    expect(slice?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Service', name: 'listed', controller: true });
    for (const endpoint of slice?.endpoints ?? []) {
      expect(endpoint).toMatchObject({
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: 'playground-node',
        targetRef: { kind: 'Pod', namespace: 'default', name: expect.stringMatching(/^listed-/) },
      });
    }
    const [endpoints] = await until(
      cluster.client,
      ENDPOINTS,
      (all) =>
        all.some(({ metadata, subsets = [] }) => metadata.name === 'listed' && subsets[0]?.addresses?.length === 2),
      { namespace: 'default', fieldSelector: 'metadata.name=listed' },
    );
    expect(endpoints?.subsets?.[0]?.ports).toEqual([
      { name: 'web', port: 19090, protocol: 'TCP', appProtocol: 'http' },
    ]);
  });

  it('follows a named port to a number of its own in each Pod', async () => {
    // Of no program that may listen on this machine: then the Pod would have another one.
    const named = (number: number) => ({ ports: [{ name: 'web', containerPort: number }] });
    run('one', 1, named(18081));
    run('two', 1, named(18082));
    for (const name of ['one', 'two']) {
      const labels = { app: name, tier: 'named' };
      cluster.client.patch({ ...DEPLOYMENTS, namespace: 'default', name }, 'merge', {
        spec: { template: { metadata: { labels } } },
      });
    }
    expose('named', { selector: { tier: 'named' }, ports: [{ port: 80, targetPort: 'web' }] });
    const slices = await ready('named', 2);
    const ports = slices.filter(({ endpoints = [] }) => endpoints.length > 0).map((slice) => slice.ports?.[0]?.port);
    expect(ports.toSorted()).toEqual([18081, 18082]);
  });

  it('puts one Pod behind several Services', async () => {
    run('shared', 1);
    for (const name of ['shared-a', 'shared-b']) expose(name, { selector: { app: 'shared' }, ports: [{ port: 80 }] });
    const [a] = endpointsOf(await ready('shared-a', 1));
    const [b] = endpointsOf(await ready('shared-b', 1));
    expect(a?.addresses).toEqual(b?.addresses);
  });

  it('shows a Pod that is being deleted as terminating, and still serving, before it is gone', async () => {
    run('leaving', 1);
    expose('leaving', { selector: { app: 'leaving' }, ports: [{ port: 80 }] });
    await ready('leaving', 1);
    cluster.client.patch({ ...DEPLOYMENTS, namespace: 'default', name: 'leaving' }, 'merge', { spec: { replicas: 0 } });
    const [leaving] = endpointsOf(
      await until(
        cluster.client,
        ENDPOINT_SLICES,
        (slices) => endpointsOf(slices).some(({ conditions }) => conditions?.terminating === true),
        ofService('leaving'),
      ),
    );
    expect(leaving?.conditions).toEqual({ ready: false, serving: true, terminating: true });
    const url = `http://${leaving?.addresses[0]}:80/`;
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    const slices = await until(
      cluster.client,
      ENDPOINT_SLICES,
      (all) => endpointsOf(all).length === 0,
      ofService('leaving'),
    );
    expect(slices).toHaveLength(1);
  });

  it('is empty, and there, for a Service that selects nothing', async () => {
    expose('nothing', { selector: { app: 'no-such' }, ports: [{ port: 80 }] });
    const slices = await until(cluster.client, ENDPOINT_SLICES, (all) => all.length === 1, ofService('nothing'));
    expect(endpointsOf(slices)).toEqual([]);
  });

  it('goes with its Service', async () => {
    run('going', 1);
    expose('going', { selector: { app: 'going' }, ports: [{ port: 80 }] });
    await ready('going', 1);
    cluster.client.delete({ ...SERVICES, namespace: 'default', name: 'going' });
    await until(cluster.client, ENDPOINT_SLICES, (all) => all.length === 0, ofService('going'));
    await until(cluster.client, ENDPOINTS, (all) => all.every(({ metadata }) => metadata.name !== 'going'));
  });

  it('puts right what somebody else wrote into a slice', async () => {
    run('meddled', 1);
    expose('meddled', { selector: { app: 'meddled' }, ports: [{ port: 80 }] });
    const [slice] = await ready('meddled', 1);
    const name = slice?.metadata.name ?? '';
    cluster.client.patch({ ...ENDPOINT_SLICES, namespace: 'default', name }, 'merge', { endpoints: [] });
    await ready('meddled', 1);
  });

  it('mirrors hand-made Endpoints of a Service without a selector, and leaves hand-made slices alone', async () => {
    expose('outside', { ports: [{ port: 443, targetPort: 443 }] });
    cluster.client.create(ENDPOINTS, 'default', {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'outside' },
      subsets: [{ addresses: [{ ip: '216.58.207.131' }, { ip: '140.82.118.4' }], ports: [{ port: 443 }] }],
    });
    const [slice] = await ready('outside', 2);
    expect(slice?.metadata.labels?.['endpointslice.kubernetes.io/managed-by']).toBe(
      'endpointslicemirroring-controller.k8s.io',
    );
    expect(slice?.ports).toEqual([{ name: '', port: 443, protocol: 'TCP' }]);
    const own = { ...slice, metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'outside' } } };
    cluster.client.create(ENDPOINT_SLICES, 'default', own);
    cluster.client.delete({ ...ENDPOINTS, namespace: 'default', name: 'outside' });
    const left = await until(cluster.client, ENDPOINT_SLICES, (all) => all.length === 1, ofService('outside'));
    expect(left.map(({ metadata }) => metadata.name)).toEqual(['by-hand']);
  });

  it('keeps a Pod out until its server listens where the Service leads', async () => {
    run('late', 1);
    await until(cluster.client, PODS, (pods) => pods.length === 1 && pods[0]?.status?.phase === 'Running', {
      namespace: 'default',
      labelSelector: 'app=late',
    });
    expose('late', { selector: { app: 'late' }, ports: [{ port: 80, targetPort: 18088 }] });
    const answers: Promise<Response>[] = [];
    const stop = cluster.client.watch(ENDPOINT_SLICES, { ...ofService('late'), resourceVersion: '0' }, ({ object }) => {
      const { endpoints = [], ports = [] } = object as EndpointSlice;
      for (const { addresses } of endpoints) answers.push(fetch(`http://${addresses[0]}:${ports[0]?.port}/`));
    });
    await ready('late', 1);
    stop();
    expect((await Promise.all(answers)).map((answer) => answer.status)).toContain(200);
  });
});
