import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  CONTROLLER_HA,
  CONTROLLER_HA_LEASE_DURATION,
  CONTROLLER_HA_LEASE_NAME,
  CONTROLLER_HA_LEASE_NAMESPACE,
  CONTROLLER_HA_RENEW_DEADLINE,
  CONTROLLER_HA_RETRY_PERIOD,
  type Configuration,
  HEALTH_SERVER_BIND_ADDRESS,
  HEALTH_SERVER_PORT,
  WATCH_CONNECTION_TIMEOUT,
  WATCH_RETRY_TIMEOUT,
} from '@kuryr-l7/config';
import {
  type Connection,
  createTransport,
  type KubernetesTransport,
  LeaderElection,
  type Logger,
} from '@kuryr-l7/kube';
import { type AppliedReport, ConfigurationError } from '@kuryr-l7/plugin';
import { ClusterSession } from './cluster-session.js';
import { connectAsConfigured } from './configuration/connect-as-configured.js';
import type { ReadAgain } from './configuration/live-configuration.js';
import { HealthServer } from './health/health-server.js';
import { metricsPage } from './health/metrics.js';
import { readinessChecks } from './health/readiness.js';
import { explainPage } from './pages/explain-page.js';
import { planPage } from './pages/plan-page.js';
import { statusPage } from './pages/status-page.js';
import type { LoadedPlugins } from './plugins/load-plugins.js';
import { aborted } from './time/aborted.js';

/** Milliseconds for a write under way when the Lease is lost: less than others wait before they take over. */
const GRACE_AFTER_LOSS = 2_000;

export interface ControllerOptions {
  readonly configuration: Configuration;
  readonly plugins: LoadedPlugins;
  /** Reads kuryr.conf again before the router is opened. @default it stays as it is */
  readonly readAgain?: ReadAgain;
  /** A logger by its name, e.g. `kuryr.writer`. */
  readonly logger: (name: string) => Logger;
}

/** A running controller. */
export interface Controller {
  /** Where probes, metrics and the pages of the command line are; undefined where `[health_server] port` is -1. */
  readonly healthUrl: string | undefined;
  /** The active part; undefined while the controller stands by. */
  readonly session: ClusterSession | undefined;
  /** Resolves with the first desired state that is in effect on the router. */
  readonly ready: Promise<AppliedReport>;
  /** Rejects when the controller can't go on; resolves after {@link stop}. */
  readonly ended: Promise<void>;
  /** Finishes what is under way and lets go of everything; what is routed on an outside router stays routed. */
  stop(): Promise<void>;
}

/**
 * Composition root: connects to the cluster and starts the handlers and the driver that kuryr.conf names, or stands by
 * where `[kubernetes] controller_ha` is on and another controller is active.
 * @throws KubernetesConfigurationError, KubernetesCredentialsError, ConfigurationError
 */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { configuration, logger } = options;
  const connection = await connectAsConfigured(configuration);
  logger('kuryr.controller').info(`Kubernetes API server ${connection.server.origin} (${connection.origin})`);
  const transport = createTransport(connection, {
    connectTimeout: configuration.get(WATCH_CONNECTION_TIMEOUT) * 1_000,
  });
  const stopping = new AbortController();
  let current: ClusterSession | undefined;
  let reportReady: (report: AppliedReport) => void = () => undefined;
  const ready = new Promise<AppliedReport>((resolve) => {
    reportReady = resolve;
  });
  const newSession = () => new ClusterSession({ transport, ...options });
  // What is wrong with a plugin or its options is found now, also by a controller that is going to stand by.
  let next: ClusterSession | undefined = newSession();
  const lead = async (signal: AbortSignal): Promise<void> => {
    const session = next ?? newSession();
    next = undefined;
    current = session;
    session.start(reportReady);
    await aborted(signal);
    current = undefined;
    await session.stop(stopping.signal.aborted ? undefined : GRACE_AFTER_LOSS);
  };

  const election = configuration.get(CONTROLLER_HA)
    ? leaderElection(transport, connection, configuration, logger)
    : undefined;
  const health = await healthServer(() => current, election, configuration, logger);
  const running = election === undefined ? lead(stopping.signal) : election.run(lead, stopping.signal);
  // Whoever waits for it is told; nobody has to.
  running.catch(() => undefined);
  return {
    healthUrl: health?.url,
    get session() {
      return current;
    },
    ready,
    ended: running,
    async stop() {
      stopping.abort();
      await running;
      await next?.stop();
      await health?.close();
      transport.close();
    },
  };
}

async function healthServer(
  current: () => ClusterSession | undefined,
  election: LeaderElection | undefined,
  configuration: Configuration,
  logger: (name: string) => Logger,
): Promise<HealthServer | undefined> {
  const port = configuration.get(HEALTH_SERVER_PORT);
  if (port === -1) return undefined;
  const bindAddress = configuration.get(HEALTH_SERVER_BIND_ADDRESS);
  try {
    return await HealthServer.listen({
      bindAddress,
      port,
      checks: readinessChecks(current, election, configuration.get(WATCH_RETRY_TIMEOUT) * 1_000),
      pages: new Map([
        ['/metrics', metricsPage(current)],
        ['/api/v1/plan', planPage(current)],
        ['/api/v1/explain', explainPage(current)],
        ['/api/v1/status', statusPage(current)],
      ]),
      logger: logger('kuryr.health'),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `[health_server] port: ${bindAddress}:${port} can't be listened on: ${reason}. Stop what uses it, or choose another port (0 picks a free one, -1 serves none)`,
      { cause },
    );
  }
}

function leaderElection(
  transport: KubernetesTransport,
  connection: Connection,
  configuration: Configuration,
  logger: (name: string) => Logger,
): LeaderElection {
  const namespace = configuration.get(CONTROLLER_HA_LEASE_NAMESPACE) ?? connection.namespace;
  if (namespace === undefined) {
    throw new ConfigurationError(
      '[kubernetes] controller_ha_lease_namespace has to be set: outside of a cluster there is no namespace of our own',
    );
  }
  return new LeaderElection(transport, {
    namespace,
    name: configuration.get(CONTROLLER_HA_LEASE_NAME),
    identity: `${hostname()}_${randomUUID()}`,
    leaseDuration: configuration.get(CONTROLLER_HA_LEASE_DURATION) * 1_000,
    renewDeadline: configuration.get(CONTROLLER_HA_RENEW_DEADLINE) * 1_000,
    retryPeriod: configuration.get(CONTROLLER_HA_RETRY_PERIOD) * 1_000,
    logger: logger('kuryr.leader'),
  });
}
