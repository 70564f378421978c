/** Milliseconds. What is kept here changes seldom, and nothing depends on its newest state. */
const MOST_AGE = 300_000;

/** Objects by id, asked for now and then. */
export class Recent<T> {
  readonly #known = new Map<string, { readonly object: Promise<T>; readonly askedAt: number }>();

  constructor(
    private readonly ask: (id: string, signal: AbortSignal) => Promise<T>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async get(id: string, signal: AbortSignal): Promise<T> {
    const known = this.#known.get(id);
    if (known !== undefined && this.now() - known.askedAt < MOST_AGE) return known.object;
    const object = this.ask(id, signal);
    this.#known.set(id, { object, askedAt: this.now() });
    try {
      return await object;
    } catch (error) {
      this.#known.delete(id);
      throw error;
    }
  }
}
