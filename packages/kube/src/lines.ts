import { KubernetesResponseError } from './errors.js';

/** Characters; an object of the API has at most 1.5 MB in etcd. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** Splits bytes into lines, wherever the network cut them. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #parts: string[] = [];
  #length = 0;

  /**
   * The lines that `chunk` completes, without empty ones.
   * @throws KubernetesResponseError when a line does not end
   */
  push(chunk: Uint8Array): readonly string[] {
    const [first = '', ...rest] = this.#decoder.decode(chunk, { stream: true }).split('\n');
    this.#parts.push(first);
    this.#length += first.length;
    if (rest.length === 0) {
      if (this.#length > LONGEST_LINE) {
        throw new KubernetesResponseError(`a line of a watch is longer than ${LONGEST_LINE} characters`);
      }
      return [];
    }
    const tail = rest.pop() ?? '';
    const lines = [this.#parts.join(''), ...rest];
    this.#parts = [tail];
    this.#length = tail.length;
    return lines.filter((line) => line.trim() !== '');
  }
}
