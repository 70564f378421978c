/** Objects by id in order of creation, which also knows them by the parent that they never change. */
export class Children<C extends { readonly id: string }> extends Map<string, C> {
  readonly #parentOf: (child: C) => string;
  readonly #byParent = new Map<string, Map<string, C>>();

  constructor(parentOf: (child: C) => string) {
    super();
    this.#parentOf = parentOf;
  }

  /** The children of one parent, in order of creation. */
  of(parentId: string): C[] {
    return [...(this.#byParent.get(parentId)?.values() ?? [])];
  }

  /** How many children one parent has. */
  count(parentId: string): number {
    return this.#byParent.get(parentId)?.size ?? 0;
  }

  override set(id: string, child: C): this {
    const parentId = this.#parentOf(child);
    const siblings = this.#byParent.get(parentId) ?? new Map<string, C>();
    this.#byParent.set(parentId, siblings.set(id, child));
    return super.set(id, child);
  }

  override delete(id: string): boolean {
    const child = this.get(id);
    if (child !== undefined) this.#byParent.get(this.#parentOf(child))?.delete(id);
    return super.delete(id);
  }

  override clear(): void {
    this.#byParent.clear();
    super.clear();
  }
}
