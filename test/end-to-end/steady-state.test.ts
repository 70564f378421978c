import { afterEach, describe, expect, it } from '@jest/globals';
import { loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { backend, ingress } from './manifests.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

let cluster: TestCluster;

const RESOURCES = [
  { group: '', version: 'v1', plural: 'services' },
  { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses' },
  { group: 'events.k8s.io', version: 'v1', plural: 'events' },
];

/** How often anything was written to the cluster while the work went on. */
async function writesDuring(work: () => Promise<void>): Promise<number> {
  let writes = 0;
  const { resourceVersion } = cluster.client.list(RESOURCES[0] ?? { group: '', version: 'v1', plural: 'services' });
  const ends = RESOURCES.map((resource) => cluster.client.watch(resource, { resourceVersion }, () => (writes += 1)));
  await work();
  for (const end of ends) end();
  return writes;
}

const rest = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Until all that was to be told has been told, Events too, however slow the machine. */
const quiet = () => eventually(async () => expect(await writesDuring(() => rest(1_000))).toBe(0));

const settled = (name: string, service: string) =>
  eventually(() => {
    expect(cluster.get('Ingress', name).status?.loadBalancer?.ingress).toHaveLength(1);
    const annotations = Object.keys(cluster.get('Service', service).metadata.annotations ?? {});
    expect(annotations.filter((key) => key.startsWith('openstack.org/'))).toHaveLength(2);
  });

describe('when nothing changes, nothing is written', () => {
  afterEach(() => cluster.stop());

  it('though every object is handled anew all the time', async () => {
    cluster = await TestCluster.start({ OS_KUBERNETES__WATCH_RECONCILE_PERIOD: '1' });
    cluster.apply(
      ...backend('web'),
      ingress('web', [['web.example.com', ['/', 'Prefix', 'web'], ['/x', 'Exact', 'missing']]]),
    );
    await settled('web', 'web');
    await quiet();
    const { writer } = cluster.controller.session ?? {};
    const routerWrites = writer?.state.writes;
    expect(await writesDuring(() => rest(3_000))).toBe(0);
    expect(writer?.state.writes).toBe(routerWrites);
  });

  it('though a second controller of another class routes to the same Service from the same address', async () => {
    cluster = await TestCluster.start({ OS_INGRESS__INGRESS_CLASS: 'a', OS_INGRESS__HANDLE_CLASSLESS: 'False' });
    const { configuration, plugins } = await loadControllerConfiguration({
      defaultSearch: false,
      environment: {
        OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
        OS_LOCAL_ROUTER__HTTP_PORT: '0',
        OS_HEALTH_SERVER__PORT: '-1',
        OS_INGRESS__INGRESS_CLASS: 'b',
        OS_INGRESS__HANDLE_CLASSLESS: 'False',
      },
    });
    const second = await startController({ configuration, plugins, logger: () => SILENT_LOGGER });
    try {
      cluster.apply(
        ...backend('web'),
        ingress('a', [['a.example.com', ['/', 'Prefix', 'web']]], { spec: { ingressClassName: 'a' } }),
        ingress('b', [['b.example.com', ['/', 'Prefix', 'web']]], { spec: { ingressClassName: 'b' } }),
      );
      await settled('a', 'web');
      await settled('b', 'web');
      await quiet();
      expect(await writesDuring(() => rest(2_000))).toBe(0);
    } finally {
      await second.stop();
    }
  });
});
