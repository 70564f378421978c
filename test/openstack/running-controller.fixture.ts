import { writeFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { expect } from '@jest/globals';
import { type Controller, loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import type { Logger } from '@kuryr-l7/kube';
import { eventually } from '../end-to-end/test-cluster.fixture.js';

/** Milliseconds until something is mended: the longest of all is what a refused object waits for. */
const PATIENCE = 150_000;

/** `GET /api/v1/status`, as far as tests look at it. */
interface Status {
  readonly router: { readonly upToDate: boolean; readonly problem?: string };
  readonly refused: readonly { readonly object: string; readonly message: string }[];
}

/** A whole controller with a kuryr.conf in a file, which tests look at as an operator does. */
export class RunningController {
  /** Lines of the log, `level message`. */
  readonly log: readonly string[];

  private constructor(
    private readonly controller: Controller,
    log: readonly string[],
  ) {
    this.log = log;
  }

  static async start(configFile: string, text: string): Promise<RunningController> {
    writeFileSync(configFile, text);
    const log: string[] = [];
    const tell = (level: string) => (message: string) => void log.push(`${level} ${message}`);
    const logger: Logger = { debug() {}, info: tell('info'), warn: tell('warn'), error: tell('error') };
    const loaded = await loadControllerConfiguration({ configFiles: [configFile], environment: {} });
    return new RunningController(await startController({ ...loaded, logger: () => logger }), log);
  }

  async readyz(): Promise<string> {
    return (await fetch(`${this.controller.healthUrl}/readyz`)).text();
  }

  async status(): Promise<Status> {
    return (await (await fetch(`${this.controller.healthUrl}/api/v1/status`)).json()) as Status;
  }

  /** Waits until an operator can read this, in `/readyz` and in `kuryr-l7 status`, and gives all of it. */
  async tells(what: RegExp): Promise<string> {
    const problem = await eventually(async () => {
      const { router, refused } = await this.status();
      const told = [router.problem ?? '', ...refused.map(({ object, message }) => `${object}: ${message}`)].join('\n');
      expect(told).toMatch(what);
      return told;
    }, PATIENCE);
    expect(this.log.join('\n')).toMatch(what);
    return problem;
  }

  /** Waits until everything is well, with the same process. */
  async recovers(): Promise<void> {
    await eventually(async () => {
      expect(await this.readyz()).toMatch(/^ready$/m);
      expect(await this.status()).toMatchObject({ router: { upToDate: true }, refused: [] });
    }, PATIENCE);
  }

  stop(): Promise<void> {
    return this.controller.stop();
  }
}

/** The body that the VIP answers for this host, or the status where that is not 200. */
export function answerOf(vip: string, host: string): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const sent = send({ host: vip, port: 80, headers: { host }, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString() : (response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end();
  });
}
