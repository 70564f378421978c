import { closeSync, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * Appends to a file. Every line is in the file when `write` returns, so none is lost when the process ends; always at the
 * file's end, so that logrotate may truncate it (copytruncate), or rename it and ask for {@link reopen}.
 */
export class LogFile extends Writable {
  readonly #fallback: Writable;
  #descriptor: number;

  /**
   * @param fallback gets the lines that the file cannot take: a full disk must not stop the controller
   * @throws the error of Node's `open`
   */
  constructor(
    readonly path: string,
    fallback: Writable,
  ) {
    super({ decodeStrings: true });
    this.#fallback = fallback;
    this.#descriptor = openSync(path, 'a');
  }

  /** Opens the path anew; goes on with the old file, and throws, if that fails. */
  reopen(): void {
    const descriptor = openSync(this.path, 'a');
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    let written = 0;
    try {
      while (written < chunk.length) written += writeSync(this.#descriptor, chunk, written);
    } catch {
      this.#fallback.write(chunk.subarray(written));
    }
    callback();
  }

  override _final(callback: () => void): void {
    closeSync(this.#descriptor);
    callback();
  }
}
