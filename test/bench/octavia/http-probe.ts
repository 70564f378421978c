import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Probe, ProbeResult, Target } from './probe.js';

/** Milliseconds between two requests. */
const INTERVAL = 20;
const TIMEOUT = 10_000;

/** Asks a router for each target in turn, one request after the other, each on a connection of its own. */
export class HttpProbe implements Probe {
  readonly #address: string;

  /** @param address of the router, whose port is 80 */
  constructor(address: string) {
    this.#address = address;
  }

  start(targets: readonly Target[]): () => Promise<ProbeResult> {
    const stopping = new AbortController();
    const asking = this.#ask(targets, stopping.signal);
    return () => {
      stopping.abort();
      return asking;
    };
  }

  async #ask(targets: readonly Target[], stopping: AbortSignal): Promise<ProbeResult> {
    let requests = 0;
    const failures: string[] = [];
    while (!stopping.aborted && targets.length > 0) {
      const target = targets[requests % targets.length] ?? { host: '', path: '/' };
      const answer = await this.#answerOf(target);
      requests += 1;
      if (answer !== '200') failures.push(`${target.host}${target.path}: ${answer}`);
      await delay(INTERVAL);
    }
    return { requests, failures };
  }

  /** The status, or why there is none. */
  #answerOf({ host, path }: Target): Promise<string> {
    const options = { host: this.#address, port: 80, path, headers: { host }, agent: false, timeout: TIMEOUT };
    return new Promise((resolve) => {
      const sent = request(options, (response) => {
        response.resume();
        response.once('end', () => resolve(String(response.statusCode)));
        response.once('error', ({ message }) => resolve(message));
      });
      sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT} ms`)));
      sent.once('error', ({ message }) => resolve(message));
      sent.end();
    });
  }
}
