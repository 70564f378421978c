import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { TlsFiles, TlsOptions } from './tls-files.js';

/**
 * Milliseconds after which an idle connection is closed: before Apache does (5 s), so that no change is sent over one that
 * is being closed, which would leave its outcome unknown.
 */
const IDLE = 4_000;

/** Connections kept alive for one cloud, one set of agents for each set of certificates. */
export class Agents {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE });
  #https: HttpsAgent | undefined;
  #tls: TlsOptions | undefined;
  readonly #retired = new Set<HttpsAgent>();

  constructor(private readonly files: TlsFiles) {}

  /** In the form that got takes. @throws CloudConfigurationError when a certificate can't be read */
  async current(): Promise<{ readonly http: HttpAgent; readonly https: HttpsAgent }> {
    const tls = await this.files.current();
    if (this.#https === undefined || tls !== this.#tls) {
      // What runs ends on the old connections, which close when they are idle.
      if (this.#https !== undefined) this.#retired.add(this.#https);
      this.#tls = tls;
      this.#https = new HttpsAgent({ ...tls, keepAlive: true, timeout: IDLE });
    }
    return { http: this.#http, https: this.#https };
  }

  close(): void {
    for (const agent of [this.#http, this.#https, ...this.#retired]) agent?.destroy();
    this.#retired.clear();
  }
}
