import type { Dirent } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { reasonOf } from '../playground-error.js';
import { systemErrorCode } from '../system-error.js';
import type { ManifestProblem } from './manifest.js';

const ENDINGS = ['.yaml', '.yml', '.json'];

export interface FoundFiles {
  /** Manifests by their paths, in the order in which they are applied. */
  readonly files: readonly string[];
  /** The folder and those below it. */
  readonly folders: readonly string[];
  /** Of folders that can't be read, of links that lead nowhere, and of what only looks like a manifest. */
  readonly problems: readonly ManifestProblem[];
  /** Whether nothing is known of a file, because it is, or is below, something that can't be read now. */
  isHidden(file: string): boolean;
}

/**
 * Finds the manifests in a folder and below it. Folders whose names begin with a dot (`.git`), `node_modules`, and links to folders are left out.
 * Rejects when the folder itself can't be read.
 */
export async function findManifestFiles(folder: string): Promise<FoundFiles> {
  const search = new Search();
  await search.folder(folder, await readdir(folder, { withFileTypes: true }));
  const { files, folders, problems, hidden } = search;
  const isHidden = (file: string) => hidden.some((path) => file === path || file.startsWith(`${path}${sep}`));
  return { files: files.sort(), folders, problems, isHidden };
}

class Search {
  readonly files: string[] = [];
  readonly folders: string[] = [];
  readonly problems: ManifestProblem[] = [];
  readonly hidden: string[] = [];

  async folder(path: string, entries: readonly Dirent[]): Promise<void> {
    this.folders.push(path);
    for (const entry of entries) {
      const file = join(path, entry.name);
      if (isLeftOut(entry.name) && !entry.isFile()) continue;
      if (entry.isDirectory()) await this.#below(file, entry.name);
      else if (entry.isSymbolicLink()) await this.#link(file);
      else if (isManifest(file)) this.files.push(file);
    }
  }

  async #below(path: string, name: string): Promise<void> {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      if (isManifest(name)) {
        this.problems.push({ file: path, reason: 'a folder, not a manifest; the files in it are read all the same' });
      }
      await this.folder(path, entries);
    } catch (error) {
      // It went between two looks.
      if (systemErrorCode(error) === 'ENOENT') return;
      this.hidden.push(path);
      this.problems.push({ file: path, reason: `its files can't be read, what was applied stays: ${reasonOf(error)}` });
    }
  }

  async #link(file: string): Promise<void> {
    try {
      if ((await stat(file)).isDirectory())
        this.problems.push({ file, reason: 'a link to a folder, which is not read' });
      else if (isManifest(file)) this.files.push(file);
    } catch (error) {
      if (!isManifest(file)) return;
      const target = await readlink(file).catch(() => undefined);
      if (target === undefined) return;
      this.hidden.push(file);
      const reason = systemErrorCode(error) === 'ENOENT' ? `a link to ${target}, which is not there` : reasonOf(error);
      this.problems.push({ file, reason });
    }
  }
}

function isLeftOut(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function isManifest(file: string): boolean {
  return ENDINGS.some((ending) => file.endsWith(ending));
}
