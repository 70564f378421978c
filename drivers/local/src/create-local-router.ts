import { selfSignedCertificate } from './certificate.js';
import { FrontListener } from './front/front-listener.js';
import { LocalRouter } from './local-router.js';
import { type LocalRouterOptions, type LocalRouterSettings, resolveSettings } from './local-router-options.js';
import { type ReachableAddress, reachableAddress } from './reachable-address.js';

/**
 * Opens a router in this process. It has no policies yet: everything gets 404.
 *
 * @throws RouterUnavailableError when a port can't be listened on, with the reason and the remedy
 */
export async function createLocalRouter(options: LocalRouterOptions = {}): Promise<LocalRouter> {
  const settings = resolveSettings(options);
  const address = reachableAddress(settings.externalAddress, settings.bindAddress);
  const router = new LocalRouter(settings);
  const listeners: FrontListener[] = [];
  try {
    for (const listener of await wantedListeners(settings, address)) {
      listeners.push(
        await FrontListener.listen({ ...listener, settings, routing: router, statistics: router.counters }),
      );
    }
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close(0)));
    throw error;
  }
  const name = 'ip' in address ? address.ip : address.hostname;
  router.opened(
    {
      id: `local:${listeners.map((listener) => listener.key).join(',')}`,
      name: `local router on ${name}`,
      addresses: [address],
      listeners: listeners.map((listener) => listener.identity),
      addressFamily: settings.bindAddress.includes(':') ? 'IPv6' : 'IPv4',
    },
    listeners,
  );
  return router;
}

async function wantedListeners(settings: LocalRouterSettings, address: ReachableAddress) {
  const http = { protocol: 'HTTP' as const, port: settings.httpPort, externalPort: settings.externalHttpPort };
  if (settings.httpsPort === -1) return [http];
  const names = ['localhost', settings.bindAddress, 'ip' in address ? address.ip : address.hostname];
  const tls = settings.tls ?? (await selfSignedCertificate([...new Set(names)]));
  return [
    http,
    { protocol: 'TERMINATED_HTTPS' as const, port: settings.httpsPort, externalPort: settings.externalHttpsPort, tls },
  ];
}
