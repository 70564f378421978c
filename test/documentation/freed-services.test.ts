import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kubectl } from '../../packages/playground/src/kubectl.fixture.js';
import { TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { codeBlocks } from './markdown.fixture.js';

const OURS = 'kuryr.openstack.org/service-finalizer';
const THEIRS = 'example.com/theirs';

let cluster: TestCluster;
let kubectl: Kubectl;

beforeEach(async () => {
  cluster = await TestCluster.withoutController();
  kubectl = new Kubectl(cluster.api.kubeconfig());
});

afterEach(async () => {
  await kubectl.close();
  await cluster.stop();
});

/** With the address of a load balancer in its status. */
function service(name: string, finalizers: readonly string[]): void {
  const services = { group: '', version: 'v1', plural: 'services', namespace: 'default' };
  const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] };
  const metadata = { name, namespace: 'default', finalizers };
  cluster.client.create(services, 'default', { apiVersion: 'v1', kind: 'Service', metadata, spec });
  const status = { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } };
  cluster.client.patch({ ...services, name }, 'merge', { status }, { subresource: 'status' });
}

function left(name: string) {
  const { metadata, status } = cluster.get('Service', name);
  return [metadata.finalizers ?? [], status?.loadBalancer?.ingress?.map(({ ip }) => ip) ?? []];
}

describe('the commands that free Services of a cluster that lives on', () => {
  it('take off our finalizer and the addresses, and leave what is of others', async () => {
    const [script, ...others] = codeBlocks('sh').filter(({ text }) => text.includes('kubectl patch service'));
    expect(others).toEqual([]);
    service('web', [OURS]);
    service('till', [THEIRS, OURS]);
    service('plain', []);
    service('other', [THEIRS]);
    await kubectl.script(script?.text ?? '');
    expect(left('web')).toEqual([[], []]);
    expect(left('till')).toEqual([[THEIRS], []]);
    expect(left('plain')).toEqual([[], ['203.0.113.9']]);
    expect(left('other')).toEqual([[THEIRS], ['203.0.113.9']]);
  });
});
