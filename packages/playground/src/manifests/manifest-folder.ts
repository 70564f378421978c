import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PlaygroundError, reasonOf } from '../playground-error.js';
import { systemErrorCode } from '../system-error.js';
import { problemText } from './manifest.js';
import type { ManifestApplier } from './manifest-applier.js';
import { type ParsedFile, parseManifests } from './parse-manifests.js';

const ENDINGS = ['.yaml', '.yml', '.json'];
/** Editors write in several steps. */
const SETTLE_MILLISECONDS = 50;
/** Where the system tells nothing of changes (network file systems, too many watches), they are found so. */
const RESCAN_MILLISECONDS = 1_000;

interface KnownFile extends ParsedFile {
  /** Says whether the file may have changed since it was read. */
  readonly signature: string;
}

/** Applies the manifests right in a folder (not below it), as `kubectl apply -f DIR` does, and follows their changes. */
export class ManifestFolder {
  readonly #folder: string;
  readonly #applier: ManifestApplier;
  readonly #onProblem: (message: string) => void;
  readonly #files = new Map<string, KnownFile>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> = Promise.resolve();
  #unreadable: string | undefined;
  #closed = false;

  constructor(folder: string, applier: ManifestApplier, onProblem: (message: string) => void) {
    this.#folder = folder;
    this.#applier = applier;
    this.#onProblem = onProblem;
  }

  /** Applies what is there. Rejects with a PlaygroundError (`ERR_MANIFESTS_FOLDER`) for a folder that can't be read. */
  async applyOnce(): Promise<void> {
    try {
      await this.#scan();
    } catch (error) {
      const message = `the manifests in ${this.#folder} can't be read: ${reasonOf(error)}`;
      throw new PlaygroundError('ERR_MANIFESTS_FOLDER', message, { cause: error });
    }
  }

  /** Follows changes until it is closed. */
  follow(): void {
    try {
      this.#watcher = watch(this.#folder, () => this.#schedule(SETTLE_MILLISECONDS));
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // The rescan finds the changes, a little later.
    }
    this.#schedule(RESCAN_MILLISECONDS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#scanning;
  }

  #schedule(milliseconds: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#scanning = this.#rescan().finally(() => this.#schedule(RESCAN_MILLISECONDS));
    }, milliseconds);
  }

  async #rescan(): Promise<void> {
    try {
      await this.#scan();
      this.#unreadable = undefined;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== this.#unreadable)
        this.#onProblem(`${this.#folder} can't be read, what was applied stays: ${reason}`);
      this.#unreadable = reason;
    }
  }

  async #scan(): Promise<void> {
    const names = (await readdir(this.#folder))
      .filter((name) => ENDINGS.some((ending) => name.endsWith(ending)))
      .sort();
    const files = new Set(names.map((name) => join(this.#folder, name)));
    for (const file of files) await this.#read(file, files);
    if (this.#closed) return;
    for (const file of this.#files.keys()) if (!files.has(file)) this.#files.delete(file);
    const known = [...files].flatMap((file) => this.#files.get(file) ?? []);
    const unreadable = known.flatMap(({ problems }) => problems.map(({ file }) => file));
    this.#applier.sync(
      known.flatMap(({ manifests }) => manifests),
      new Set(unreadable),
    );
  }

  /** Reads a file that changed; one that went meanwhile is taken out of `files`. */
  async #read(file: string, files: Set<string>): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const signature = `${mtimeMs} ${size} ${ino}`;
      if (this.#files.get(file)?.signature === signature) return;
      const parsed = parseManifests(file, await readFile(file, 'utf8'));
      for (const problem of parsed.problems) this.#onProblem(problemText(problem));
      this.#files.set(file, { ...parsed, signature });
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') {
        files.delete(file);
        return;
      }
      const problems = [{ file, line: 1, reason: reasonOf(error) }];
      if (this.#files.get(file)?.signature !== '')
        this.#onProblem(problemText({ file, line: 1, reason: reasonOf(error) }));
      this.#files.set(file, { manifests: this.#files.get(file)?.manifests ?? [], problems, signature: '' });
    }
  }
}
