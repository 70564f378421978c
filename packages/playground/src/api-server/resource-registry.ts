import type { ResourceReference } from './api-client.js';
import { notServed } from './api-error.js';
import type { ResourceDefinition } from './resource-definition.js';

/** What is served at the moment: the built-in resources and those of the CustomResourceDefinitions. */
export class ResourceRegistry {
  readonly #builtIn: readonly ResourceDefinition[];
  readonly #custom = new Map<string, readonly ResourceDefinition[]>();
  #byPath: ReadonlyMap<string, ResourceDefinition>;
  #generation = 0;

  constructor(builtIn: readonly ResourceDefinition[]) {
    this.#builtIn = builtIn;
    this.#byPath = this.#index();
  }

  /** Counts the changes, so that documents made from the definitions can be kept until the next one. */
  get generation(): number {
    return this.#generation;
  }

  /** Built-in ones first. */
  get definitions(): readonly ResourceDefinition[] {
    return [...this.#byPath.values()];
  }

  find(reference: ResourceReference): ResourceDefinition | undefined {
    return this.#byPath.get(pathOf(reference));
  }

  /** Throws an ApiError (404) for what is not served. */
  get(reference: ResourceReference): ResourceDefinition {
    const definition = this.find(reference);
    if (definition === undefined) throw notServed();
    return definition;
  }

  /** Serves the versions of one CustomResourceDefinition, instead of those it had before; none: it is gone. */
  setCustom(name: string, definitions: readonly ResourceDefinition[]): void {
    if (definitions.length === 0) this.#custom.delete(name);
    else this.#custom.set(name, definitions);
    this.#byPath = this.#index();
    this.#generation += 1;
  }

  #index(): ReadonlyMap<string, ResourceDefinition> {
    const all = [...this.#builtIn, ...[...this.#custom.values()].flat()];
    return new Map(all.map((definition) => [pathOf(definition), definition]));
  }
}

function pathOf({ group, version, plural }: ResourceReference): string {
  return `${group}/${version}/${plural}`;
}
