import { readFile, stat } from 'node:fs/promises';
import { KubernetesCredentialsError } from './errors.js';
import { reasonOf } from './reason-of.js';

/**
 * A file that somebody else rewrites (a rotated token or certificate). Read again only when it changed; a moment in which
 * it is not there, as when a kubelet swaps it, keeps the last content.
 */
export class FreshFile {
  #version = '';
  #content: Buffer | undefined;

  /** @param purpose For people, e.g. `token_file`. */
  constructor(
    private readonly path: string,
    private readonly purpose: string,
  ) {}

  /** @throws KubernetesCredentialsError when it was never readable, or is empty */
  async read(): Promise<Buffer> {
    try {
      // The target of a symbolic link counts: a mounted Secret is swapped by one.
      const { dev, ino, size, mtimeMs } = await stat(this.path);
      const version = [dev, ino, size, mtimeMs].join(' ');
      if (version === this.#version && this.#content !== undefined) return this.#content;
      const content = await readFile(this.path);
      if (content.toString('utf8').trim() === '') throw new Error('the file is empty');
      this.#content = content;
      this.#version = version;
    } catch (cause) {
      if (this.#content === undefined) {
        throw new KubernetesCredentialsError(`${this.purpose} ${this.path}: ${reasonOf(cause)}`, { cause });
      }
    }
    return this.#content;
  }
}
