import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployment, startTestCluster, type TestCluster, until } from '../embedded-cluster.fixture.js';
import { isReady, PODS } from './kinds/pod.js';
import { DEPLOYMENTS, REPLICA_SETS, replicasOf } from './kinds/workload.js';

describe('Deployments and ReplicaSets', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(async () => {
    await cluster.close();
    expect(cluster.problems).toEqual([]);
  });

  const reference = (name: string) => ({ ...DEPLOYMENTS, namespace: 'default', name });
  const create = (name: string, replicas: number, container = {}) =>
    cluster.client.create(DEPLOYMENTS, 'default', deployment(name, replicas, container));
  const change = (name: string, patch: unknown) => cluster.client.patch(reference(name), 'merge', patch);
  const complete = (name: string) =>
    until(cluster.client, DEPLOYMENTS, (all) =>
      all.some((one) => {
        const { status = {}, metadata } = one;
        const counts = [status.replicas ?? 0, status.updatedReplicas ?? 0, status.availableReplicas ?? 0];
        return (
          metadata.name === name &&
          status.observedGeneration === metadata.generation &&
          counts.every((count) => count === replicasOf(one))
        );
      }),
    );
  const podsOf = (name: string) =>
    cluster.client.list(PODS, { namespace: 'default', labelSelector: `app=${name}` }).items;
  const setsOf = (name: string) =>
    cluster.client.list(REPLICA_SETS, { namespace: 'default', labelSelector: `app=${name}` }).items;
  const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'nginx', image: name }] } } } });

  it('makes ready Pods that are named after Deployment and ReplicaSet', async () => {
    create('named', 3);
    await complete('named');
    const names = podsOf('named').map((pod) => pod.metadata.name);
    expect(names).toHaveLength(3);
    for (const name of names) expect(name).toMatch(/^named-[a-z0-9]{1,10}-[a-z0-9]{5}$/);
  });

  it('makes a deleted Pod anew', async () => {
    create('healed', 1);
    await complete('healed');
    const [pod] = podsOf('healed');
    cluster.client.delete({ ...PODS, namespace: 'default', name: pod?.metadata.name ?? '' });
    await until(
      cluster.client,
      PODS,
      (pods) => pods.length === 1 && pods.every((one) => isReady(one) && one.metadata.uid !== pod?.metadata.uid),
      { namespace: 'default', labelSelector: 'app=healed' },
    );
  });

  it('scales to nothing and up again', async () => {
    create('scaled', 2);
    await complete('scaled');
    change('scaled', { spec: { replicas: 0 } });
    await until(cluster.client, PODS, (pods) => pods.length === 0, {
      namespace: 'default',
      labelSelector: 'app=scaled',
    });
    change('scaled', { spec: { replicas: 4 } });
    await complete('scaled');
    expect(podsOf('scaled')).toHaveLength(4);
  });

  it('keeps all replicas ready while it rolls to a new template', async () => {
    create('rolled', 3);
    await complete('rolled');
    const ready: number[] = [];
    const stop = cluster.client.watch(PODS, { namespace: 'default', resourceVersion: '0' }, () => {
      const pods = cluster.client.list(PODS, { namespace: 'default', labelSelector: 'app=rolled' }).items;
      ready.push(
        pods.filter(
          (pod) => pod.metadata.deletionTimestamp === undefined && isReady({ ...pod, spec: { containers: [] } }),
        ).length,
      );
    });
    change('rolled', image('httpd'));
    await complete('rolled');
    stop();
    expect(Math.min(...ready)).toBe(3);
    const sets = setsOf('rolled').map((set) => [
      set.metadata.annotations?.['deployment.kubernetes.io/revision'],
      replicasOf({ spec: set.spec as object }),
    ]);
    expect(sets.toSorted()).toEqual([
      ['1', 0],
      ['2', 3],
    ]);
  });

  it('goes back to the ReplicaSet of an earlier template, as a new revision', async () => {
    create('undone', 1);
    await complete('undone');
    change('undone', image('httpd'));
    await complete('undone');
    change('undone', image('nginx'));
    const [found] = (await complete('undone')).filter((one) => one.metadata.name === 'undone');
    expect(found?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    const revisions = setsOf('undone').map((set) => set.metadata.annotations?.['deployment.kubernetes.io/revision']);
    expect(revisions.toSorted()).toEqual(['2', '3']);
    expect(
      setsOf('undone').find((set) => set.metadata.annotations?.['deployment.kubernetes.io/revision-history']),
    ).toBeDefined();
  });

  it('keeps no more old revisions than the limit', async () => {
    create('limited', 1);
    change('limited', { spec: { revisionHistoryLimit: 1 } });
    await complete('limited');
    for (const name of ['two', 'three', 'four']) {
      change('limited', image(name));
      await complete('limited');
    }
    await until(cluster.client, REPLICA_SETS, (sets) => sets.length === 2, {
      namespace: 'default',
      labelSelector: 'app=limited',
    });
  });

  it('rolls nothing while it is paused', async () => {
    create('paused', 1);
    await complete('paused');
    change('paused', { spec: { paused: true } });
    change('paused', image('httpd'));
    await until(cluster.client, DEPLOYMENTS, (all) =>
      all.some(
        ({ metadata, status }) =>
          metadata.name === 'paused' &&
          status?.observedGeneration === metadata.generation &&
          (status?.conditions ?? []).some((one) => one.reason === 'DeploymentPaused'),
      ),
    );
    expect(setsOf('paused')).toHaveLength(1);
    change('paused', { spec: { paused: false } });
    await complete('paused');
    expect(setsOf('paused')).toHaveLength(2);
  });

  it('ends every Pod before it recreates', async () => {
    create('recreated', 2);
    change('recreated', { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } });
    await complete('recreated');
    change('recreated', image('httpd'));
    await complete('recreated');
    expect(podsOf('recreated')).toHaveLength(2);
  });

  it('waits with a Pod whose readiness gate is closed', async () => {
    const gated = deployment('gated', 1);
    cluster.client.create(DEPLOYMENTS, 'default', gated);
    change('gated', { spec: { template: { spec: { readinessGates: [{ conditionType: 'example.com/open' }] } } } });
    const selection = { namespace: 'default', labelSelector: 'app=gated' };
    const waiting = await until(
      cluster.client,
      PODS,
      (pods) => pods.some((pod) => pod.spec.readinessGates !== undefined && pod.status?.phase === 'Running'),
      selection,
    );
    const pod = waiting.find((one) => one.spec.readinessGates !== undefined);
    expect(pod === undefined ? undefined : isReady(pod)).toBe(false);
    const conditions = [...(pod?.status?.conditions ?? []), { type: 'example.com/open', status: 'True' }];
    const name = pod?.metadata.name ?? '';
    cluster.client.patch(
      { ...PODS, namespace: 'default', name },
      'merge',
      { status: { conditions } },
      { subresource: 'status' },
    );
    await complete('gated');
  });

  it('adopts Pods that match and belong to nobody', async () => {
    const labels = { app: 'adopting' };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stray', labels },
      spec: { containers: [{ name: 'x', image: 'x' }] },
    };
    cluster.client.create(PODS, 'default', pod);
    const { spec } = deployment('adopting', 1);
    const { strategy: _strategy, ...rest } = spec as Record<string, unknown>;
    cluster.client.create(REPLICA_SETS, 'default', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'adopting', labels },
      spec: rest,
    });
    await until(cluster.client, REPLICA_SETS, (sets) =>
      sets.some((set) => set.metadata.name === 'adopting' && set.status?.readyReplicas === 1),
    );
    expect(podsOf('adopting').map((one) => [one.metadata.name, one.metadata.ownerReferences?.[0]?.name])).toEqual([
      ['stray', 'adopting'],
    ]);
  });
});
