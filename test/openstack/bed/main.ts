/** `npm run openstack:up`, `openstack:down`, `openstack:status`, `openstack:enter`. */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { down, purge, status, up } from './bed.js';
import { BedError } from './bed-error.js';
import { createRouterCommand } from './client-files.js';
import { resetPending } from './database.js';
import { readFacts } from './facts.js';
import { CACHE, IN_TREE, LOGS } from './folders.js';
import { progressTo } from './progress.js';
import { SERVICES, type ServiceName } from './services.js';
import { inTree } from './tree.js';

/** Exit status where this machine cannot run the bed. */
const UNSUPPORTED = 3;

const USAGE = `Usage: bed COMMAND
  up                      make what is missing, start what does not run
  down [SERVICE...]       stop all, or only these; the data stays
  down --data             stop all and remove the data: the next up makes an empty cloud
  down --purge            stop all and remove everything, the Debian tree too
  status                  which services run; exit status 1 unless all do
  unstick LOAD_BALANCER   put a load balancer that stays PENDING in ERROR, so that it can be deleted
  enter COMMAND [ARG...]  run a command, such as openstack, in the Debian tree as the user kuryr (OS_CLOUD chooses another)
Services: ${SERVICES.join(' ')}
`;

const progress = progressTo(process.stdout);

function serviceNames(args: readonly string[]): readonly ServiceName[] {
  return args.map((arg) => {
    const name = SERVICES.find((name) => name === arg);
    if (name === undefined) throw new BedError(`The bed has no service ${arg}; it has ${SERVICES.join(', ')}.`);
    return name;
  });
}

function showStatus(): number {
  const services = status();
  for (const { name, pid } of services) {
    process.stdout.write(`${name.padEnd(24)}${pid === undefined ? 'stopped' : `runs, process ${pid}`}\n`);
  }
  const running = services.filter(({ pid }) => pid !== undefined).length;
  if (running === services.length) process.stdout.write(`Octavia: ${readFacts().endpoints.loadBalancer}\n`);
  process.stdout.write(`Logs: ${LOGS}\n`);
  return running === services.length ? 0 : 1;
}

function enter(command: readonly string[]): number {
  const cloud = process.env.OS_CLOUD ?? 'kuryr';
  const environment = { OS_CLOUD: cloud, OS_CLIENT_CONFIG_FILE: `${IN_TREE.state}/clouds.yaml` };
  const [file = '', ...args] = inTree(command, environment);
  return spawnSync(file, args, { stdio: 'inherit' }).status ?? 1;
}

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'up': {
      const facts = await up(progress);
      progress(
        `the bed is up: Keystone is ${facts.authUrl}; facts.json, clouds.yaml, openrc, kuryr.conf are in ${CACHE}`,
      );
      process.stdout.write(`Next, as in docs/octavia.md, "Try it on the test bed":
  ${createRouterCommand(relative(process.cwd(), join(CACHE, 'kuryr.conf')))}
`);
      return 0;
    }
    case 'down':
      if (args.includes('--purge')) await purge(progress, 'everything');
      else if (args.includes('--data')) await purge(progress, 'data');
      else if (args.length > 0) await down(progress, serviceNames(args));
      else await down(progress);
      progress('done');
      return 0;
    case 'status':
      return showStatus();
    case 'unstick':
      await resetPending(args[0] ?? '');
      return 0;
    case 'enter':
      return enter(args);
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof BedError ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = error instanceof BedError && error.code === 'ERR_BED_UNSUPPORTED' ? UNSUPPORTED : 1;
}
