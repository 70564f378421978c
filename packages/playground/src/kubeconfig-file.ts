import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from './api-server/index.js';
import { PlaygroundError, reasonOf } from './playground-error.js';
import { systemErrorCode } from './system-error.js';

/** A kubeconfig on disk, readable by its owner alone: it holds a token. */
export class KubeconfigFile {
  readonly path: string;
  readonly #text: string;
  readonly #folder: string | undefined;

  private constructor(path: string, text: string, folder: string | undefined) {
    this.path = path;
    this.#text = text;
    this.#folder = folder;
  }

  /**
   * Writes it; without a path into a new temporary folder. Rejects with a PlaygroundError (`ERR_KUBECONFIG_FILE`) where the file can't be written
   * or is the kubeconfig of something else than a playground.
   */
  static async write(path: string | undefined, text: string): Promise<KubeconfigFile> {
    const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'kuryr-l7-playground-')) : undefined;
    const file = resolve(path ?? join(folder ?? tmpdir(), 'kubeconfig'));
    const present = await readIfPresent(file);
    if (present.trim() !== '' && !isPlaygrounds(present)) {
      const message = `${file} is not the kubeconfig of a playground and is not overwritten: choose another file with --kubeconfig`;
      throw new PlaygroundError('ERR_KUBECONFIG_FILE', message);
    }
    try {
      await rm(file, { force: true });
      await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw new PlaygroundError('ERR_KUBECONFIG_FILE', `${file} can't be written: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    return new KubeconfigFile(file, text, folder);
  }

  /** Removes it, unless somebody else has written something there meanwhile. */
  async remove(): Promise<void> {
    if ((await readIfPresent(this.path).catch(() => '')) === this.#text) await rm(this.path, { force: true });
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

async function readIfPresent(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw new PlaygroundError('ERR_KUBECONFIG_FILE', `${file} can't be used for the kubeconfig: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Whether its clusters are all playgrounds, left behind by one that was killed. */
function isPlaygrounds(text: string): boolean {
  try {
    const config: unknown = parse(text);
    if (!isRecord(config) || !Array.isArray(config.clusters)) return false;
    return config.clusters.every((cluster) => isRecord(cluster) && cluster.name === 'playground');
  } catch {
    return false;
  }
}
