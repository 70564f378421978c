import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from './api-server/index.js';
import { PlaygroundError, reasonOf } from './playground-error.js';
import { systemErrorCode } from './system-error.js';

const REMEDY = 'choose another file with --kubeconfig';

/**
 * A kubeconfig on disk, readable by its owner alone: it holds a token. It goes with the process, however that ends but by SIGKILL. Everything is
 * done at once, so that no end of the process comes between what is written and the hook that removes it.
 */
export class KubeconfigFile {
  readonly path: string;
  readonly #text: string;
  readonly #folder: string | undefined;
  readonly #onExit = () => this.remove();

  private constructor(path: string, text: string, folder: string | undefined) {
    this.path = path;
    this.#text = text;
    this.#folder = folder;
    process.on('exit', this.#onExit);
  }

  /**
   * Throws a PlaygroundError (`ERR_KUBECONFIG_FILE`) where a kubeconfig can't be written: no folder, no permission, or the kubeconfig of
   * something else than a playground is there.
   */
  static check(path: string): void {
    const file = resolve(path);
    const present = read(file);
    if (present.trim() !== '' && !isPlaygrounds(present)) {
      throw refused(`${file} is not the kubeconfig of a playground and is not overwritten: ${REMEDY}`);
    }
    try {
      accessSync(dirname(file), constants.W_OK);
    } catch (error) {
      const missing = systemErrorCode(error) === 'ENOENT';
      const reason = missing ? 'its folder does not exist' : reasonOf(error);
      throw refused(
        `${file} can't be written, ${reason}: ${missing ? 'make its folder first, or ' : ''}${REMEDY}`,
        error,
      );
    }
  }

  /** Writes it; without a path into a new temporary folder. Throws as {@link check}. */
  static write(path: string | undefined, text: string): KubeconfigFile {
    const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'kuryr-l7-playground-')) : undefined;
    const file = resolve(path ?? join(folder ?? tmpdir(), 'kubeconfig'));
    KubeconfigFile.check(file);
    try {
      rmSync(file, { force: true });
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw refused(`${file} can't be written, ${reasonOf(error)}: ${REMEDY}`, error);
    }
    return new KubeconfigFile(file, text, folder);
  }

  /** Removes it, unless somebody else has written something there meanwhile. May be called again. */
  remove(): void {
    process.off('exit', this.#onExit);
    try {
      if (read(this.path) === this.#text) rmSync(this.path, { force: true });
    } catch {
      // It is no file of ours any more.
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Its text; empty where there is none. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw refused(`${file} can't be used for the kubeconfig, ${reasonOf(error)}: ${REMEDY}`, error);
  }
}

function refused(message: string, cause?: unknown): PlaygroundError {
  return new PlaygroundError('ERR_KUBECONFIG_FILE', message, { cause });
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
