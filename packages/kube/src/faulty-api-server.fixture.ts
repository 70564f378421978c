import type { IncomingMessage, ServerResponse } from 'node:http';
import { TestServer } from './test-server.fixture.js';

export type Fault =
  | 'disconnect'
  | 'clean end'
  | 'half a line'
  | 'garbage'
  | 'gone'
  | 'silence'
  | 'server error'
  | 'too many requests'
  | 'unauthorized'
  | 'compaction';

interface StoredObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

interface LoggedEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: StoredObject;
}

/** An API server of one kind of object, which keeps the whole truth and tells it badly. */
export class FaultyApiServer {
  readonly objects = new Map<string, StoredObject>();
  readonly events: LoggedEvent[] = [];
  readonly injected = new Map<Fault, number>();
  #server: TestServer | undefined;
  #compacted = 0;
  #version = 0;
  readonly #pages = new Map<string, { readonly version: number; readonly rest: readonly StoredObject[] }>();
  readonly #watches = new Set<() => void>();

  /**
   * @param faults What may go wrong.
   * @param rate How often it does: the chance for each event that is sent.
   * @param random In [0, 1).
   */
  constructor(
    private readonly faults: readonly Fault[],
    private readonly rate: number,
    private readonly random: () => number,
  ) {}

  get version(): number {
    return this.#version;
  }

  async start(): Promise<URL> {
    this.#server = await TestServer.start((request, response) => this.#handle(request, response));
    return new URL(this.#server.url);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** Creates, changes or deletes an object. */
  write(name: string): void {
    this.#version += 1;
    const before = this.objects.get(name);
    const uid = before?.metadata.uid ?? `uid-${this.#version}`;
    const object = { metadata: { namespace: 'soak', name, uid, resourceVersion: String(this.#version) } };
    const deletes = before !== undefined && this.random() < 0.3;
    if (deletes) this.objects.delete(name);
    else this.objects.set(name, object);
    const type = deletes ? 'DELETED' : before === undefined ? 'ADDED' : 'MODIFIED';
    this.events.push({ version: this.#version, type, object });
    for (const wake of [...this.#watches]) wake();
  }

  #fault(rate: number, ...possible: Fault[]): Fault | undefined {
    const enabled = possible.filter((fault) => this.faults.includes(fault));
    if (enabled.length === 0 || this.random() >= rate) return undefined;
    const count = (fault: Fault): number => this.injected.get(fault) ?? 0;
    // The one that was rarest so far, so that all have their turn.
    const [fault] = enabled.sort((a, b) => count(a) - count(b));
    if (fault !== undefined) this.injected.set(fault, count(fault) + 1);
    return fault;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    // Requests are few beside events.
    const rate = this.rate * 15;
    switch (
      this.#fault(rate, 'disconnect', 'server error', 'too many requests', 'unauthorized', 'gone', 'compaction')
    ) {
      case 'disconnect':
        response.destroy();
        break;
      case 'server error':
        refuse(response, 500, 'InternalError');
        break;
      case 'unauthorized':
        refuse(response, 401, 'Unauthorized');
        break;
      case 'gone':
        refuse(response, 410, 'Expired');
        break;
      case 'too many requests':
        response.setHeader('retry-after', '0');
        refuse(response, 429, 'TooManyRequests');
        break;
      case 'compaction':
        this.#compacted = this.#version;
        this.#serve(searchParams, response);
        break;
      default:
        this.#serve(searchParams, response);
    }
  }

  #serve(query: URLSearchParams, response: ServerResponse): void {
    if (query.get('watch') === 'true') this.#watch(Number(query.get('resourceVersion')), response);
    else this.#list(query, response);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const token = query.get('continue');
    const page = token === null ? { version: this.#version, rest: [...this.objects.values()] } : this.#pages.get(token);
    if (page === undefined || page.version < this.#compacted) {
      refuse(response, 410, 'Expired');
      return;
    }
    const limit = Number(query.get('limit') ?? Number.POSITIVE_INFINITY);
    const rest = page.rest.slice(limit);
    const next = rest.length === 0 ? undefined : `token-${this.#pages.size}`;
    if (next !== undefined) this.#pages.set(next, { version: page.version, rest });
    answer(response, 200, {
      metadata: { resourceVersion: String(page.version), continue: next },
      items: page.rest.slice(0, limit),
    });
  }

  #watch(from: number, response: ServerResponse): void {
    if (from < this.#compacted) {
      refuse(response, 410, 'Expired');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    let sent = from;
    const wake = (): void => {
      for (const event of this.events.slice(sent)) {
        if (!this.#tell(event, response)) {
          this.#watches.delete(wake);
          return;
        }
        sent = event.version;
      }
      if (this.random() < 0.02) {
        send(response, { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(sent) } } });
      }
    };
    this.#watches.add(wake);
    response.once('close', () => this.#watches.delete(wake));
    wake();
  }

  /** False when the watch is broken. */
  #tell({ type, object }: LoggedEvent, response: ServerResponse): boolean {
    switch (this.#fault(this.rate, 'disconnect', 'clean end', 'half a line', 'garbage', 'gone', 'silence')) {
      case undefined:
        send(response, { type, object });
        return true;
      case 'disconnect':
        response.destroy();
        return false;
      case 'clean end':
        response.end();
        return false;
      case 'half a line':
        response.write(JSON.stringify({ type, object }).slice(0, 20), () => response.destroy());
        return false;
      case 'garbage':
        // Where the event should be; what comes after it is not to be had without a list.
        response.write('{"type":"ADDED","object":\u0000\n');
        return true;
      case 'gone':
        send(response, { type: 'ERROR', object: status(410, 'Expired') });
        return false;
      default:
        return false;
    }
  }
}

function answer(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  answer(response, code, status(code, reason));
}

function send(response: ServerResponse, event: object): void {
  response.write(`${JSON.stringify(event)}\n`);
}

function status(code: number, reason: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: 'injected' };
}
