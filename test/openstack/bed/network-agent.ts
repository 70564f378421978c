import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inTree } from './tree.js';

/** What Open vSwitch's agents would do on some hosts, see python/bed/network_agent.py. */
export class NetworkAgent {
  private constructor(
    private readonly python: ChildProcessWithoutNullStreams,
    private readonly ended: Promise<unknown>,
  ) {}

  /** Resolves when Neutron knows that the agents are alive. */
  static async start(hosts: readonly string[]): Promise<NetworkAgent> {
    const [file = '', ...args] = inTree(['python3', '-m', 'bed.network_agent', ...hosts]);
    const python = spawn(file, args);
    let errors = '';
    python.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    python.stdin.on('error', () => undefined);
    const ended = once(python, 'close');
    const agent = new NetworkAgent(python, ended);
    const first = await Promise.race([once(python.stdout, 'data'), ended.then(() => undefined)]);
    if (first === undefined) throw new Error(`the agent ended: ${errors}`);
    return agent;
  }

  async stop(): Promise<void> {
    this.python.stdin.end();
    await this.ended;
  }
}
