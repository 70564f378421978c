/** Where the bed keeps its things: on the host in the git-ignored `.cache/openstack`, and where its processes see them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function repository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'lerna.json'))) folder = dirname(folder);
  return folder;
}

const REPOSITORY = repository();

/** What the bed is made of: configuration templates and the Python modules that run in the tree. */
export const SOURCE = join(REPOSITORY, 'test', 'openstack');

/** Everything that the bed writes; `down --purge` removes it. */
export const CACHE = join(REPOSITORY, '.cache', 'openstack');

/** A Debian tree with the packages of OpenStack; made once. */
export const TREE = join(CACHE, 'tree');

/** Databases, keys, configuration, recorded processes of the running bed. */
export const STATE = join(CACHE, 'state');

/** Logs outlive `down`, so that a failure can still be read. */
export const LOGS = join(CACHE, 'logs');

/** The same folders as processes in the tree see them: short, so that no Unix socket's path grows too long. */
export const IN_TREE = { source: '/bed/source', state: '/bed/state' } as const;

/** Names the log of a service or of a step. */
export function logFile(name: string): string {
  return join(LOGS, `${name}.log`);
}
