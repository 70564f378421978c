import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type AppliedReport, RouterUnavailableError } from '@kuryr-l7/plugin';
import { type Command, InvalidArgumentError } from 'commander';
import { loadControllerConfiguration } from '../configuration/controller-configuration.js';
import { type Controller, startController } from '../controller.js';
import { createLogger } from '../logging/create-logger.js';
import { aborted } from '../time/aborted.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';
import { choosePorts, type PortWish } from './playground-ports.js';
import { PlaygroundStartError } from './playground-start-error.js';
import { termination, within } from './termination.js';

interface PlaygroundFlags {
  readonly manifests?: string;
  readonly samples: boolean;
  readonly controller: boolean;
  readonly httpPort?: number;
  readonly httpsPort?: number;
  readonly apiPort: number;
  readonly healthPort?: number;
  readonly kubeconfig?: string;
  readonly readyFile?: string;
  readonly debug?: boolean;
}

/** Milliseconds for a stop: two seconds are promised, and npm and the process have to end, too. */
const STOP_TIME = 1_200;

export function addPlaygroundCommand(program: Command, output: Output, done: (status: number) => void): void {
  program
    .command('playground')
    .description(
      'an embedded Kubernetes API with Pods that answer, the controller, and the local router: for trying and testing',
    )
    .option('--manifests <folder>', 'apply the YAML and JSON files of this folder, and follow their changes')
    .option('--no-samples', 'start without the sample Deployments, Services and Ingresses')
    .option('--no-controller', 'only the cluster, for a controller that is started beside it: no router, no routes')
    .option('--http-port <port>', 'port of the router; 0 picks a free one (default: 8080, or a free one)', portNumber)
    .option('--https-port <port>', 'HTTPS port of the router, likewise (default: 8443, or a free one)', portNumber)
    .option('--api-port <port>', 'port of the Kubernetes API; 0 picks a free one', portNumber, 0)
    .option(
      '--health-port <port>',
      'port of probes, metrics, plan and explain (default: 8082, or a free one)',
      portNumber,
    )
    .option('--kubeconfig <file>', 'where to write the kubeconfig (default: a new temporary file)')
    .option('--ready-file <file>', 'write the addresses there as JSON when everything serves')
    .option('--debug', 'show what the controller does')
    .action(async (flags: PlaygroundFlags) => done(await playgroundCommand(flags, output)));
}

/** Runs the playground until SIGINT or SIGTERM; leaves nothing behind, also when it is stopped while it starts. */
async function playgroundCommand(flags: PlaygroundFlags, output: Output): Promise<number> {
  const stopping = new AbortController();
  const { signal } = stopping;
  void termination(['SIGINT', 'SIGTERM', 'SIGHUP']).then(() => stopping.abort());
  const closing: (() => Promise<unknown>)[] = [];
  let failure: unknown;
  try {
    await run(flags, output, (close) => closing.push(close), signal);
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) failure = error;
  }
  await within(STOP_TIME, Promise.all(closing.map((close) => close())));
  if (failure !== undefined) throw failure;
  output.out('Stopped.');
  return EXIT.ok;
}

async function run(
  flags: PlaygroundFlags,
  output: Output,
  onStop: (close: () => Promise<unknown>) => void,
  signal: AbortSignal,
): Promise<void> {
  const wishes = portWishes(flags);
  const ports = flags.controller ? await choosePorts(wishes) : [];
  if (flags.readyFile !== undefined) await checkFolderOf(resolve(flags.readyFile));
  // Imported late: a controller in production never needs it.
  const { clusterText, readyFileText, readyText, startPlayground } = await import('@kuryr-l7/playground');
  const playground = await startPlayground({
    apiPort: flags.apiPort,
    samples: flags.samples,
    signal,
    onProgress: (message) => output.out(message),
    onProblem: (message) => output.error(message),
    ...(flags.kubeconfig === undefined ? {} : { kubeconfigFile: resolve(flags.kubeconfig) }),
    ...(flags.manifests === undefined ? {} : { manifests: resolve(flags.manifests) }),
  });
  onStop(() => playground.close());
  const cluster = { api: playground.apiUrl, kubeconfig: playground.kubeconfigFile };
  const writeReadyFile = async (addresses: Parameters<typeof readyFileText>[0]) => {
    if (flags.readyFile === undefined) return;
    const readyFile = resolve(flags.readyFile);
    onStop(() => rm(readyFile, { force: true }));
    await writeFile(readyFile, readyFileText(addresses));
  };
  if (!flags.controller) {
    output.out(clusterText(cluster));
    return writeReadyFile(cluster);
  }
  const [httpPort, httpsPort, healthPort] = ports;
  output.out('Starting the controller and the local router');
  const { configuration, plugins } = await loadControllerConfiguration({
    defaultSearch: false,
    environment: {
      OS_DEFAULT__DEBUG: String(flags.debug ?? false),
      OS_DEFAULT__DEFAULT_LOG_LEVELS: flags.debug === true ? '' : 'kuryr=WARN',
      OS_KUBERNETES__KUBECONFIG: playground.kubeconfigFile,
      OS_LOCAL_ROUTER__HTTP_PORT: String(httpPort),
      OS_LOCAL_ROUTER__HTTPS_PORT: String(httpsPort),
      OS_HEALTH_SERVER__BIND_ADDRESS: '127.0.0.1',
      OS_HEALTH_SERVER__PORT: String(healthPort),
    },
  });
  const logger = createLogger(configuration);
  const controller = await startController({ configuration, plugins, logger: (name) => logger.child(name) });
  onStop(async () => {
    await controller.stop();
    await logger.close();
  });
  const { description } = await firstRoutes(controller, signal);
  const port = (protocol: string) =>
    description.listeners.find((listener) => listener.protocol === protocol)?.port ?? 0;
  const addresses = {
    http: `http://127.0.0.1:${port('HTTP')}`,
    https: `https://127.0.0.1:${port('TERMINATED_HTTPS')}`,
    ...cluster,
    health: controller.healthUrl ?? '',
  };
  const manifests = flags.manifests === undefined ? {} : { manifests: flags.manifests };
  for (const line of portsInstead(wishes, [addresses.http, addresses.https, addresses.health])) output.out(line);
  output.out(readyText(addresses, { samples: flags.samples, ...manifests }));
  output.out(questions(addresses.health, flags.samples ? 'http://www.example.com/' : 'http://web.example.com/'));
  await writeReadyFile(addresses);
}

/** HTTP, HTTPS, and the health server. */
function portWishes({ httpPort, httpsPort, healthPort }: PlaygroundFlags): readonly PortWish[] {
  return [
    { flag: '--http-port', given: httpPort, preferred: 8080 },
    { flag: '--https-port', given: httpsPort, preferred: 8443 },
    { flag: '--health-port', given: healthPort, preferred: 8082 },
  ];
}

/** A line for each preferred port that somebody else had. */
function portsInstead(wishes: readonly PortWish[], urls: readonly string[]): readonly string[] {
  return wishes.flatMap(({ flag, given, preferred }, index) => {
    const { port } = new URL(urls[index] ?? '');
    if (given !== undefined || port === String(preferred)) return [];
    return [`Port ${preferred} is taken: port ${port} is used instead; ${flag} chooses another.`];
  });
}

async function checkFolderOf(readyFile: string): Promise<void> {
  const folder = dirname(readyFile);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new PlaygroundStartError(
    `--ready-file ${readyFile}: there is no folder ${folder}; create it, or name a file in one that is there`,
  );
}

/** What the other commands say of this controller. */
function questions(health: string, url: string): string {
  const commands = [
    `explain --controller ${health} ${url}`,
    `plan --controller ${health}`,
    `status --controller ${health}`,
  ];
  return ['Ask the controller:', ...commands.map((command) => `  npx kuryr-l7 ${command}`), ''].join('\n');
}

/** The controller tries for ever; somebody at a terminal wants to know at once that a port is taken. */
async function firstRoutes(controller: Controller, signal: AbortSignal): Promise<AppliedReport> {
  let timer: NodeJS.Timeout | undefined;
  const problem = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const reason = controller.session?.writer.state.problem;
      if (reason !== undefined) reject(new RouterUnavailableError(reason));
    }, 50);
  });
  const stopped = aborted(signal).then(() => Promise.reject(signal.reason));
  // Nobody waits for it any more when it is stopped later.
  stopped.catch(() => undefined);
  try {
    return await Promise.race([controller.ready, problem, stopped]);
  } finally {
    clearInterval(timer);
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
