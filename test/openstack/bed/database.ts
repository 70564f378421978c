/** MariaDB's files, the schemas of the four services, and Keystone's first administrator. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedError } from './bed-error.js';
import { runCommand } from './command.js';
import { IN_TREE, logFile, STATE } from './folders.js';
import type { Progress } from './progress.js';
import { endpointsOf, type Settings } from './settings.js';
import { inTree } from './tree.js';

const ETC = `${IN_TREE.state}/etc`;

async function step(log: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
  await runCommand(inTree(command, environment), { log: logFile(log), timeoutSeconds: 300 });
}

/** Makes the files of an empty server; after an interrupted attempt, from the start. */
export async function ensureDatabaseFiles(progress: Progress): Promise<void> {
  const complete = join(STATE, 'mariadb.complete');
  if (existsSync(complete)) return;
  rmSync(join(STATE, 'mariadb'), { recursive: true, force: true });
  const options = ['--no-defaults', '--user=root', `--datadir=${IN_TREE.state}/mariadb`];
  const fewer = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
  await step('mariadb-install', ['mariadb-install-db', ...options, ...fewer]);
  writeFileSync(complete, '');
  progress('files of the database made');
}

/** Brings the schemas up to date and makes the user `admin`. Every step may be repeated after an interruption. */
export async function ensureSchemas(settings: Settings, progress: Progress): Promise<void> {
  const complete = join(STATE, 'schemas.complete');
  if (existsSync(complete)) return;
  const create = ['keystone', 'neutron', 'barbican', 'octavia']
    .map((name) => `create database if not exists ${name} character set utf8mb3;`)
    .join(' ');
  await step('mariadb-create', ['mariadb', '--no-defaults', `--socket=${IN_TREE.state}/mariadb.sock`, '-e', create]);
  const neutron = ['--config-file', `${ETC}/neutron.conf`, '--config-file', `${ETC}/ml2_conf.ini`];
  await Promise.all([
    step('keystone-schema', ['keystone-manage', '--config-file', `${ETC}/keystone.conf`, 'db_sync']),
    step('neutron-schema', ['neutron-db-manage', ...neutron, 'upgrade', 'heads']),
    step('octavia-schema', ['octavia-db-manage', '--config-file', `${ETC}/octavia.conf`, 'upgrade', 'head']),
    step('barbican-schema', ['barbican-manage', 'db', 'upgrade']),
  ]);
  progress('four schemas made');
  const url = endpointsOf(settings).identity;
  const bootstrap = ['keystone-manage', '--config-file', `${ETC}/keystone.conf`, 'bootstrap'];
  const region = ['--bootstrap-service-name', 'keystone', '--bootstrap-region-id', 'RegionOne'];
  const urls = ['admin', 'public', 'internal'].flatMap((kind) => [`--bootstrap-${kind}-url`, url]);
  await step('keystone-bootstrap', [...bootstrap, ...region, ...urls], { OS_BOOTSTRAP_PASSWORD: settings.password });
  writeFileSync(complete, '');
  progress('first administrator made');
}

/**
 * What an administrator does, in Octavia's database, for a load balancer that stays PENDING because nobody works on it
 * any more: it and its PENDING children are then in ERROR, and a cascading DELETE is accepted.
 */
export async function resetPending(loadBalancerId: string): Promise<void> {
  if (!/^[0-9a-f-]{36}$/.test(loadBalancerId))
    throw new BedError(`${loadBalancerId} is not the uuid of a load balancer.`);
  const reset = (table: string, where: string) =>
    `update ${table} set provisioning_status = 'ERROR' where provisioning_status like 'PENDING%' and ${where};`;
  const listeners = `(select id from listener where load_balancer_id = '${loadBalancerId}')`;
  const statements = [
    reset('l7policy', `listener_id in ${listeners}`),
    reset('listener', `load_balancer_id = '${loadBalancerId}'`),
    reset('pool', `load_balancer_id = '${loadBalancerId}'`),
    reset('load_balancer', `id = '${loadBalancerId}'`),
  ];
  const client = ['mariadb', '--no-defaults', `--socket=${IN_TREE.state}/mariadb.sock`, 'octavia'];
  await step('reset-pending', [...client, '-e', statements.join(' ')]);
}
