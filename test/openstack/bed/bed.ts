/** Brings the bed up, takes it down, tells how it is. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BedError } from './bed-error.js';
import { writeClientFiles } from './client-files.js';
import { writeConfiguration } from './configuration.js';
import { ensureDatabaseFiles, ensureSchemas } from './database.js';
import { type Facts, writeFacts } from './facts.js';
import { CACHE, STATE } from './folders.js';
import { withHeartbeat } from './heartbeat.js';
import { ensureIdentity } from './identity.js';
import { exclusively } from './lock.js';
import { requireMachine } from './machine.js';
import { ensureNetworks } from './networks.js';
import type { Progress } from './progress.js';
import { waitUntilReady } from './readiness.js';
import { recordFile, runningPid, startProcess, stopProcess } from './recorded-process.js';
import { SERVICES, type ServiceName, servicesOf } from './services.js';
import { ensureSettings } from './settings.js';
import { ensureTree } from './tree.js';

/**
 * Makes what is missing and starts what does not run, so that it may be repeated at any time.
 *
 * @throws {BedError} `ERR_BED_UNSUPPORTED` where this machine cannot run the bed.
 */
export async function up(progress: Progress): Promise<Facts> {
  requireMachine();
  let facts: Facts | undefined;
  await exclusively(progress, async () => {
    await ensureTree(progress);
    const waitingFor = new Set<ServiceName>();
    const state = () =>
      waitingFor.size === 0 ? 'making databases, users and networks' : `waiting for ${[...waitingFor].join(', ')}`;
    facts = await withHeartbeat(progress, state, startAll(progress, waitingFor));
  });
  if (facts === undefined) throw new BedError('The bed is not up.');
  return facts;
}

/** @param waitingFor holds at any time the services that have to be ready before it goes on */
async function startAll(progress: Progress, waitingFor: Set<ServiceName>): Promise<Facts> {
  const settings = await ensureSettings();
  await writeConfiguration(settings);
  const services = servicesOf(settings);
  const started = new Set<ServiceName>();
  const start = (...names: readonly ServiceName[]) => {
    for (const name of names.filter((name) => !isRunning(name))) {
      startProcess(name, services[name].command);
      started.add(name);
    }
  };
  const ready = (...names: readonly ServiceName[]) =>
    Promise.all(
      names.map(async (name) => {
        const { readyWithinSeconds, isReady } = services[name];
        waitingFor.add(name);
        await waitUntilReady(name, readyWithinSeconds, isReady);
        waitingFor.delete(name);
        if (started.has(name)) progress(`${name} is ready`);
      }),
    );

  start('epmd', 'rabbitmq');
  await ensureDatabaseFiles(progress);
  start('mariadb');
  await ready('mariadb');
  await ensureSchemas(settings, progress);
  start('keystone');
  await ready('epmd', 'rabbitmq');
  const rest = SERVICES.filter((name) => !['epmd', 'rabbitmq', 'mariadb', 'keystone'].includes(name));
  start(...rest);
  await ready('keystone', 'neutron', 'barbican', 'octavia-api');
  const facts: Facts = { ...(await ensureIdentity(settings)), ...(await ensureNetworks(settings)) };
  writeFacts(facts);
  writeClientFiles(facts);
  progress('users, catalog and networks are ready');
  await ready('octavia-worker', 'octavia-health-manager', 'floating-ips', 'heartbeat');
  return facts;
}

/** Stops all services, or only those named; data and tree stay. */
export async function down(progress: Progress, names: readonly ServiceName[] = SERVICES): Promise<void> {
  await exclusively(progress, () => stop(progress, names));
}

/** Stops all services and removes what the bed has written: the data, or everything, the Debian tree too. */
export async function purge(progress: Progress, what: 'data' | 'everything'): Promise<void> {
  await exclusively(progress, async () => {
    await stop(progress, SERVICES);
    const kept = what === 'data' ? ['lock', 'logs', 'tree', 'tree.complete'] : ['lock'];
    const removed = readdirSync(CACHE).filter((name) => !kept.includes(name));
    for (const name of removed) rmSync(join(CACHE, name), { recursive: true, force: true });
    progress(`removed from ${CACHE}: ${removed.join(' ')}`);
  });
}

async function stop(progress: Progress, names: readonly ServiceName[]): Promise<void> {
  const stopped = async (name: ServiceName) => {
    if (!isRunning(name)) return;
    await stopProcess(recordFile(name), name === 'mariadb' || name === 'rabbitmq' ? 20 : 5);
    progress(`${name} is stopped`);
  };
  const last: readonly ServiceName[] = ['mariadb', 'rabbitmq', 'epmd'];
  await Promise.all(names.filter((name) => !last.includes(name)).map(stopped));
  if (names === SERVICES) await stopRouters();
  for (const name of last.filter((name) => names.includes(name))) await stopped(name);
}

/** The HAProxy of each load balancer; its data stays, and the next `up` serves it again. */
async function stopRouters(): Promise<void> {
  const folder = join(STATE, 'haproxy');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const records = names.map((name) => join(folder, name, 'haproxy.pid')).filter((file) => existsSync(file));
  await Promise.all(records.map((file) => stopProcess(file, 2)));
}

function isRunning(name: ServiceName): boolean {
  return runningPid(recordFile(name)) !== undefined;
}

/** Services with the process of each that runs. */
export function status(): readonly { readonly name: ServiceName; readonly pid: number | undefined }[] {
  return SERVICES.map((name) => ({ name, pid: runningPid(recordFile(name)) }));
}
