import { backoffDelay } from './backoff.js';
import { type Clock, SYSTEM_CLOCK } from './clock.js';
import { type KubernetesObject, keyOf, type ObjectKey } from './kubernetes-object.js';

/** Milliseconds before the second mending of one value; doubles with each. The first is at once. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 300_000;
/** Milliseconds that a value has to last for its former replacements to be forgotten. */
const PEACE = 2 * LONGEST_DELAY;
/** The replacement, each soon after our write, that makes it a contest. */
const TOLD_AT = 3;

export interface Turn {
  /** We had written it, and somebody else replaced it. */
  readonly isReplaced: boolean;
  /** It may be written now. If not, the object is put forward again when its time has come. */
  readonly now: boolean;
  /** Once for each contest: somebody else insists on another value, and a person has to see to it. */
  readonly isContest: boolean;
}

interface Write {
  readonly value: string;
  /** The version that it was written over: an older one may still be in a cache. */
  readonly over: string | undefined;
  readonly at: number;
  readonly replacements: number;
  readonly isReplaced: boolean;
  readonly isTold: boolean;
}

/**
 * One value that this process keeps on each of several objects. What somebody else replaces once is mended at once; where
 * two insist on values of their own, as two controllers of one IngressClass do, each write would be answered by another
 * one without end. So it is written less and less often, and told once.
 */
export class ContestedWrites {
  readonly #writes = new Map<ObjectKey, Write>();
  readonly #waiting = new Map<ObjectKey, () => void>();

  /** @param putForward has the object looked at again, e.g. puts its key into a queue */
  constructor(
    private readonly putForward: (key: ObjectKey) => void,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {}

  /** To be asked when the object has not the value that it should have. */
  turn(object: KubernetesObject, value: string): Turn {
    const key = keyOf(object);
    const last = this.#writes.get(key);
    if (last === undefined || last.value !== value || last.over === object.metadata.resourceVersion) return AT_ONCE;
    const now = this.clock.now();
    const before = now - last.at < PEACE ? last.replacements : 0;
    const replacements = last.isReplaced ? last.replacements : before + 1;
    const delay =
      replacements < 2 ? 0 : backoffDelay(replacements - 1, { initial: FIRST_DELAY, max: LONGEST_DELAY, jitter: 0 });
    const wait = last.at + delay - now;
    const isContest = wait > 0 && replacements >= TOLD_AT && !last.isTold;
    this.#writes.set(key, { ...last, replacements, isReplaced: true, isTold: last.isTold || isContest });
    this.#waiting.get(key)?.();
    if (wait > 0)
      this.#waiting.set(
        key,
        this.clock.schedule(() => this.putForward(key), wait),
      );
    return { isReplaced: true, now: wait <= 0, isContest };
  }

  /** @param object as it was before */
  wrote(object: KubernetesObject, value: string): void {
    const key = keyOf(object);
    const last = this.#writes.get(key);
    const before = last?.value === value ? last : NEVER_REPLACED;
    const over = object.metadata.resourceVersion;
    this.#writes.set(key, { ...before, value, over, at: this.clock.now(), isReplaced: false });
  }

  forget(key: ObjectKey): void {
    this.#writes.delete(key);
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
  }

  /** Puts nothing forward any more. */
  stop(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }
}

const AT_ONCE: Turn = { isReplaced: false, now: true, isContest: false };
const NEVER_REPLACED = { replacements: 0, isTold: false };
