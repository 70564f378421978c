import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Controller, loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { ApiCommand } from './api-process.js';

/** A Kubernetes API in a process of its own, and a controller with the local router in this one. */
export class BenchCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-bench-'));
  readonly #api: ChildProcess = fork(fileURLToPath(new URL('api-process.js', import.meta.url)));
  #controller: Controller | undefined;

  static async start(): Promise<BenchCluster> {
    const cluster = new BenchCluster();
    const [{ kubeconfig }] = (await once(cluster.#api, 'message')) as [{ kubeconfig: string }];
    writeFileSync(cluster.#kubeconfig, kubeconfig, { mode: 0o600 });
    return cluster;
  }

  get #kubeconfig(): string {
    return join(this.#folder, 'kubeconfig');
  }

  async send(command: ApiCommand): Promise<void> {
    this.#api.send(command);
    await once(this.#api, 'message');
  }

  /** Starts the controller; resolves with the router's port when all that there is has been routed. */
  async startController(): Promise<number> {
    const { configuration, plugins } = await loadControllerConfiguration({
      defaultSearch: false,
      environment: {
        OS_KUBERNETES__KUBECONFIG: this.#kubeconfig,
        OS_LOCAL_ROUTER__HTTP_PORT: '0',
        OS_HEALTH_SERVER__PORT: '-1',
      },
    });
    this.#controller = await startController({ configuration, plugins, logger: () => SILENT_LOGGER });
    const { description } = await this.#controller.ready;
    return description.listeners[0]?.port ?? 0;
  }

  /** Whether every status has been written and nothing waits. */
  async settled(): Promise<void> {
    for (;;) {
      const busy = this.#controller?.session?.pipelines.some(({ queue }) => queue.depth + queue.inFlight > 0) ?? false;
      if (!busy) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    await this.#controller?.stop();
    const exited = once(this.#api, 'exit');
    this.#api.send({ type: 'close' });
    await exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
