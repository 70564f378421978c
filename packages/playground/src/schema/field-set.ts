import { isObject, type JsonObject } from './json.js';
import { fieldOf, type PathElement } from './path-element.js';

/** A set of paths, as managers own them. Immutable. */
export class FieldSet {
  static readonly EMPTY = new FieldSet(false, new Map());
  /** The set that holds only the path it stands at. */
  static readonly SELF = new FieldSet(true, new Map());

  /**
   * @param member whether the path that leads here is in the set
   * @param children the sets below it, none of them empty
   */
  private constructor(
    readonly member: boolean,
    readonly children: ReadonlyMap<PathElement, FieldSet>,
  ) {}

  static of(member: boolean, children: Iterable<readonly [PathElement, FieldSet]>): FieldSet {
    const kept = new Map([...children].filter(([, child]) => !child.isEmpty));
    return new FieldSet(member, kept);
  }

  /** From `fieldsV1`. What is no path there is left out. */
  static fromFieldsV1(fields: JsonObject): FieldSet {
    return FieldSet.of(false, childrenFromFieldsV1(fields));
  }

  get isEmpty(): boolean {
    return !this.member && this.children.size === 0;
  }

  child(element: PathElement): FieldSet {
    return this.children.get(element) ?? FieldSet.EMPTY;
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.combine(other, this.member || other.member, (mine, theirs) => mine.union(theirs));
  }

  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.combine(other, this.member && !other.member, (mine, theirs) => mine.difference(theirs));
  }

  intersection(other: FieldSet): FieldSet {
    return this.combine(other, this.member && other.member, (mine, theirs) => mine.intersection(theirs));
  }

  /**
   * What is left when `owned` is taken away, where owning something inside a field counts as owning the field: a field must
   * not vanish under those who own a part of it. An element of a list is only owned as such.
   */
  withoutOwned(owned: FieldSet): FieldSet {
    return FieldSet.of(
      this.member && !owned.member,
      [...this.children].map(([element, child]) => {
        const other = owned.child(element);
        const counts = fieldOf(element) !== undefined && !other.isEmpty;
        return [element, child.withoutOwned(counts ? other.union(FieldSet.SELF) : other)];
      }),
    );
  }

  equals(other: FieldSet): boolean {
    if (this.member !== other.member || this.children.size !== other.children.size) return false;
    return [...this.children].every(([element, child]) => child.equals(other.child(element)));
  }

  /** Every path in the set, sorted. */
  paths(prefix: readonly PathElement[] = []): readonly (readonly PathElement[])[] {
    const below = [...this.children].sort(byElement).flatMap(([element, child]) => child.paths([...prefix, element]));
    return this.member ? [prefix, ...below] : below;
  }

  toFieldsV1(): JsonObject {
    const entries = [...this.children]
      .sort(byElement)
      .map(([element, child]) => [element, child.toFieldsV1()] as const);
    const below = Object.fromEntries(entries);
    return this.member && this.children.size > 0 ? { '.': {}, ...below } : below;
  }

  private combine(
    other: FieldSet,
    member: boolean,
    combineChildren: (mine: FieldSet, theirs: FieldSet) => FieldSet,
  ): FieldSet {
    const elements = new Set([...this.children.keys(), ...other.children.keys()]);
    return FieldSet.of(
      member,
      [...elements].map((element) => [element, combineChildren(this.child(element), other.child(element))]),
    );
  }
}

function childrenFromFieldsV1(fields: JsonObject): (readonly [PathElement, FieldSet])[] {
  return Object.entries(fields)
    .filter(([element]) => /^[fkv]:/.test(element))
    .map(([element, value]) => {
      const below = isObject(value) ? childrenFromFieldsV1(value) : [];
      const member = below.length === 0 || (isObject(value) && '.' in value);
      return [element, FieldSet.of(member, below)] as const;
    });
}

function byElement([left]: readonly [PathElement, FieldSet], [right]: readonly [PathElement, FieldSet]): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
