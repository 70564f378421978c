import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ListenerIdentity, ListenerProtocol } from '@kuryr-l7/router';
import type { LocalRouterSettings, TlsCredentials } from '../local-router-options.js';
import type { Statistics } from '../statistics.js';
import { answer } from './answer.js';
import { brokenRequestStatus } from './broken-request.js';
import { ClientConnection } from './client-connection.js';
import { decide } from './decision.js';
import { Forwarding } from './forwarding.js';
import { listenError } from './listen-error.js';
import type { Routing } from './routing.js';
import { Tunnel } from './tunnel.js';
import { handBackWithoutUpgrade, upgradesToWebSocket } from './upgrade-request.js';

export interface FrontListenerOptions {
  readonly protocol: ListenerProtocol;
  /** Port to listen on; 0 picks a free one. */
  readonly port: number;
  /** Port that clients use, if it is another one. */
  readonly externalPort: number | undefined;
  readonly tls?: TlsCredentials;
  readonly settings: LocalRouterSettings;
  readonly routing: Routing;
  readonly statistics: Statistics;
}

/** A listener of the router: its server socket, its client connections, and where their requests go. */
export class FrontListener {
  readonly scheme: 'http' | 'https';
  readonly #options: FrontListenerOptions;
  readonly #server: Server | HttpsServer;
  /** The server's event that hands over a connection on which HTTP is spoken. */
  readonly #connectionEvent: 'connection' | 'secureConnection';
  readonly #connections = new Map<Duplex, ClientConnection>();
  /** All TCP connections, those whose TLS handshake is under way too. */
  readonly #sockets = new Set<Socket>();
  #identity: ListenerIdentity | undefined;
  #portText = '';
  #closing = false;

  /** @throws RouterUnavailableError when the port can't be listened on. */
  static async listen(options: FrontListenerOptions): Promise<FrontListener> {
    const listener = new FrontListener(options);
    await listener.#listen();
    return listener;
  }

  private constructor(options: FrontListenerOptions) {
    this.#options = options;
    const { timeouts, maxHeaderSize } = options.settings;
    const serverOptions = {
      maxHeaderSize,
      // Strict parsing is what keeps requests from being smuggled; NODE_OPTIONS can't take it away.
      insecureHTTPParser: false,
      requireHostHeader: true,
      headersTimeout: timeouts.clientHeader,
      requestTimeout: 0,
      keepAliveTimeout: timeouts.clientKeepAlive,
      connectionsCheckingInterval: Math.max(100, Math.min(5_000, timeouts.clientHeader / 2)),
      noDelay: true,
      // Newer versions of Node ask; older ones emit every upgrade, and get back what is not ours (see #upgrade).
      shouldUpgradeCallback: upgradesToWebSocket,
    };
    if (options.protocol === 'HTTP') {
      this.scheme = 'http';
      this.#connectionEvent = 'connection';
      this.#server = createHttpServer(serverOptions);
    } else {
      this.scheme = 'https';
      this.#connectionEvent = 'secureConnection';
      this.#server = createHttpsServer({ ...serverOptions, cert: options.tls?.certificate, key: options.tls?.key });
    }
    this.#server.timeout = timeouts.clientData;
    this.#server
      .on('connection', (socket: Socket) => this.#remember(socket))
      .on(this.#connectionEvent, (socket: Socket) => this.#accept(socket))
      .on('timeout', (socket: Socket) => this.#connections.get(socket)?.idled())
      .on('request', (request, response) =>
        this.#inTurn(request.socket, response, (connection) => this.#serve(connection, request, response, false)),
      )
      .on('checkContinue', (request, response) =>
        this.#inTurn(request.socket, response, (connection) => this.#serve(connection, request, response, true)),
      )
      .on('upgrade', (request, socket, head) => {
        this.#connections.get(socket)?.detached();
        this.#inTurn(socket, undefined, (connection) => this.#upgrade(connection, request, socket, head));
      })
      .on('connect', (_request, socket) => {
        this.#connections.get(socket)?.detached();
        this.#inTurn(socket, undefined, (connection) => connection.refuse(405));
      })
      .on('clientError', (error, socket) => this.#failed(error, socket));
  }

  get identity(): ListenerIdentity {
    if (this.#identity === undefined) throw new Error('The listener does not listen yet.');
    return this.#identity;
  }

  get key(): string {
    return this.identity.key;
  }

  /** The port that clients use, as X-Forwarded-Port says it. */
  get portText(): string {
    return this.#portText;
  }

  /** Each answer from now on is the last on its connection. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Accepts nothing more, lets running requests end within the given time, and cuts off the rest. */
  async close(graceMilliseconds: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const timer = setTimeout(() => this.#cutOff(), graceMilliseconds);
    for (const connection of this.#connections.values()) connection.closeIfIdle();
    await closed;
    clearTimeout(timer);
    this.#cutOff();
  }

  #cutOff(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(): Promise<void> {
    const { protocol, port, externalPort, settings } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(listenError(error, protocol, settings.bindAddress, port)));
      this.#server.listen({ host: settings.bindAddress, port, exclusive: true }, resolve);
    });
    const address = this.#server.address();
    const actualPort = typeof address === 'object' && address !== null ? address.port : port;
    this.#identity = { key: `${protocol}:${actualPort}`, protocol, port: externalPort ?? actualPort };
    this.#portText = String(this.#identity.port);
    this.#server.on('error', (error) => settings.logger.error(`Listener ${this.key}: ${error.message}`));
  }

  #remember(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #accept(socket: Socket): void {
    // A connection whose upgrade was ignored is handed over once more.
    if (this.#connections.has(socket)) return;
    const { statistics, settings } = this.#options;
    this.#connections.set(socket, new ClientConnection(this, socket, settings.timeouts.clientData));
    statistics.countConnection(this.key, 1);
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#connections.delete(socket);
      statistics.countConnection(this.key, -1);
    });
  }

  /** What goes wrong when a request gets its turn ends its connection, never the process. */
  #inTurn(socket: Duplex, response: ServerResponse | undefined, serve: (connection: ClientConnection) => void): void {
    const connection = this.#connections.get(socket);
    connection?.inTurn(response, () => {
      try {
        serve(connection);
      } catch (error) {
        this.#options.settings.logger.error(`Listener ${this.key}: a request could not be served: ${error}`);
        socket.destroy();
      }
    });
  }

  #failed(error: Error, socket: Duplex): void {
    const connection = this.#connections.get(socket);
    const status = brokenRequestStatus(error);
    if (connection === undefined || status === undefined || !socket.writable) socket.destroy();
    else connection.broken(status);
  }

  #serve(
    connection: ClientConnection,
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ): void {
    // Node 26 reads no further request on a connection whose upgrade its callback has declined.
    if (this.#closing || request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    const { routing, statistics } = this.#options;
    const decision = decide(routing, this.key, request);
    if (decision.type === 'forward') {
      const { pool, target } = decision;
      new Forwarding(request, response, { target, connection, pool, statistics, expectsContinue }).start();
    } else {
      answer(response, decision.answer);
      statistics.countRequest(this.key, undefined, decision.answer.status);
    }
  }

  #upgrade(connection: ClientConnection, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!upgradesToWebSocket(request)) {
      handBackWithoutUpgrade(request, socket, head);
      this.#server.emit(this.#connectionEvent, socket);
      return;
    }
    const { routing, statistics, settings } = this.#options;
    const decision = decide(routing, this.key, request);
    if (decision.type === 'forward') {
      const { pool, target } = decision;
      new Tunnel(request, head, { target, connection, pool, statistics, timeouts: settings.timeouts }).start();
    } else {
      answer(connection.lastResponse(request), decision.answer);
      statistics.countRequest(this.key, undefined, decision.answer.status);
    }
  }
}
