import {
  type ClusterObjects,
  type CompilerOptions,
  compileRouter,
  emptyRouter,
  FULL_CAPABILITIES,
  IngressCompiler,
  type ListenerIdentity,
  type ObservedRouter,
  plan,
  type Router,
} from '@kuryr-l7/router';
import { clusterObjects, ingress } from './cluster-objects.js';
import { milliseconds, printTable, quantile } from './table.js';

const RUNS = 7;
const LISTENERS: readonly ListenerIdentity[] = [{ key: 'HTTP:80', protocol: 'HTTP', port: 80 }];
const OPTIONS: CompilerOptions = {
  controllerName: 'openstack.org/kuryr-l7',
  ingressClass: 'kuryr-l7',
  handleClassless: true,
  hostOwnership: true,
};

const timed = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

const median = (work: () => number): number => quantile(Array.from({ length: RUNS }, work), 0.5);

/** Compile and plan for an empty router, for one that differs by one path, and for one that differs by nothing. */
export async function compileAndPlan(): Promise<void> {
  const rows = [1_000, 5_000, 10_000].map((paths) => {
    const objects = clusterObjects({
      ingresses: paths / 2,
      pathsPerIngress: 2,
      services: paths / 2,
      endpointsPerService: 3,
    });
    const full = median(() => timed(() => fullPass(objects)));
    const { change, same } = incremental(objects);
    return [
      paths,
      milliseconds(full),
      `${((full / paths) * 1_000).toFixed(0)} µs`,
      milliseconds(change),
      milliseconds(same),
      `${(full / change).toFixed(0)}x`,
    ];
  });
  printTable(
    'Compile and plan (median of 7, policies with 3 members a pool)',
    ['paths', 'all, onto an empty router', 'per path', 'one path changes', 'nothing changes', 'all / one'],
    rows,
  );
}

function fullPass(objects: ClusterObjects): void {
  const { router } = compileRouter(objects, OPTIONS, FULL_CAPABILITIES, LISTENERS, 'IPv4');
  plan(router, emptyRouter(LISTENERS), FULL_CAPABILITIES);
}

function incremental(objects: ClusterObjects): { readonly change: number; readonly same: number } {
  const { router } = compileRouter(objects, OPTIONS, FULL_CAPABILITIES, LISTENERS, 'IPv4');
  const compiler = new IngressCompiler(OPTIONS, FULL_CAPABILITIES);
  for (const service of objects.services) compiler.setService(service);
  for (const object of objects.ingresses) compiler.setIngress(object);
  // As the controller does it: pools that are as they were are the same objects.
  const pools = new Map(router.pools.map((pool) => [pool.name, pool]));
  const assemble = (): Router => {
    const { policies, pools: requests } = compiler.compile();
    return {
      listeners: LISTENERS.map((listener) => ({ ...listener, policies })),
      pools: requests.flatMap(({ name }) => pools.get(name) ?? []),
    };
  };
  let current = assemble();
  let generation = 0;
  const step = () => {
    const next = assemble();
    plan(next, asObserved(current), FULL_CAPABILITIES);
    current = next;
  };
  const change = () => {
    generation += 1;
    // The same Ingress leads to another Service each time.
    const [first] = objects.ingresses;
    if (first !== undefined)
      compiler.setIngress({ ...ingress(generation % 2, 2, objects.services.length), metadata: first.metadata });
    step();
  };
  change();
  return { change: median(() => timed(change)), same: median(() => timed(step)) };
}

/** A router that has exactly what was wanted, by the same objects, as the local driver shows it. */
const asObserved = (router: Router): ObservedRouter => router;
