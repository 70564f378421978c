import { readdir } from 'node:fs/promises';
import { PlaygroundError, reasonOf } from '../playground-error.js';
import { systemErrorCode } from '../system-error.js';

/** Rejects with a PlaygroundError (`ERR_MANIFESTS_FOLDER`) for what is no folder that can be read. */
export async function requireManifestsFolder(folder: string): Promise<void> {
  try {
    await readdir(folder);
  } catch (error) {
    throw new PlaygroundError('ERR_MANIFESTS_FOLDER', messageFor(folder, error), { cause: error });
  }
}

function messageFor(folder: string, error: unknown): string {
  switch (systemErrorCode(error)) {
    case 'ENOENT':
      return `the folder of manifests ${folder} does not exist: make it first, or name another one with --manifests`;
    case 'ENOTDIR':
      return `${folder} is a file, not a folder of manifests: name the folder that holds it with --manifests`;
    default:
      return `the manifests in ${folder} can't be read, ${reasonOf(error)}: name another folder with --manifests`;
  }
}
