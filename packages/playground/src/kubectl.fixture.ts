import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kubectl that goes on, such as `get -w`. */
export interface RunningKubectl {
  /** Resolves when the output so far matches; rejects when kubectl ends before. */
  waitFor(pattern: RegExp): Promise<string>;
  /** Its exit status, when it ends by itself. */
  readonly exited: Promise<number>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** The real kubectl with a kubeconfig and a home folder of its own, so that nothing it caches outlives a test. */
export class Kubectl {
  readonly #binary = findKubectl();
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  readonly #environment: NodeJS.ProcessEnv;
  readonly #children = new Set<ChildProcess>();

  constructor(kubeconfig: string) {
    const file = join(this.#folder, 'kubeconfig');
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    this.#environment = { PATH: process.env.PATH, HOME: this.#folder, KUBECONFIG: file };
  }

  /** Runs to the end, whatever the exit status. `input` goes to its standard input. */
  async run(args: readonly string[], input = '', environment: NodeJS.ProcessEnv = {}): Promise<KubectlResult> {
    const child = this.#spawn(args, environment);
    child.stdin?.end(input);
    const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), exitOf(child)]);
    return { code, stdout, stderr };
  }

  /** Its standard output. Throws when the exit status is not 0. `command` is split at spaces. */
  async output(command: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(command.split(' '), input);
    if (code !== 0) throw new Error(`kubectl ${command} ended with exit status ${code}: ${stderr}`);
    return stdout;
  }

  /** Its standard error. Throws when the exit status is 0. */
  async failure(command: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(command.split(' '), input);
    if (code === 0) throw new Error(`kubectl ${command} ended well: ${stdout}`);
    return stderr;
  }

  /** Has a shell run a script that calls kubectl. Throws when its exit status is not 0. */
  async script(text: string): Promise<string> {
    const PATH = `${dirname(this.#binary)}:${process.env.PATH}`;
    const child = this.#spawn(['-c', text], { PATH }, 'sh');
    child.stdin?.end();
    const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), exitOf(child)]);
    if (code !== 0) throw new Error(`${text} ended with exit status ${code}: ${stderr}`);
    return stdout;
  }

  start(command: string): RunningKubectl {
    const child = this.#spawn(command.split(' '));
    const exited = exitOf(child);
    let text = '';
    const checks = new Set<() => void>();
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const check of checks) check();
    });
    return {
      exited,
      waitFor: (pattern) =>
        new Promise((resolve, reject) => {
          const check = () => {
            if (!pattern.test(text)) return;
            checks.delete(check);
            resolve(text);
          };
          checks.add(check);
          check();
          exited.then(
            (code) => reject(new Error(`kubectl ${command} ended with exit status ${code}: ${text}`)),
            reject,
          );
        }),
      stop: async () => {
        child.kill();
        await exited;
      },
    };
  }

  /** Ends what still runs, also for a test that gave up waiting for it. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#children].map((child) => {
        const exited = exitOf(child);
        child.kill('SIGKILL');
        return exited;
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(args: readonly string[], environment: NodeJS.ProcessEnv = {}, program = this.#binary): ChildProcess {
    const child = spawn(program, args, {
      env: { ...this.#environment, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    // It may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    return child;
  }
}

/** `$KUBECTL`, else the one that `npm test` fetched, else the one of the PATH. Throws when there is none. */
function findKubectl(): string {
  if (process.env.KUBECTL !== undefined) return process.env.KUBECTL;
  const fetched = fileURLToPath(new URL('../../../.cache/kubectl-1.34/kubectl', import.meta.url));
  if (existsSync(fetched)) return fetched;
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return 'kubectl';
  } catch (error) {
    throw new Error('no kubectl: run npm test (which fetches one), or set KUBECTL to the path of one', {
      cause: error,
    });
  }
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk.toString();
  return text;
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Not `exit`, which may come before the last output.
    child.once('close', (code) => resolve(code ?? 1));
  });
}
