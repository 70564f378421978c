import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BenchCluster } from './bench-cluster.js';
import { milliseconds, printTable, quantile } from './table.js';

const PROBES = 40;

/** Time from the creation of an Ingress to its first routed answer; any answer other than 404 and 200 is an error. */
export async function propagation(): Promise<void> {
  const backend = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => backend.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const rows: (readonly (string | number)[])[] = [];
  try {
    for (const ingresses of [0, 1_000, 5_000])
      rows.push(await measure(ingresses, (backend.address() as AddressInfo).port));
  } finally {
    backend.close();
    backend.closeAllConnections();
  }
  printTable(
    `Ingress created until first answered (${PROBES} created one after the other)`,
    ['Ingresses there', 'p50', 'p99', 'errors'],
    rows,
  );
}

async function measure(ingresses: number, backendPort: number): Promise<readonly (string | number)[]> {
  const cluster = await BenchCluster.start();
  try {
    await cluster.send({ type: 'backend', service: 'probe', port: backendPort });
    if (ingresses > 0)
      await cluster.send({ type: 'fill', ingresses, services: Math.max(1, ingresses / 10), endpointsPerService: 3 });
    const port = await cluster.startController();
    await cluster.settled();
    const times: number[] = [];
    let errors = 0;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const host = `probe-${probe}.example.org`;
      const start = performance.now();
      const created = cluster.send({ type: 'ingress', name: `probe-${probe}`, host, service: 'probe' });
      for (let status = 0; status !== 200; ) {
        status = await statusOf(port, host);
        if (status !== 200 && status !== 404) errors += 1;
      }
      times.push(performance.now() - start);
      await created;
    }
    return [ingresses, milliseconds(quantile(times, 0.5)), milliseconds(quantile(times, 0.99)), errors];
  } finally {
    await cluster.stop();
  }
}

function statusOf(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = request({ host: '127.0.0.1', port, headers: { host } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    probe.on('error', reject);
    probe.end();
  });
}
