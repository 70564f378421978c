import { backend, endpointSlice, hostOf, ingress, ingressOf } from './manifests.js';
import { type Measurement, measure } from './measure.js';
import type { MeasuredCluster } from './measured-cluster.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';
import type { Target } from './probe.js';
import type { ChangeRow } from './report.js';

const FIVE_HOSTS = ['a', 'b', 'c', 'd', 'e'].map((name) => hostOf(`five-${name}`));
/** The policy that the five hosts share has its name. */
const NAMING_HOST = hostOf('five-b');
const FIRST: Target = { host: hostOf('first'), path: '/app' };
const toRoot = (host: string): Target => ({ host, path: '/' });

/** Each change of the table on a router that has a handful of Ingresses, one after the other. */
export async function singleChanges(
  octavia: OctaviaUnderTest,
  cluster: MeasuredCluster,
  onRow: (row: ChangeRow) => void,
): Promise<void> {
  const { endpoints, name: on } = octavia;
  const measured = (targets: readonly Target[], change: () => void | Promise<void>): Promise<Measurement> =>
    measure(octavia, cluster, targets, change);
  const row = (change: string, incumbent: string, atMost: number, measurement: Measurement) =>
    onRow({ change, incumbent, atMost, on, measured: measurement });
  await cluster.startController();

  cluster.apply(...backend('first', endpoints), ...backend('second', endpoints), ...backend('five', endpoints));
  const first = await measured([], () => cluster.apply(ingress('first', 'first', [FIRST.host], FIRST.path)));
  row('first Ingress, 1 host, 1 path, new Service', '8', 5, first);
  const second = await measured([FIRST], () => cluster.apply(ingress('second', 'second')));
  row('another host-only Ingress (`/`), new Service', '8', 4, second);
  const two = [FIRST, toRoot(hostOf('second'))];
  const five = await measured(two, () => cluster.apply(ingress('five', 'five', FIVE_HOSTS)));
  row('5 hosts to one Service', '8 and 12 more', 5, five);

  cluster.apply(endpointSlice('second', endpoints, 0, 10));
  await cluster.settled();
  const all = [...two, ...FIVE_HOSTS.map(toRoot)];
  const ten = await measured(all, () => cluster.apply(endpointSlice('second', endpoints, 10, 10)));
  row('10 endpoints change at once', '1 per Ingress', 1, ten);

  await nothing(cluster, measured, all, row);
  await switches(octavia, cluster, measured, all, row);
  await leavesShared(cluster, measured, all, row);

  const rest = [FIRST, ...FIVE_HOSTS.map(toRoot)];
  const deleted = await measured(rest, () => cluster.delete('Ingress', 'second'));
  row('Ingress deleted', 'whole LB', 2, deleted);
}

type Measure = (targets: readonly Target[], change: () => void | Promise<void>) => Promise<Measurement>;
type AddRow = (change: string, incumbent: string, atMost: number, measurement: Measurement) => void;

/** A restart reads everything; what an ordinary comparison reads does not grow with the number of policies. */
async function nothing(
  cluster: MeasuredCluster,
  measured: Measure,
  targets: readonly Target[],
  row: AddRow,
): Promise<void> {
  await cluster.stopController();
  row('nothing changed, restart', '1 per pool', 0, await measured(targets, () => cluster.startController()));
  await cluster.stopController();
  await cluster.startController({ OS_INGRESS__RESYNC_PERIOD: '1' });
  row('nothing changed, resync', '1 per pool', 0, await measured(targets, () => cluster.compared()));
  await cluster.stopController();
  await cluster.startController();
  const drift = await measured(targets, async () => {
    const changes = await cluster.drift();
    if (changes > 0) throw new Error(`the router differs by ${changes} changes though nothing was changed`);
  });
  row('nothing changed, resync in every detail', '1 per pool', 0, drift);
}

/** The Service that `/` of a host leads to is exchanged; whether pools come and go with it makes the difference. */
async function switches(
  { endpoints }: OctaviaUnderTest,
  cluster: MeasuredCluster,
  measured: Measure,
  routed: readonly Target[],
  row: AddRow,
): Promise<void> {
  const targets = [...routed, toRoot(hostOf('switch'))];
  const leadTo = (name: string) => cluster.apply(ingress('switch', name));
  cluster.apply(...backend('third', endpoints), ...backend('fourth', endpoints), ingress('switch', 'first'));
  await cluster.settled();
  row('Service of a path switched', '4 and more', 1, await measured(targets, () => leadTo('second')));
  leadTo('third');
  await cluster.settled();
  row(
    'Service of a path switched, the new pool is new and the old one goes',
    '4 and more',
    4,
    await measured(targets, () => leadTo('fourth')),
  );
  row(
    'Service of a path switched, the old pool goes with its last policy',
    '4 and more',
    2,
    await measured(targets, () => leadTo('first')),
  );
  cluster.delete('Ingress', 'switch');
  await cluster.settled();
}

/** A host or path is led to a Service that is routed to already, and leaves the policy that it shared. */
async function leavesShared(
  cluster: MeasuredCluster,
  measured: Measure,
  routed: readonly Target[],
  row: AddRow,
): Promise<void> {
  const switchHost = (switched: string) =>
    cluster.apply(
      ingressOf(
        'five',
        FIVE_HOSTS.map((host) => ({ host, path: '/', to: host === switched ? 'first' : 'five' })),
      ),
    );
  for (const [change, host, atMost] of [
    ['Service of 1 of 5 hosts of an Ingress switched', hostOf('five-a'), 3],
    ['Service of 1 of 5 hosts of an Ingress switched, the one that their policy is named after', NAMING_HOST, 4],
  ] as const) {
    row(change, '4 and more', atMost, await measured(routed, () => switchHost(host)));
    cluster.apply(ingress('five', 'five', FIVE_HOSTS));
    await cluster.settled();
  }
  const host = hostOf('paths');
  const admin = { host, path: '/admin' };
  const shop = { host, path: '/shop' };
  const leadAdminTo = (to: string) =>
    cluster.apply(
      ingressOf('paths', [
        { ...admin, to },
        { ...shop, to: 'first' },
      ]),
    );
  leadAdminTo('first');
  await cluster.settled();
  row(
    'Service of 1 of 2 paths of an Ingress switched',
    '4 and more',
    5,
    await measured([...routed, admin, shop], () => leadAdminTo('second')),
  );
  cluster.delete('Ingress', 'paths');
  await cluster.settled();
}
