import type { ServerResponse } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { CertificateAuthority } from './certificates.fixture.js';
import { createTransport } from './http-transport.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { CONFIG_MAPS } from './resource-kinds.js';
import { createSharedWatcher } from './shared-watcher.js';
import { TestServer } from './test-server.fixture.js';
import type { SharedWatcher } from './watched-kind.js';

/** Requests that the API server got, and its answers to those that watch. */
let requests: URL[];
let watches: ServerResponse[];
let server: TestServer;
/** Passes bytes on between the watcher and the API server, as a load balancer does. */
let between: Server;
let passing: Socket[];
let transport: KubernetesTransport;
let watcher: SharedWatcher;

/** What is there in the end. */
async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

beforeEach(async () => {
  [requests, watches, passing] = [[], [], []];
  const authority = await CertificateAuthority.create();
  const { certificate: cert, key } = await authority.issue('kube-apiserver');
  server = await TestServer.start(
    ({ url = '' }, response) => {
      requests.push(new URL(url, 'https://kubernetes'));
      if (!url.includes('watch=true')) {
        response.end(JSON.stringify({ metadata: { resourceVersion: '7' }, items: [] }));
        return;
      }
      response.writeHead(200).flushHeaders();
      watches.push(response);
    },
    { cert, key },
  );
  between = createServer((client) => {
    const upstream = connect(Number(new URL(server.url).port), '127.0.0.1');
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    passing.push(client);
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  const address = between.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const credentials = async () => ({ tls: { ca: authority.certificate }, headers: {} });
  transport = createTransport({
    server: new URL(`https://127.0.0.1:${port}`),
    credentials: { current: credentials, refresh: credentials },
    origin: 'a test',
  });
  watcher = createSharedWatcher(transport, { initialBackoff: 2, maxBackoff: 10 });
});

afterEach(async () => {
  await watcher.stop();
  transport.close();
  const closed = new Promise((resolve) => between.close(resolve));
  for (const socket of passing) socket.destroy();
  await closed;
  await server.stop();
});

it.each<[string, (connection: Socket) => void]>([
  ['an error of TLS (LP 1906498)', (connection) => void connection.write('HTTP/1.1 504 this is not TLS\r\n\r\n')],
  ['a connection cut off in the middle of a chunk (LP 1842689)', (connection) => void connection.resetAndDestroy()],
])('after %s a watch goes on from the last event', async (_, spoil) => {
  const told: string[] = [];
  watcher.watch(CONFIG_MAPS).subscribe(({ type, key }) => told.push(`${type} ${key}`));
  watcher.start();
  for (const version of [8, 9, 10]) {
    const watch = await eventually(() => watches[version - 8]);
    const object = { metadata: { namespace: 'shop', name: `v${version}`, uid: 'u', resourceVersion: `${version}` } };
    watch.write(`${JSON.stringify({ type: 'ADDED', object })}\n{"type":"ADD`);
    await eventually(() => told[version - 8]);
    for (const connection of passing.splice(0)) spoil(connection);
  }
  await eventually(() => watches[3]);
  expect(told).toEqual(['present shop/v8', 'present shop/v9', 'present shop/v10']);
  expect(requests.map(({ searchParams }) => searchParams.get('resourceVersion'))).toEqual([null, '7', '8', '9', '10']);
  expect(watcher.states[0]?.counters).toMatchObject({ errors: 3 });
});
