import type { Configuration } from '@kuryr-l7/config';
import { HttpSecretContainers } from './barbican/http-secret-containers.js';
import { HttpSecrets } from './barbican/http-secrets.js';
import type { Cloud } from './cloud.js';
import { KeystoneAuthenticator } from './keystone/keystone-authenticator.js';
import { TokenKeeper } from './keystone/token-keeper.js';
import { TokenSession } from './keystone/token-session.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import { HttpNeutronClient } from './neutron/http-neutron-client.js';
import { HttpOctaviaClient } from './octavia/http-octavia-client.js';
import type { CloudSettings } from './settings/cloud-settings.js';
import type { CloudsFileSearch } from './settings/clouds-file.js';
import { configuredSettings } from './settings/configured-settings.js';
import { MAX_REQUESTS } from './settings/openstack-options.js';
import { type Clock, SYSTEM_CLOCK } from './time/clock.js';
import { Agents } from './transport/agents.js';
import type { Connection } from './transport/connection.js';
import { HttpClient } from './transport/http-client.js';
import { RequestSlots } from './transport/request-slots.js';
import { ServiceClient } from './transport/service-client.js';
import { SilentServices } from './transport/silent-services.js';
import { TlsFiles } from './transport/tls-files.js';

export interface CloudOptions {
  /** Closes the cloud when aborted. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  /** Requests that run at once. @default `[neutron] max_requests` of a configuration, otherwise 8 */
  readonly maxRequests?: number;
  /** Milliseconds for name look-up, TCP and TLS, each. @default 10_000 */
  readonly connectTimeout?: number;
  /** Milliseconds after which a request without an answer is told at level warning. @default 15_000 */
  readonly patience?: number;
  /** Where clouds.yaml is looked for. */
  readonly cloudsFile?: CloudsFileSearch;
  /** @default the system's */
  readonly clock?: Clock;
  /** In [0, 1), for the jitter of retries. @default Math.random */
  readonly random?: () => number;
}

/**
 * Opens a cloud, described by kuryr.conf or by settings that were put together before. No request is sent: the first one
 * that needs a token logs in.
 *
 * @param source A configuration that was loaded with `OPENSTACK_OPTIONS`, or settings.
 * @throws CloudConfigurationError naming the option that is missing or wrong
 */
export async function openCloud(source: Configuration | CloudSettings, options: CloudOptions = {}): Promise<Cloud> {
  if (!isConfiguration(source)) return open(source, options);
  const settings = await configuredSettings(source, options.cloudsFile);
  return open(settings, { maxRequests: source.get(MAX_REQUESTS), ...options });
}

function open(settings: CloudSettings, options: CloudOptions): Cloud {
  const { logger = SILENT_LOGGER, clock = SYSTEM_CLOCK, random = Math.random } = options;
  const closing = new AbortController();
  const agents = new Agents(new TlsFiles(settings.tls, settings.origin));
  const close = (): void => {
    options.signal?.removeEventListener('abort', close);
    closing.abort(options.signal?.reason ?? new Error(`the cloud of ${settings.origin} was closed`));
    agents.close();
  };
  if (options.signal?.aborted) close();
  options.signal?.addEventListener('abort', close, { once: true });
  const retry = { clock, logger, random };
  const timeouts = { connect: options.connectTimeout ?? 10_000, request: settings.requestTimeout ?? 60_000 };
  // In the time of sockets, as those of the time-outs.
  const silentServices = new SilentServices(logger, SYSTEM_CLOCK, options.patience ?? 15_000);
  const http = new HttpClient(agents, timeouts, silentServices);
  const authenticator = new KeystoneAuthenticator(settings, http, retry);
  const tokens = new TokenKeeper(() => authenticator.authenticate(closing.signal), clock, logger);
  const session = new TokenSession(tokens, settings, closing.signal);
  const slots = new RequestSlots(options.maxRequests ?? 8);
  const connection: Connection = { session, http, slots, retry, closing: closing.signal };
  const barbican = new ServiceClient('key-manager', connection);
  return {
    keystone: session,
    octavia: new HttpOctaviaClient(new ServiceClient('load-balancer', connection)),
    neutron: new HttpNeutronClient(new ServiceClient('network', connection)),
    barbican: { secrets: new HttpSecrets(barbican), containers: new HttpSecretContainers(barbican) },
    origin: `${settings.origin}, ${new URL(settings.authUrl).origin}`,
    close,
  };
}

function isConfiguration(source: Configuration | CloudSettings): source is Configuration {
  return 'get' in source;
}
