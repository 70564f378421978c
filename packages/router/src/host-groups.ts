/** Hosts that belong together, directly or by way of others (union-find). */
export class HostGroups {
  /** Each leads to one that comes before it by name, and at last to the first of its group. */
  readonly #earlier = new Map<string, string>();

  join(hosts: readonly string[]): void {
    for (const host of hosts.slice(1)) {
      const [one, other] = [this.groupOf(hosts[0] ?? host), this.groupOf(host)];
      if (one < other) this.#earlier.set(other, one);
      else if (other < one) this.#earlier.set(one, other);
    }
  }

  /** The first of its group by name; itself where it belongs to none. */
  groupOf(host: string): string {
    let first = host;
    for (let next = this.#earlier.get(first); next !== undefined; next = this.#earlier.get(first)) first = next;
    for (let passed = host; passed !== first; ) {
      const next = this.#earlier.get(passed) ?? first;
      this.#earlier.set(passed, first);
      passed = next;
    }
    return first;
  }
}
