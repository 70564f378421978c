/** The Debian tree: made once by debootstrap and apt, entered with chroot in a mount namespace of its own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadSettings, mirrorsOfThisMachine, proxyEnvironment } from './apt.js';
import { outputFromNow, runCommand } from './command.js';
import { IN_TREE, logFile, SOURCE, STATE, TREE } from './folders.js';
import { withHeartbeat } from './heartbeat.js';
import { requireMirror } from './machine.js';
import { lastStepOfDebootstrap, packagesSoFar } from './package-steps.js';
import type { Progress } from './progress.js';

/** Debian 13: Keystone 27, Neutron 26, Barbican 20 and Octavia 16. */
const RELEASE = 'trixie';

const PACKAGES = [
  ['adduser', 'ca-certificates', 'curl', 'openssl'],
  ['mariadb-server', 'rabbitmq-server', 'haproxy', 'uwsgi', 'uwsgi-plugin-python3'],
  ['keystone', 'neutron-api', 'barbican-api', 'octavia-api', 'octavia-worker', 'octavia-health-manager'],
  ['python3-openstackclient', 'python3-octaviaclient', 'python3-barbicanclient'],
  // Come with neutron-api too; they read what we write for Kuryr's CNI daemon.
  ['python3-os-vif', 'python3-oslo.versionedobjects'],
].flat();

/** What the services never read; a third of the tree. */
const SUPERFLUOUS = ['var/lib/apt/lists', 'var/cache/apt', 'var/lib/mysql', 'usr/share/doc', 'usr/share/man'].concat([
  'usr/share/locale',
  'usr/share/info',
]);

/** The environment of every process in the tree; nothing of ours, such as a proxy, reaches the services. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  HOME: `${IN_TREE.state}/home`,
  PYTHONPATH: `${IN_TREE.source}/python`,
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONWARNINGS: 'ignore',
  no_proxy: '*',
};

// The mounts live in a namespace of their own: this machine never sees them, and they vanish with the last process that
// was started in it, so that nothing is ever left to unmount. Every step is an exec: the process keeps its id throughout.
const ENTER = `
mount --rbind /dev "$TREE/dev"
mount --rbind /proc "$TREE/proc"
mount --bind "$SOURCE" "$TREE${IN_TREE.source}"
mount --bind "$STATE" "$TREE${IN_TREE.state}"
cd "$TREE"
exec chroot . env --ignore-environment --chdir=${IN_TREE.state} "$@"`;

/** A command that runs `command` in the tree, in the process and network namespaces of this machine. */
export function inTree(command: readonly string[], environment: NodeJS.ProcessEnv = {}): readonly string[] {
  const variables = Object.entries({ ...ENVIRONMENT, ...environment }).map(([name, value]) => `${name}=${value}`);
  const places = ['env', `TREE=${TREE}`, `SOURCE=${SOURCE}`, `STATE=${STATE}`];
  const enter = ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', ENTER, 'enter'];
  return ['nice', '-n', '10', ...places, ...enter, ...variables, ...command];
}

/** Makes the tree unless it is complete. Takes about two minutes and 1 GB. */
export async function ensureTree(progress: Progress): Promise<void> {
  const complete = `${TREE}.complete`;
  if (existsSync(complete)) return;
  const mirrors = mirrorsOfThisMachine();
  const settings = downloadSettings();
  const environment = { ...process.env, ...proxyEnvironment(settings) };
  const options = { log: logFile('tree'), environment, timeoutSeconds: 1800 };
  requireMirror(mirrors.debian, RELEASE);
  await ensureDebootstrap(progress, options);

  rmSync(TREE, { recursive: true, force: true });
  mkdirSync(TREE, { recursive: true });
  progress(`making a Debian ${RELEASE} tree in ${TREE}; this happens once and takes some minutes`);
  const told = (command: readonly string[], state: (output: string) => string) => {
    const output = outputFromNow(options.log);
    return withHeartbeat(progress, () => state(output()), runCommand(command, options));
  };
  const debootstrap = ['debootstrap', '--variant=minbase', RELEASE, TREE, mirrors.debian];
  await told(['nice', '-n', '10', ...debootstrap], lastStepOfDebootstrap);
  progress('debootstrap done; installing the packages of OpenStack');

  // No package may start its service.
  writeFileSync(join(TREE, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n');
  chmodSync(join(TREE, 'usr/sbin/policy-rc.d'), 0o755);
  for (const file of ['etc/resolv.conf', 'etc/hosts']) copyFileSync(join('/', file), join(TREE, file));
  writeFileSync(join(TREE, 'etc/apt/apt.conf.d/90this-machine'), settings);
  writeFileSync(
    join(TREE, 'etc/apt/sources.list'),
    [RELEASE, `${RELEASE}-updates`]
      .map((suite) => `deb ${mirrors.debian} ${suite} main\n`)
      .concat(`deb ${mirrors.security} ${RELEASE}-security main\n`)
      .join(''),
  );
  for (const folder of Object.values(IN_TREE)) mkdirSync(join(TREE, folder), { recursive: true });
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  const apt = { HOME: '/root', DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0'];
  await told(inTree(['apt-get', 'update', '-qq'], apt), () => 'apt-get reads the lists of packages');
  await told(inTree([...install, '-o', 'Dpkg::Options::=--force-unsafe-io', ...PACKAGES], apt), packagesSoFar);
  for (const folder of SUPERFLUOUS) empty(join(TREE, folder));
  writeFileSync(complete, '');
  progress('packages installed');
}

async function ensureDebootstrap(progress: Progress, options: Parameters<typeof runCommand>[1]): Promise<void> {
  if (spawnSync('debootstrap', ['--version']).status === 0) return;
  progress('debootstrap is missing; installing it with apt-get, the only change to this machine');
  const environment = { ...options.environment, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'debootstrap'];
  try {
    await runCommand(install, { ...options, environment });
  } catch {
    // The usual reason: package lists that are old, or were never fetched.
    await runCommand(['apt-get', 'update', '-qq'], { ...options, environment });
    await runCommand(install, { ...options, environment });
  }
}

function empty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}
