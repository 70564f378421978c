import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { PlaygroundError, reasonOf } from '../playground-error.js';
import { systemErrorCode } from '../system-error.js';
import { type FoundFiles, findManifestFiles } from './find-manifest-files.js';
import { type ManifestProblem, problemText } from './manifest.js';
import type { ManifestApplier } from './manifest-applier.js';
import { type ParsedFile, parseManifests } from './parse-manifests.js';

/** Editors write in several steps. */
const SETTLE_MILLISECONDS = 50;
/** Where the system tells nothing of changes (network file systems, too many watches), they are found so. */
const RESCAN_MILLISECONDS = 1_000;

interface KnownFile extends ParsedFile {
  /** Says whether the file may have changed since it was read. */
  readonly signature: string;
}

/** Whom a folder tells what; for people, without a line end. */
export interface ManifestFolderListener {
  readonly onProgress: (message: string) => void;
  readonly onProblem: (message: string) => void;
}

/** Applies the manifests in a folder and below it, as `kubectl apply -R -f DIR` does, and follows their changes. */
export class ManifestFolder {
  readonly #folder: string;
  readonly #applier: ManifestApplier;
  readonly #listener: ManifestFolderListener;
  readonly #files = new Map<string, KnownFile>();
  readonly #watchers = new Map<string, FSWatcher>();
  /** What was wrong at the last scan, by path. */
  #told: ReadonlyMap<string, string> = new Map();
  #following = false;
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> = Promise.resolve();
  #unreadable: string | undefined;
  #closed = false;

  constructor(folder: string, applier: ManifestApplier, listener: ManifestFolderListener) {
    this.#folder = folder;
    this.#applier = applier;
    this.#listener = listener;
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
    this.#following = true;
    this.#schedule(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#scanning;
    this.#watch([]);
  }

  #schedule(milliseconds: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#scanning = this.#scanning.then(() => this.#rescan());
    }, milliseconds);
  }

  async #rescan(): Promise<void> {
    try {
      await this.#scan();
      this.#unreadable = undefined;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== this.#unreadable)
        this.#listener.onProblem(`${this.#folder} can't be read, what was applied stays: ${reason}`);
      this.#unreadable = reason;
    }
    // What changed meanwhile is looked at sooner.
    if (this.#timer === undefined) this.#schedule(RESCAN_MILLISECONDS);
  }

  async #scan(): Promise<void> {
    if (this.#closed) return;
    const found = await findManifestFiles(this.#folder);
    // Before the files are read: what changes from now on is looked at again.
    if (this.#following && !this.#closed) this.#watch(found.folders);
    const files = new Set(found.files);
    for (const file of files) await this.#read(file, files);
    if (this.#closed) return;
    this.#tell(found);
    for (const file of this.#files.keys()) {
      if (!files.has(file) && !found.isHidden(file)) this.#files.delete(file);
    }
    const known = [...this.#files].filter(([file]) => !found.isHidden(file)).sort(byPath);
    this.#applier.sync(
      known.flatMap(([, { manifests }]) => manifests),
      (file) => found.isHidden(file) || (this.#files.get(file)?.problems.length ?? 0) > 0,
    );
  }

  #watch(folders: readonly string[]): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, () => this.#schedule(SETTLE_MILLISECONDS));
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      // The rescan finds the changes, a little later.
    }
  }

  /** Reads a file that changed; one that went meanwhile is taken out of `files`. */
  async #read(file: string, files: Set<string>): Promise<void> {
    const before = this.#files.get(file);
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const signature = `${mtimeMs} ${size} ${ino}`;
      if (before?.signature === signature) return;
      const parsed = parseManifests(file, await readFile(file, 'utf8'));
      for (const problem of parsed.problems) this.#listener.onProblem(problemText(problem));
      if (parsed.problems.length === 0 && (before?.problems.length ?? 0) > 0) this.#tellGood(file);
      this.#files.set(file, { ...parsed, signature });
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') {
        files.delete(file);
        return;
      }
      const problem: ManifestProblem = { file, reason: reasonOf(error) };
      if (before?.signature !== '') this.#listener.onProblem(problemText(problem));
      this.#files.set(file, { manifests: before?.manifests ?? [], problems: [problem], signature: '' });
    }
  }

  /** What was found wrong with files and folders, each once, and that it is so no more. */
  #tell({ problems, files, folders }: FoundFiles): void {
    const told = new Map(problems.map((problem) => [problem.file, problemText(problem)]));
    for (const [path, text] of told) if (this.#told.get(path) !== text) this.#listener.onProblem(text);
    for (const path of this.#told.keys()) {
      if (!told.has(path) && (files.includes(path) || folders.includes(path))) this.#tellGood(path);
    }
    this.#told = told;
  }

  #tellGood(path: string): void {
    this.#listener.onProgress(`${path} is good again`);
  }
}

function byPath([first]: readonly [string, unknown], [second]: readonly [string, unknown]): number {
  return first < second ? -1 : 1;
}
