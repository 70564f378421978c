import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { types } from 'node:util';
import { ConfigurationFileError, type ConfigurationProblem } from './configuration-file-error.js';

/** The program's name to oslo.config, kept from Kuryr. */
const PROJECT = 'kuryr-k8s';

/** The two places that the default search starts from. */
export interface DefaultSearch {
  /** Default: the home directory of the user. */
  readonly home?: string;
  /** Default: `/etc`. */
  readonly etc?: string;
}

export interface ConfigurationPlaces {
  /** `--config-file`, in order; `~` is expanded. Left out: the default search. */
  readonly configFiles?: readonly string[] | undefined;
  /** `--config-dir`, in order: the `*.conf` files in each, sorted. Left out: the default search. */
  readonly configDirs?: readonly string[] | undefined;
  /** False: nothing but what is named. */
  readonly defaultSearch?: DefaultSearch | false | undefined;
}

/**
 * The files to read, the later ones overriding the earlier: first the single files, then those of directories. Without
 * any named, the first `kuryr-k8s.conf` in `~/.kuryr-k8s`, `~`, `/etc/kuryr-k8s` and `/etc` is taken, otherwise
 * `/etc/kuryr/kuryr.conf`, where Kuryr's manifests mount it; directories likewise, `kuryr-k8s.conf.d`. Finding none is fine.
 * @throws ConfigurationFileError for a named directory that cannot be read
 */
export function findConfigurationFiles(places: ConfigurationPlaces): readonly string[] {
  const { home = homedir(), etc = '/etc' } = places.defaultSearch || {};
  const found = places.defaultSearch === false ? { files: [], directories: [] } : findDefaults(home, etc);
  const located = (path: string) => resolve(path.replace(/^~(?=\/|$)/, () => home));

  const problems: ConfigurationProblem[] = [];
  const filesOfDirectories = (places.configDirs?.map(located) ?? found.directories).flatMap((directory) => {
    try {
      // A glob of `*.conf` finds no hidden files.
      const names = readdirSync(directory).filter((name) => name.endsWith('.conf') && !name.startsWith('.'));
      return names.sort().map((name) => join(directory, name));
    } catch (error) {
      problems.push({ where: directory, reason: `Failed to read config file directory: ${reasonOf(error)}` });
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigurationFileError(problems);
  return [...(places.configFiles?.map(located) ?? found.files), ...filesOfDirectories];
}

function findDefaults(
  home: string,
  etc: string,
): { readonly files: readonly string[]; readonly directories: readonly string[] } {
  const parents = [join(home, `.${PROJECT}`), home, join(etc, PROJECT), etc].map((parent) => resolve(parent));
  const first = (paths: readonly string[]) => paths.filter((path) => existsSync(path)).slice(0, 1);
  return {
    files: first([...parents.map((parent) => join(parent, `${PROJECT}.conf`)), resolve(etc, 'kuryr', 'kuryr.conf')]),
    directories: first(parents.map((parent) => join(parent, `${PROJECT}.conf.d`))),
  };
}

/** `no such file or directory` and the like. */
export function reasonOf(error: unknown): string {
  const message = types.isNativeError(error) ? error.message : String(error);
  return /^E[A-Z]+: ([^,]*)/.exec(message)?.[1] ?? message;
}
