import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Controller, loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { ServiceCloud, web } from '../end-to-end/service-cloud.fixture.js';
import { eventually } from '../end-to-end/test-cluster.fixture.js';
import { codeBlocks } from './markdown.fixture.js';

let there: ServiceCloud;
let folder: string;
let controller: Controller | undefined;

beforeEach(async () => {
  there = await ServiceCloud.start(5);
  folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-services-only-'));
});

afterEach(async () => {
  await controller?.stop();
  await there.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What an example can't know: where cluster and cloud are. */
function environment(): Readonly<Record<string, string>> {
  const ofCloud = Object.entries(there.settings()).filter(([name]) => name.startsWith('OS_NEUTRON'));
  return {
    ...Object.fromEntries(ofCloud),
    OS_KUBERNETES__KUBECONFIG: there.cluster.kubeconfigFile,
    OS_HEALTH_SERVER__BIND_ADDRESS: '127.0.0.1',
    OS_HEALTH_SERVER__PORT: '0',
  };
}

describe('the kuryr.conf for Services only', () => {
  it('gives a Service its load balancer, and neither makes nor listens for a router', async () => {
    const [example, ...others] = codeBlocks('ini').filter(({ text }) => text.includes('enable_ingress = False'));
    expect([example?.file, others]).toEqual(['docs/services.md', []]);
    const file = join(folder, 'kuryr.conf');
    writeFileSync(file, example?.text ?? '');
    there.cluster.setNodes({ 'node-1': '10.2.0.1' });
    there.cluster.apply(web());
    const { configuration, plugins, notices } = await loadControllerConfiguration({
      configFiles: [file],
      environment: environment(),
    });
    expect(notices.filter(({ level }) => level === 'warning')).toEqual([]);
    controller = await startController({ configuration, plugins, logger: () => SILENT_LOGGER });
    await eventually(() => expect(there.ipOf('web')).toBeDefined());
    expect((await controller.ready).description).toMatchObject({ name: 'none', addresses: [], listeners: [] });
    expect((await there.cloud.octavia.loadBalancers.list()).map(({ name }) => name)).toEqual(['default/web']);
    const readyz = await fetch(`${controller.healthUrl}/readyz`);
    expect([readyz.status, await readyz.text()]).toEqual([200, expect.stringContaining('[+]objects ok\n')]);
  });
});
