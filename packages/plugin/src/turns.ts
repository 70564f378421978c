/** Runs what is about the same thing one after the other, in the order in which it was asked for; other things at once. */
export class Turns {
  /** The last of each; none is kept that is done. */
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * @param key what it is about
   * @returns what `run` returns or throws; what was before it, and failed, does not matter
   */
  take<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = before === undefined ? run() : before.then(run);
    const done: Promise<void> = turn.then(
      () => this.#end(key, done),
      () => this.#end(key, done),
    );
    this.#last.set(key, done);
    return turn;
  }

  #end(key: string, done: Promise<void>): void {
    if (this.#last.get(key) === done) this.#last.delete(key);
  }
}
