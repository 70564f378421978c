import { BenchCluster } from './bench-cluster.js';
import { printTable } from './table.js';

const SIZE = { ingresses: 10_000, services: 10_000, endpointsPerService: 10 };

/** Memory of a controller with the local router, and how long it takes to route a whole large cluster. */
export async function memory(): Promise<void> {
  const cluster = await BenchCluster.start();
  try {
    await cluster.send({ type: 'fill', ...SIZE });
    const before = used();
    const start = performance.now();
    await cluster.startController();
    const routed = performance.now() - start;
    await cluster.settled();
    const settled = performance.now() - start;
    const { heap, resident } = used();
    printTable(
      'A large cluster: memory of controller and local router in one process',
      ['Ingresses', 'Services', 'endpoints', 'heap', 'resident', 'all routed', 'all statuses written'],
      [
        [
          SIZE.ingresses,
          SIZE.services,
          SIZE.services * SIZE.endpointsPerService,
          mib(heap - before.heap),
          mib(resident),
          seconds(routed),
          seconds(settled),
        ],
      ],
    );
  } finally {
    await cluster.stop();
  }
}

function used(): { readonly heap: number; readonly resident: number } {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  return { heap, resident };
}

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
