/** The processes of the bed: how each is started and when it is ready. */
import { IN_TREE } from './folders.js';
import { accepts, answers, hasLogged } from './readiness.js';
import { endpointsOf, portsOf, type Settings } from './settings.js';
import { inTree } from './tree.js';

export interface Service {
  readonly name: string;
  readonly command: readonly string[];
  readonly readyWithinSeconds: number;
  readonly isReady: () => Promise<boolean>;
}

export type ServiceName = (typeof SERVICES)[number];

/** In the order in which they are started. */
export const SERVICES = [
  'epmd',
  'rabbitmq',
  'mariadb',
  'keystone',
  'neutron',
  'barbican',
  'octavia-api',
  'octavia-worker',
  'octavia-health-manager',
  'floating-ips',
  'heartbeat',
] as const;

export function servicesOf(settings: Settings): Readonly<Record<ServiceName, Service>> {
  const ports = portsOf(settings);
  const endpoints = endpointsOf(settings);
  const service = (
    name: ServiceName,
    command: readonly string[],
    isReady: Service['isReady'],
    environment: NodeJS.ProcessEnv = {},
  ): Service => ({
    name,
    command: inTree(command, environment),
    isReady,
    readyWithinSeconds: 180,
  });
  const etc = (name: string) => ['--config-file', `${IN_TREE.state}/etc/${name}`];
  const started = async () => true;
  const uwsgi = (name: ServiceName, port: number, script: string) =>
    ['uwsgi_python3', '--ini', `${IN_TREE.state}/etc/uwsgi.ini`, '--http-socket', `127.0.0.1:${port}`].concat([
      '--procname-prefix',
      `bed-${name} `,
      '--wsgi-file',
      `/usr/bin/${script}`,
    ]);
  return {
    epmd: service('epmd', ['epmd', '-port', `${ports.epmd}`, '-address', '127.0.0.1'], () => accepts(ports.epmd)),
    rabbitmq: service(
      'rabbitmq',
      ['/usr/lib/rabbitmq/bin/rabbitmq-server'],
      () => accepts(ports.rabbitmq),
      rabbitmqEnvironment(settings),
    ),
    mariadb: service('mariadb', MARIADB, () => hasLogged('mariadb', 'ready for connections')),
    keystone: service(
      'keystone',
      uwsgi('keystone', ports.identity, 'keystone-wsgi-public'),
      () => answers(endpoints.identity),
      { OS_KEYSTONE_CONFIG_FILES: `${IN_TREE.state}/etc/keystone.conf` },
    ),
    // Not under uwsgi: Neutron's eventlet and uwsgi's threads deadlock after some minutes.
    neutron: service('neutron', ['neutron-server', ...etc('neutron.conf'), ...etc('ml2_conf.ini')], () =>
      answers(endpoints.network),
    ),
    barbican: service('barbican', uwsgi('barbican', ports.keyManager, 'barbican-wsgi-api'), () =>
      answers(endpoints.keyManager),
    ),
    'octavia-api': service(
      'octavia-api',
      [...uwsgi('octavia-api', ports.loadBalancer, 'octavia-wsgi'), '--pyargv', etc('octavia.conf').join(' ')],
      () => answers(endpoints.loadBalancer),
    ),
    'octavia-worker': service('octavia-worker', ['python3', '-m', 'bed.worker', ...etc('octavia.conf')], () =>
      hasLogged('octavia-worker', 'Starting V2 consumer'),
    ),
    'octavia-health-manager': service(
      'octavia-health-manager',
      ['octavia-health-manager', ...etc('octavia.conf')],
      started,
    ),
    'floating-ips': service('floating-ips', ['python3', '-m', 'bed.floating_ips', IN_TREE.state], started),
    heartbeat: service('heartbeat', ['python3', '-m', 'bed.heartbeat', ...etc('octavia.conf')], () =>
      hasLogged('heartbeat', 'serving'),
    ),
  };
}

/** The data survives the bed's own crashes only: speed matters more. */
const MARIADB = [
  ['mariadbd', '--no-defaults', '--user=root', `--datadir=${IN_TREE.state}/mariadb`],
  [`--socket=${IN_TREE.state}/mariadb.sock`, `--pid-file=${IN_TREE.state}/mariadb.pid`, '--skip-networking'],
  ['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--innodb-doublewrite=0', '--skip-log-bin'],
  ['--innodb-buffer-pool-size=192M', '--innodb-log-file-size=64M', '--performance-schema=OFF'],
  ['--key-buffer-size=8M', '--table-open-cache=2000', '--max-connections=1000', '--skip-name-resolve'],
  ['--character-set-server=utf8mb3', '--collation-server=utf8mb3_general_ci'],
  // On since MariaDB 11.6; Octavia's SELECT ... FOR UPDATE then fails with error 1020, and its API answers 500.
  ['--innodb-snapshot-isolation=OFF'],
].flat();

function rabbitmqEnvironment(settings: Settings): NodeJS.ProcessEnv {
  const ports = portsOf(settings);
  const home = `${IN_TREE.state}/rabbitmq`;
  return {
    HOME: `${home}/home`,
    ERL_EPMD_PORT: `${ports.epmd}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'bed@localhost',
    RABBITMQ_CONFIG_FILE: `${IN_TREE.state}/etc/rabbitmq.conf`,
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: `${IN_TREE.state}/etc/enabled_plugins`,
    RABBITMQ_MNESIA_BASE: `${home}/mnesia`,
    RABBITMQ_LOG_BASE: `${home}/log`,
    RABBITMQ_LOGS: '-',
    RABBITMQ_DIST_PORT: `${ports.rabbitmqDistribution}`,
    // Without busy waiting, which would take a share of every core.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}
