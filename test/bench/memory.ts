import { type CompilerOptions, compileRouter, FULL_CAPABILITIES } from '@kuryr-l7/router';
import { clusterObjects } from './cluster-objects.js';
import { printTable } from './table.js';

const OPTIONS: CompilerOptions = {
  controllerName: 'openstack.org/kuryr-l7',
  ingressClass: 'kuryr-l7',
  handleClassless: true,
  hostOwnership: true,
};

/** Memory that the objects of a large cluster and its desired router take, after garbage collection. */
export async function memory(): Promise<void> {
  const before = used();
  const objects = clusterObjects({ ingresses: 10_000, pathsPerIngress: 1, services: 10_000, endpointsPerService: 10 });
  const stored = used();
  const compiled = compileRouter(objects, OPTIONS, FULL_CAPABILITIES, [{ key: 'HTTP:80', protocol: 'HTTP', port: 80 }], 'IPv4');
  const all = used();
  const policies = compiled.router.listeners[0]?.policies.length ?? 0;
  printTable(
    'Memory (heap after garbage collection)',
    ['Ingresses', 'Services', 'endpoints', 'policies', 'objects', 'desired router', 'together'],
    [[objects.ingresses.length, objects.services.length, 100_000, policies, mib(stored - before), mib(all - stored), mib(all - before)]],
  );
}

function used(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
