/** What this machine's own apt is configured to use; nothing here names a host. */
import { spawnSync } from 'node:child_process';
import { BedError } from './bed-error.js';

export interface Mirrors {
  readonly debian: string;
  readonly security: string;
}

/**
 * Chooses the Debian mirrors among the repositories that apt uses: those whose path ends in `/debian` and
 * `/debian-security`, as on every Debian mirror.
 *
 * @throws {BedError} `ERR_BED_UNSUPPORTED` where one of them is missing.
 */
export function chooseMirrors(repositories: readonly string[]): Mirrors {
  const find = (name: string): string => {
    const found = repositories.map((uri) => uri.replace(/\/+$/, '')).find((uri) => uri.endsWith(`/${name}`));
    if (found !== undefined) return found;
    const message = `The OpenStack test bed is made of Debian packages, and apt on this machine uses no mirror that ends in /${name}.`;
    throw new BedError(message, { code: 'ERR_BED_UNSUPPORTED' });
  };
  return { debian: find('debian'), security: find('debian-security') };
}

export function mirrorsOfThisMachine(): Mirrors {
  const listed = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return chooseMirrors([...new Set(listed.stdout.split('\n'))]);
}

/** How apt on this machine downloads (proxies, time checks), in the form of a file of apt.conf.d. */
export function downloadSettings(): string {
  return spawnSync('apt-config', ['dump', 'Acquire'], { encoding: 'utf8', timeout: 60_000 }).stdout;
}

/** The proxy that debootstrap's wget needs to be told of; apt in the tree has it from {@link downloadSettings}. */
export function proxyEnvironment(settings: string): NodeJS.ProcessEnv {
  const proxy = (scheme: string) => new RegExp(`^Acquire::${scheme}::Proxy "([^"]+)";`, 'im').exec(settings)?.[1];
  const [http, https] = [proxy('http'), proxy('https')];
  return {
    ...(http !== undefined && http !== 'DIRECT' ? { http_proxy: http } : {}),
    ...(https !== undefined && https !== 'DIRECT' ? { https_proxy: https } : {}),
  };
}
