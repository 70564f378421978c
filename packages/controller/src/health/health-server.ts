import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@kuryr-l7/kube';

/** One line of /readyz: a part of the controller and, while it is not ready, why. */
export interface ReadinessCheck {
  readonly name: string;
  /** Undefined when ready. */
  problem(): string | undefined;
  /** What is wrong beside, and makes nothing unready. */
  notice?(): string | undefined;
}

/** What a page answers. `text` is sent as it is, `json` serialised. */
export type PageAnswer =
  | { readonly status: number; readonly text: string; readonly contentType?: string }
  | { readonly status: number; readonly json: unknown };

export type Page = (query: URLSearchParams) => Promise<PageAnswer> | PageAnswer;

export interface HealthServerOptions {
  /** Empty: every address, as a kubelet needs it. */
  readonly bindAddress: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly checks: readonly ReadinessCheck[];
  /** By path, e.g. `/metrics`. */
  readonly pages: ReadonlyMap<string, Page>;
  readonly logger: Logger;
}

/** Probes, metrics and the pages that `kuryr-l7 plan`, `explain` and `status` read. Reads only: nothing here changes anything. */
export class HealthServer {
  readonly #server: Server;

  private constructor(
    server: Server,
    readonly url: string,
  ) {
    this.#server = server;
  }

  static async listen(options: HealthServerOptions): Promise<HealthServer> {
    const pages = new Map<string, Page>([
      ...options.pages,
      ['/livez', () => ({ status: 200, text: 'ok\n' })],
      ['/alive', () => ({ status: 200, text: 'ok\n' })],
      ['/readyz', () => readiness(options.checks)],
      ['/ready', () => readiness(options.checks)],
    ]);
    const server = createServer((request, response) => {
      void answer(pages, request, response, options.logger);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(
        { port: options.port, ...(options.bindAddress === '' ? {} : { host: options.bindAddress }) },
        resolve,
      );
    });
    const { port } = server.address() as AddressInfo;
    const host = options.bindAddress === '' ? '127.0.0.1' : options.bindAddress;
    return new HealthServer(server, `http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** In the form of Kubernetes' own /readyz?verbose. */
function readiness(checks: readonly ReadinessCheck[]): PageAnswer {
  const lines = checks.map(({ name, problem, notice }) => ({ name, reason: problem(), notice: notice?.() }));
  const ready = lines.every(({ reason }) => reason === undefined);
  const text = lines.map(({ name, reason, notice }) =>
    reason === undefined
      ? `[+]${name} ok${notice === undefined ? '' : `, but ${notice}`}`
      : `[-]${name} failed: ${reason}`,
  );
  return { status: ready ? 200 : 503, text: `${[...text, ready ? 'ready' : 'not ready'].join('\n')}\n` };
}

async function answer(
  pages: ReadonlyMap<string, Page>,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const page = pages.get(path);
  let result: PageAnswer;
  if (page === undefined) {
    result = { status: 404, text: `no such page; there are ${[...pages.keys()].sort().join(' ')}\n` };
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    result = { status: 405, text: 'only GET\n' };
  } else {
    try {
      result = await page(new URLSearchParams(query));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn(`${path} could not be answered: ${reason}`);
      result = { status: 500, text: `${reason}\n` };
    }
  }
  const [contentType, body] =
    'json' in result
      ? ['application/json', `${JSON.stringify(result.json)}\n`]
      : [result.contentType ?? 'text/plain; charset=utf-8', result.text];
  response.writeHead(result.status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
