import { describe, expect, it } from '@jest/globals';
import { at, CONFIG_MAPS, DEPLOYMENTS, statusOf, TestBackend } from './backend.fixture.js';

function deployment(): TestBackend {
  const backend = new TestBackend();
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
  };
  backend.client.create(DEPLOYMENTS, 'default', { metadata: { name: 'web' }, spec: { replicas: 2, selector } });
  return backend;
}

const WEB = at(DEPLOYMENTS, 'web');

describe('scale', () => {
  it('shows the replicas and the selector', () => {
    const { client } = deployment();
    client.patch(WEB, 'merge', { status: { replicas: 1 } }, { subresource: 'status' });
    expect(client.get(WEB, 'scale')).toMatchObject({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 2 },
      status: { replicas: 1, selector: 'app=web,tier in (a,b)' },
    });
  });

  it('changes the replicas of the workload by update and by patch', () => {
    const { client } = deployment();
    const scale = client.get(WEB, 'scale');
    client.update(WEB, { ...scale, spec: { replicas: 5 } }, { subresource: 'scale' });
    expect(client.get(WEB)).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
    client.patch(WEB, 'merge', { spec: { replicas: 0 } }, { subresource: 'scale' });
    expect(client.get(WEB)).toMatchObject({ spec: { replicas: 0 } });
    client.patch(WEB, 'json', [{ op: 'add', path: '/spec/replicas', value: 3 }], { subresource: 'scale' });
    expect(client.get(WEB)).toMatchObject({ spec: { replicas: 3 } });
    expect(statusOf(() => client.update(WEB, scale, { subresource: 'scale' })).code).toBe(409);
  });

  it('refuses replicas that are no number', () => {
    const { client } = deployment();
    const patch = () => client.patch(WEB, 'merge', { spec: { replicas: -1 } }, { subresource: 'scale' });
    expect(statusOf(patch).message).toBe(
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });

  it('is not served for what has none', () => {
    const backend = deployment();
    backend.configMap('a');
    expect(statusOf(() => backend.client.get(at(CONFIG_MAPS, 'a'), 'scale')).code).toBe(404);
  });
});
