/**
 * Octavia's positions while a plan is carried out: which places of a listener are taken, and how many in front of one.
 * A Fenwick tree, so that 10,000 insertions do not count 10,000 places each.
 */
export class PositionCounter {
  readonly #sums: Int32Array;
  #taken = 0;

  /** @param places number of places, all free */
  constructor(places: number) {
    this.#sums = new Int32Array(places + 1);
  }

  take(place: number): void {
    this.#add(place, 1);
  }

  leave(place: number): void {
    this.#add(place, -1);
  }

  /** The position, from 1, that a policy put at this free place has. */
  positionOf(place: number): number {
    let before = 0;
    for (let node = place; node > 0; node -= node & -node) before += this.#sums[node] ?? 0;
    return before + 1;
  }

  /** The position behind everything. */
  get end(): number {
    return this.#taken + 1;
  }

  #add(place: number, difference: number): void {
    this.#taken += difference;
    for (let node = place + 1; node < this.#sums.length; node += node & -node) {
      this.#sums[node] = (this.#sums[node] ?? 0) + difference;
    }
  }
}
