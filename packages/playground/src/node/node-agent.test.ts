import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENDPOINT_SLICES, type EndpointSlice } from '../cluster/kinds/endpoints.js';
import { PODS, type Pod } from '../cluster/kinds/pod.js';
import { SERVICES } from '../cluster/kinds/service.js';
import { DEPLOYMENTS } from '../cluster/kinds/workload.js';
import { deployment, service, startTestCluster, type TestCluster, until } from '../embedded-cluster.fixture.js';
import type { EchoAnswer } from './echo.js';

const answerOf = async (url: string): Promise<EchoAnswer> => (await (await fetch(url)).json()) as EchoAnswer;

const bare = (name: string, container: Record<string, unknown>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'whatever', ...container }] },
});

async function running(cluster: TestCluster, name: string): Promise<Pod> {
  const [pod] = await until(cluster.client, PODS, ([one]) => one?.status?.phase === 'Running', {
    namespace: 'default',
    fieldSelector: `metadata.name=${name}`,
  });
  if (pod === undefined) throw new Error(`no Pod ${name}`);
  return pod;
}

async function urlsOf(cluster: TestCluster, name: string, count: number): Promise<readonly string[]> {
  const slices = (await until(
    cluster.client,
    ENDPOINT_SLICES,
    (all) => all.flatMap((slice) => slice.endpoints ?? []).filter((one) => one.conditions?.ready).length === count,
    { namespace: 'default', labelSelector: `kubernetes.io/service-name=${name}` },
  )) as readonly EndpointSlice[];
  return slices.flatMap(({ endpoints = [], ports = [] }) =>
    endpoints.flatMap(({ addresses }) => ports.map(({ port }) => `http://${addresses[0]}:${port}`)),
  );
}

describe('the node', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(async () => {
    await cluster.close();
    expect(cluster.problems).toEqual([]);
  });

  const create = (pod: unknown) => cluster.client.create(PODS, 'default', pod);

  it('runs a Pod on the ports that its containers declare, at an address of its own', async () => {
    create(bare('declared', { ports: [{ containerPort: 18080 }, { containerPort: 18081, protocol: 'UDP' }] }));
    const pod = await running(cluster, 'declared');
    expect(pod.spec.nodeName).toBe('playground-node');
    expect(pod.status).toMatchObject({
      phase: 'Running',
      containerStatuses: [{ name: 'main', image: 'whatever', ready: true, restartCount: 0, state: { running: {} } }],
    });
    expect(await answerOf(`http://${pod.status?.podIP}:18080/a/b?c=d`)).toMatchObject({
      path: '/a/b?c=d',
      host: `${pod.status?.podIP}:18080`,
      method: 'GET',
      proto: 'HTTP/1.1',
      namespace: 'default',
      ingress: '',
      service: '',
      pod: 'declared',
    });
  });

  it('answers where a Service leads that nobody declared, and names that Service', async () => {
    cluster.client.create(DEPLOYMENTS, 'default', deployment('web', 2));
    for (const [name, port] of [
      ['web', 80],
      ['web-admin', 9000],
    ] as const) {
      cluster.client.create(SERVICES, 'default', service(name, { selector: { app: 'web' }, ports: [{ port }] }));
      const answers = await Promise.all((await urlsOf(cluster, name, 2)).map(answerOf));
      expect(answers.map((answer) => answer.service)).toEqual([name, name]);
      expect(new Set(answers.map((answer) => answer.pod)).size).toBe(2);
    }
  });

  it('lets a Pod say which of two Services at one port it is of, and which Ingress', async () => {
    const env = [
      { name: 'SERVICE_NAME', value: 'twin-b' },
      { name: 'INGRESS_NAME', value: 'my-ingress' },
    ];
    create(bare('twin', { env }));
    for (const name of ['twin-a', 'twin-b']) {
      cluster.client.create(SERVICES, 'default', service(name, { selector: { app: 'twin' }, ports: [{ port: 80 }] }));
    }
    const [url = ''] = await urlsOf(cluster, 'twin-a', 1);
    expect(await answerOf(url)).toMatchObject({ service: 'twin-b', ingress: 'my-ingress' });
  });

  it('takes a free port, and tells it in the slice, where the number is taken', async () => {
    const taken = createServer().listen(0, '0.0.0.0');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    create(bare('mapped', { ports: [{ containerPort: port }] }));
    cluster.client.create(SERVICES, 'default', service('mapped', { selector: { app: 'mapped' }, ports: [{ port }] }));
    const [url = ''] = await urlsOf(cluster, 'mapped', 1);
    expect(url).not.toContain(`:${port}`);
    expect((await answerOf(url)).pod).toBe('mapped');
    taken.close();
    await once(taken, 'close');
  });

  it('finishes the requests under way of a Pod that is deleted, then closes its port', async () => {
    create(bare('ended', { ports: [{ containerPort: 18080 }] }));
    const { status } = await running(cluster, 'ended');
    const url = `http://${status?.podIP}:18080/`;
    const underWay = fetch(`${url}?delay=600`);
    await fetch(url);
    cluster.client.delete({ ...PODS, namespace: 'default', name: 'ended' });
    await until(cluster.client, PODS, (pods) => pods.every((pod) => pod.metadata.name !== 'ended'));
    expect((await underWay).status).toBe(200);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('removes a Pod at once that is deleted without grace', async () => {
    create(bare('killed', {}));
    await running(cluster, 'killed');
    expect(
      cluster.client.delete({ ...PODS, namespace: 'default', name: 'killed' }, { gracePeriodSeconds: 0 }).removed,
    ).toBe(true);
  });

  it('leaves Pods of other nodes alone', async () => {
    const pod = bare('elsewhere', { ports: [{ containerPort: 80 }] });
    create({ ...pod, spec: { ...pod.spec, nodeName: 'other' } });
    create(bare('afterwards', {}));
    await running(cluster, 'afterwards');
    const [elsewhere] = cluster.client.list(PODS, { namespace: 'default', fieldSelector: 'metadata.name=elsewhere' })
      .items as Pod[];
    expect(elsewhere?.status?.phase).toBe('Pending');
  });

  it('is Ready, with an address', () => {
    const [node] = cluster.client.list({ group: '', version: 'v1', plural: 'nodes' }).items;
    expect(node?.metadata.name).toBe('playground-node');
    expect(node?.status).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]),
    });
  });
});

describe('the node where there is one loopback address', () => {
  it('gives each Pod ports of its own at 127.0.0.1, told in a slice of its own', async () => {
    const cluster = await startTestCluster({ sharedAddress: true });
    try {
      cluster.client.create(DEPLOYMENTS, 'default', deployment('web', 3));
      cluster.client.create(SERVICES, 'default', service('web', { selector: { app: 'web' }, ports: [{ port: 80 }] }));
      const urls = await urlsOf(cluster, 'web', 3);
      expect(urls.every((url) => url.startsWith('http://127.0.0.1:'))).toBe(true);
      const answers = await Promise.all(urls.map(answerOf));
      expect(new Set(answers.map((answer) => answer.pod)).size).toBe(3);
    } finally {
      await cluster.close();
    }
  });
});

describe('two playgrounds on one machine', () => {
  it('give their Pods different addresses', async () => {
    const clusters = await Promise.all([startTestCluster(), startTestCluster()]);
    try {
      const addresses = await Promise.all(
        clusters.map(async (cluster) => {
          cluster.client.create(PODS, 'default', bare('pod', { ports: [{ containerPort: 80 }] }));
          return (await running(cluster, 'pod')).status?.podIP;
        }),
      );
      expect(addresses[0]).not.toBe(addresses[1]);
    } finally {
      await Promise.all(clusters.map((cluster) => cluster.close()));
    }
  });
});
