import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { IN_TREE } from '#bed/folders';
import { inTree } from '#bed/tree';

/** Milliseconds between two looks. */
const INTERVAL = 20;

/**
 * Looks into Octavia's own database whether a load balancer is locked: through its API that would cost what is measured.
 * Exact to two intervals for each lock.
 */
export class LockWatch {
  readonly #client: ChildProcessByStdio<Writable, Readable, null>;
  readonly #query: string;
  #timer: NodeJS.Timeout | undefined;
  #lastLook = performance.now();
  #wasLocked = false;
  #milliseconds = 0;
  #failure: string | undefined;

  constructor(loadBalancerId: string) {
    const options = ['--no-defaults', '--batch', '--unbuffered', '--skip-column-names'];
    const client = ['mariadb', ...options, `--socket=${IN_TREE.state}/mariadb.sock`, 'octavia'];
    const [file = '', ...args] = inTree(client);
    this.#query = `select provisioning_status from load_balancer where id = '${loadBalancerId}';\n`;
    this.#client = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    createInterface({ input: this.#client.stdout }).on('line', (status) => this.#saw(status));
    this.#client.on('error', ({ message }) => this.#failed(message));
    this.#client.on('exit', (status) => this.#failed(`it ended with status ${status}`));
    this.#client.stdin.on('error', ({ message }) => this.#failed(message));
    this.#client.stdin.write(this.#query);
  }

  /** @throws Error when the client of the database is gone */
  get seconds(): number {
    if (this.#failure !== undefined) throw new Error(`no more looks into Octavia's database: ${this.#failure}`);
    return this.#milliseconds / 1_000;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#failure !== undefined) return;
    const ended = once(this.#client, 'exit');
    this.#client.stdin.end();
    await ended;
  }

  #failed(reason: string): void {
    clearTimeout(this.#timer);
    this.#failure ??= reason;
  }

  #saw(status: string): void {
    const now = performance.now();
    if (this.#wasLocked) this.#milliseconds += now - this.#lastLook;
    this.#wasLocked = status.startsWith('PENDING');
    this.#lastLook = now;
    this.#timer = setTimeout(() => this.#client.stdin.write(this.#query), INTERVAL);
  }
}
