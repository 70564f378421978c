import { type Clock, SYSTEM_CLOCK } from './clock.js';
import { ContestedWrites } from './contested-writes.js';
import type { KubernetesObject, ObjectKey } from './kubernetes-object.js';
import type { KubernetesWriter } from './kubernetes-writer.js';
import type { ResourceKind } from './resource-kind.js';

/**
 * An annotation that is ours on objects of one kind. Somebody else may insist on another value, as a Kuryr does that still
 * runs beside us: ours is written less and less often then, as {@link ContestedWrites} says.
 */
export class KeptAnnotation<T extends KubernetesObject> {
  readonly #writes: ContestedWrites;

  /** @param putForward has the object looked at again, e.g. puts its key into a queue */
  constructor(
    private readonly kubernetes: Pick<KubernetesWriter, 'annotate'>,
    private readonly kind: ResourceKind<T>,
    private readonly name: string,
    putForward: (key: ObjectKey) => void,
    clock: Clock = SYSTEM_CLOCK,
  ) {
    this.#writes = new ContestedWrites(putForward, clock);
  }

  /**
   * Writes it where the object has it otherwise, and it is our turn.
   *
   * @param value null takes it off
   * @returns false when the object is gone
   */
  async keep(object: T, value: string | null, signal: AbortSignal): Promise<boolean> {
    const isSo = (object.metadata.annotations?.[this.name] ?? null) === value;
    const text = value ?? '';
    if (!isSo && !this.#writes.turn(object, text).now) return true;
    const isThere = await this.kubernetes.annotate(this.kind, object, { [this.name]: value }, signal);
    if (!isSo) this.#writes.wrote(object, text);
    return isThere;
  }

  /** For an object that is gone. */
  forget(key: ObjectKey): void {
    this.#writes.forget(key);
  }

  /** Puts nothing forward any more. */
  stop(): void {
    this.#writes.stop();
  }
}
