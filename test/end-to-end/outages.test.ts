import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { backend, deployment, ingress } from './manifests.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

let cluster: TestCluster;

const readyz = async (url: string | undefined) => {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, text: await response.text() };
};

describe('when something around the controller fails', () => {
  afterEach(() => cluster.stop());

  it('routes stay while the API server is away, and changes are caught up with when it is back (LP 1776676)', async () => {
    cluster = await TestCluster.start({ OS_KUBERNETES__WATCH_RETRY_TIMEOUT: '0' });
    cluster.apply(...backend('web'), ingress('web', [['web.example.com', ['/', 'Prefix', 'web']]]));
    await eventually(async () => expect(await cluster.answers('web.example.com')).toBe('web'));
    const { healthUrl } = cluster.controller;

    await cluster.api.stop();
    await eventually(async () =>
      expect((await readyz(healthUrl)).text).toContain('[-]kubernetes failed: the watch of'),
    );
    expect(await cluster.answers('web.example.com')).toBe('web');

    cluster.apply(deployment('web', 2), ingress('new', [['new.example.com', ['/', 'Prefix', 'web']]]));
    cluster.delete('Ingress', 'web');
    await cluster.api.restart();
    await eventually(async () => expect(await cluster.answers('new.example.com')).toBe('web'));
    await eventually(async () => expect(await cluster.answers('web.example.com')).toBe(404));
    await eventually(async () => expect((await readyz(healthUrl)).status).toBe(200));
  });

  it('no request fails while Ingresses come and go', async () => {
    cluster = await TestCluster.start();
    cluster.apply(...backend('web', 2), ingress('web', [['web.example.com', ['/', 'Prefix', 'web']]]));
    await eventually(async () => expect(await cluster.answers('web.example.com')).toBe('web'));
    const statuses = new Set<number>();
    let running = true;
    const load = (async () => {
      while (running) statuses.add((await cluster.request('web.example.com')).status);
    })();
    for (let round = 0; round < 20; round += 1) {
      cluster.apply(ingress(`other-${round}`, [[`other-${round}.example.com`, ['/', 'Prefix', 'web']]]));
      await eventually(async () => expect(await cluster.answers(`other-${round}.example.com`)).toBe('web'));
      if (round % 2 === 0) cluster.delete('Ingress', `other-${round}`);
    }
    running = false;
    await load;
    expect([...statuses]).toEqual([200]);
  });

  it('says why the router can’t be opened, tries again, and works when it can', async () => {
    cluster = await TestCluster.withoutController();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { configuration, plugins } = await loadControllerConfiguration({
      defaultSearch: false,
      environment: {
        OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
        OS_LOCAL_ROUTER__HTTP_PORT: String(port),
        OS_HEALTH_SERVER__BIND_ADDRESS: '127.0.0.1',
        OS_HEALTH_SERVER__PORT: '0',
      },
    });
    const controller = await startController({ configuration, plugins, logger: () => SILENT_LOGGER });
    try {
      await eventually(async () => {
        const { status, text } = await readyz(controller.healthUrl);
        expect(status).toBe(503);
        expect(text).toMatch(new RegExp(`\\[-\\]router failed: .*${port}`));
      });
      await new Promise((resolve) => taken.close(resolve));
      await controller.ready;
      await eventually(async () => expect((await readyz(controller.healthUrl)).status).toBe(200));
    } finally {
      await controller.stop();
    }
  });
});
