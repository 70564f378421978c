import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestCluster } from './test-cluster.fixture.js';

const PROGRAM = fileURLToPath(new URL('../../packages/controller/bin/kuryr-l7.js', import.meta.url));

/** How a program ended. */
interface Outcome {
  /** Exit status; null where a signal has ended it. */
  readonly status: number | null;
  /** All that it has written. */
  readonly text: string;
}

/** `kuryr-l7` as a process of its own. */
class Program {
  readonly outcome: Promise<Outcome>;
  readonly #child: ChildProcess;

  /** @param settings kuryr.conf as environment variables; nothing else of the environment is given on */
  constructor(args: readonly string[], settings: Readonly<Record<string, string>>) {
    const env = { PATH: process.env.PATH, ...settings };
    const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    this.#child = child;
    this.outcome = new Promise((resolve) => child.once('close', (status) => resolve({ status, text })));
  }

  /** Nothing where it has ended already. */
  end(signal: NodeJS.Signals = 'SIGKILL'): Promise<Outcome> {
    this.#child.kill(signal);
    return this.outcome;
  }
}

/** Programs for one cluster with the same kuryr.conf. */
export class Programs {
  readonly #started: Program[] = [];

  /** @param settings kuryr.conf as environment variables, but for where Kubernetes is */
  constructor(
    private readonly cluster: TestCluster,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  start(...args: readonly string[]): Program {
    const program = new Program(args, {
      OS_KUBERNETES__KUBECONFIG: this.cluster.kubeconfigFile,
      OS_LOCAL_ROUTER__HTTP_PORT: '0',
      OS_HEALTH_SERVER__PORT: '-1',
      ...this.settings,
    });
    this.#started.push(program);
    return program;
  }

  /** Kills those that still run. */
  async end(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((program) => program.end()));
  }
}
