/**
 * Reads objects by id for many who ask at once: who asks while a read of the object is under way shares the next one with
 * all others who do, so that every answer is newer than its question.
 */
export class SharedReads<T> {
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Promise<T>>();

  constructor(private readonly read: (id: string) => Promise<T>) {}

  get(id: string): Promise<T> {
    const next = this.#next.get(id);
    if (next !== undefined) return next;
    const underWay = this.#underWay.get(id);
    if (underWay === undefined) return this.#begin(id);
    const reading = underWay.then(() => {
      this.#next.delete(id);
      return this.#begin(id);
    });
    this.#next.set(id, reading);
    return reading;
  }

  #begin(id: string): Promise<T> {
    const reading = this.read(id);
    const settled: Promise<void> = reading.then(
      () => this.#end(id, settled),
      () => this.#end(id, settled),
    );
    this.#underWay.set(id, settled);
    return reading;
  }

  #end(id: string, settled: Promise<void>): void {
    if (this.#underWay.get(id) === settled) this.#underWay.delete(id);
  }
}
