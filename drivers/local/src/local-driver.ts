import { type Configuration, type L7Router, type L7RouterDriver, type Logger, TOKENS } from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { createLocalRouter } from './create-local-router.js';
import * as options from './options.js';
import { readTlsFiles } from './tls-files.js';

/** Opens a router in this process, as `[local_router]` of kuryr.conf says. Its state ends with it. */
@injectable()
export class LocalDriver implements L7RouterDriver {
  readonly name = 'local';
  readonly #configuration: Configuration;
  readonly #logger: Logger;

  constructor(@inject(TOKENS.configuration) configuration: Configuration, @inject(TOKENS.logger) logger: Logger) {
    this.#configuration = configuration;
    this.#logger = logger;
  }

  async open(signal: AbortSignal): Promise<L7Router> {
    const configuration = this.#configuration;
    const httpsPort = configuration.get(options.HTTPS_PORT);
    const tls =
      httpsPort === -1
        ? undefined
        : await readTlsFiles(configuration.get(options.TLS_CERTIFICATE_FILE), configuration.get(options.TLS_KEY_FILE));
    const router = await createLocalRouter({
      bindAddress: configuration.get(options.BIND_ADDRESS),
      httpPort: configuration.get(options.HTTP_PORT),
      httpsPort,
      ...present('externalAddress', configuration.get(options.EXTERNAL_ADDRESS)),
      ...present('externalHttpPort', configuration.get(options.EXTERNAL_HTTP_PORT)),
      ...present('externalHttpsPort', configuration.get(options.EXTERNAL_HTTPS_PORT)),
      ...present('tls', tls),
      timeouts: {
        clientHeader: configuration.get(options.TIMEOUT_CLIENT_HEADER),
        clientKeepAlive: configuration.get(options.TIMEOUT_CLIENT_KEEP_ALIVE),
        clientData: configuration.get(options.TIMEOUT_CLIENT_DATA),
        memberConnect: configuration.get(options.TIMEOUT_MEMBER_CONNECT),
        memberData: configuration.get(options.TIMEOUT_MEMBER_DATA),
      },
      maxHeaderSize: configuration.get(options.MAX_HEADER_SIZE),
      logger: this.#logger,
    });
    if (signal.aborted) await router.close();
    signal.throwIfAborted();
    return router;
  }
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: V });
}
