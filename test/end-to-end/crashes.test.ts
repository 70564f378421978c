import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backend, ingress } from './manifests.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

const PROGRAM = fileURLToPath(new URL('../../packages/controller/bin/kuryr-l7.js', import.meta.url));
const NOTIFICATION = 'openstack.org/kuryr-lbaas-route-notif';
const STATE = 'openstack.org/kuryr-lbaas-route-state';

let cluster: TestCluster;
let child: ChildProcess | undefined;
let port: number;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The controller as it is deployed: a process of its own. */
function run(): ChildProcess {
  child = spawn(process.execPath, [PROGRAM, 'run'], {
    env: {
      PATH: process.env.PATH,
      OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
      OS_LOCAL_ROUTER__HTTP_PORT: String(port),
      OS_HEALTH_SERVER__PORT: '-1',
    },
    stdio: 'ignore',
  });
  return child;
}

async function kill(): Promise<void> {
  const running = child;
  child = undefined;
  if (running === undefined || running.exitCode !== null) return;
  const exited = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGKILL');
  await exited;
}

const annotations = () => cluster.get('Service', 's1').metadata.annotations ?? {};

describe('a controller that is killed at any point', () => {
  beforeEach(async () => {
    cluster = await TestCluster.withoutController();
    port = await freePort();
    cluster.usePort(port);
    cluster.apply(...backend('s1'));
  });

  afterEach(async () => {
    await kill();
    await cluster.stop();
  });

  it('catches up at the next start: routes, status and annotations are as the cluster asks', async () => {
    const route = ingress('test', [['www.example.com', ['/', 'Prefix', 's1']]]);
    // From before it has listed anything to after it has written everything.
    for (const [round, milliseconds] of [50, 300, 400, 450, 500, 550, 600, 700].entries()) {
      run();
      if (round % 2 === 0) cluster.apply(route);
      else cluster.delete('Ingress', 'test');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await kill();
    }
    run();
    await eventually(async () => expect(await cluster.answers('www.example.com')).toBe(404));
    await eventually(() => {
      expect(annotations()).not.toHaveProperty([NOTIFICATION]);
      expect(annotations()).not.toHaveProperty([STATE]);
    });
    await kill();
    cluster.apply(route);
    run();
    await eventually(async () => expect(await cluster.answers('www.example.com')).toBe('s1'));
    await eventually(() => {
      expect(annotations()[NOTIFICATION]).toContain(cluster.get('Ingress', 'test').metadata.uid);
      expect(annotations()[STATE]).toContain('"name":"default_s1"');
      expect(cluster.get('Ingress', 'test').status?.loadBalancer?.ingress).toHaveLength(1);
    });
  });
});
