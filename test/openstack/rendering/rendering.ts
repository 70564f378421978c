/** L7 policies on a real HAProxy that Octavia's own code configures, with no cloud around it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { L7Policy, Pool } from '@kuryr-l7/router';
import { IN_TREE, STATE } from '../bed/folders.js';
import { inTree } from '../bed/tree.js';

/** What one listener serves. */
export interface ServedListener {
  /** In order of position. */
  readonly policies: readonly L7Policy[];
  /** At least those that the listener and its policies lead to. */
  readonly pools: readonly Pool[];
  /** Name of the pool that takes what no policy takes. */
  readonly defaultPool?: string;
}

/** Where a listener is served, and by which lines. */
export interface ListenerAddress {
  readonly address: string;
  readonly port: number;
  /** Its frontend in haproxy.cfg. */
  readonly configuration: string;
}

/** Below the ports that a system gives to clients, on a loopback address of our own: nobody else listens there. */
const FIRST_PORT = 20_000;

/**
 * One process of python/bed/rendering.py, which makes rows in Octavia's database (in memory) of what it is given, lets
 * Octavia's repository and amphora driver read and render them, and runs HAProxy with the result. Needs the Debian tree of the bed, and none
 * of the bed's services.
 */
export class Rendering {
  readonly #folder: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #address: string;
  #errors = '';

  constructor() {
    mkdirSync(STATE, { recursive: true, mode: 0o700 });
    this.#folder = mkdtempSync(join(STATE, 'rendering-'));
    this.#address = `127.${130 + random(60)}.${random(256)}.${1 + random(254)}`;
    const inside = `${IN_TREE.state}/${basename(this.#folder)}`;
    const [file = '', ...args] = inTree(['python3', '-m', 'bed.rendering', inside]);
    this.#process = spawn(file, args);
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-4000);
    });
    this.#lines = createInterface({ input: this.#process.stdout });
  }

  /**
   * Serves these listeners, in the place of those before. They are told where, in the same order.
   *
   * @throws with HAProxy's own words where it refuses what was rendered
   */
  async serve(listeners: readonly ServedListener[]): Promise<readonly ListenerAddress[]> {
    const wanted = listeners.map((listener, index) => ({ ...listener, port: FIRST_PORT + index }));
    this.#errors = '';
    const answer = this.#answer();
    this.#process.stdin.write(`${JSON.stringify({ address: this.#address, listeners: wanted })}\n`);
    const { configuration, error } = await answer;
    if (configuration === undefined) throw new Error(`${error ?? 'The renderer ended.'}\n${this.#errors}`);
    return wanted.map(({ port }) => ({
      address: this.#address,
      port,
      configuration: frontend(configuration, `${this.#address}:${port}`),
    }));
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.stdin.end();
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(): Promise<{ readonly configuration?: string; readonly error?: string }> {
    const waiting = new AbortController();
    const { signal } = waiting;
    try {
      return await Promise.race([
        once(this.#lines, 'line', { signal }).then(([line]) => JSON.parse(line)),
        once(this.#lines, 'close', { signal }).then(() => ({})),
      ]);
    } finally {
      waiting.abort();
    }
  }
}

function frontend(configuration: string, address: string): string {
  const sections = configuration.split(/^(?=frontend |backend )/m);
  return sections.find((section) => section.includes(`bind ${address}\n`)) ?? configuration;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
