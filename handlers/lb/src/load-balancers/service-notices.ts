import {
  type Clock,
  type Failure,
  FailureLog,
  KubernetesApiError,
  type KubernetesWriter,
  type Logger,
  SERVICES,
  SYSTEM_CLOCK,
} from '@kuryr-l7/kube';
import { hasCode, noteOf, type ObjectKey, type ObjectOf } from '@kuryr-l7/plugin';
import type { Problem } from '@kuryr-l7/service-load-balancer';

type Service = ObjectOf<typeof SERVICES>;

/** Milliseconds until the next try from which also a conflict or a wait is worth telling: it does not pass by itself. */
const WORTH_TELLING = 60_000;

/** What a problem is about: what a Service asks for, or what it has. Each is told for itself. */
type Topic = 'asked' | 'there';

/** What is said on Services of their load balancers, by Events. */
export class ServiceNotices {
  /** Problems that each Service was told last. */
  readonly #told = new Map<string, string>();
  readonly #failures: FailureLog;

  constructor(
    private readonly kubernetes: KubernetesWriter,
    private readonly logger: Logger,
    clock: Clock = SYSTEM_CLOCK,
  ) {
    this.#failures = new FailureLog(logger, { level: 'warn', clock });
  }

  /** Once, until something else is wrong: many Services have no load balancer for a good reason. */
  problems(key: ObjectKey, service: Service, topic: Topic, problems: readonly Problem[]): void {
    const slot = `${topic} ${key}`;
    if (problems.length === 0) {
      this.#told.delete(slot);
      return;
    }
    // One that is made anew under its name is another one.
    const text = JSON.stringify([service.metadata.uid, problems]);
    if (this.#told.get(slot) === text) return;
    this.#told.set(slot, text);
    for (const { reason, field, message } of problems) {
      const type = reason === 'ServedByAnotherController' ? 'Normal' : 'Warning';
      this.kubernetes.event(SERVICES, service, { type, reason, action: 'Balancing', note: `${field}: ${message}` });
    }
  }

  forget(key: ObjectKey): void {
    for (const topic of ['asked', 'there']) this.#told.delete(`${topic} ${key}`);
  }

  inEffect(service: Service, address: string, writes: number): void {
    const note = `The load balancer is in effect at ${address} (${writes} ${writes === 1 ? 'write' : 'writes'})`;
    this.kubernetes.event(SERVICES, service, { type: 'Normal', reason: 'KuryrEnsuredLB', action: 'Balancing', note });
  }

  /** Clients, and names in DNS, have to follow. */
  addressChanged(service: Service, before: string, after: string): void {
    const note = `The address of the load balancer was ${before} and is ${after} now`;
    this.kubernetes.event(SERVICES, service, { type: 'Warning', reason: 'AddressChanged', action: 'Balancing', note });
  }

  released(service: Service): void {
    const note = 'The load balancer and what belongs to it are deleted';
    this.kubernetes.event(SERVICES, service, { type: 'Normal', reason: 'KuryrReleaseLB', action: 'Balancing', note });
  }

  /** Those that have {@link failed}, and have not {@link succeeded} since. */
  get failing(): readonly Failure[] {
    return this.#failures.failing;
  }

  /** It did not fail this time. */
  succeeded(key: ObjectKey): void {
    if (this.#failures.clear(key)) this.logger.info(`load balancer of Service ${key}: all is well again`);
  }

  /**
   * @param service undefined where it is gone
   * @param retryIn milliseconds
   */
  failed(key: ObjectKey, service: Service | undefined, error: unknown, retryIn: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `load balancer of Service ${key}: ${reason}; tried again in ${(retryIn / 1_000).toFixed(1)} s`;
    if (isOrdinary(error) && retryIn < WORTH_TELLING) {
      this.logger.debug(text);
      return;
    }
    this.#failures.add(key, text, {}, reason);
    if (service === undefined) return;
    const event = { type: 'Warning', reason: 'KuryrEnsureLBError', action: 'Balancing', note: noteOf(error) } as const;
    this.kubernetes.event(SERVICES, service, event);
  }
}

/** Others write, too, and some things take their time. */
function isOrdinary(error: unknown): boolean {
  return hasCode(error, 'ERR_NOT_READY') || (error instanceof KubernetesApiError && error.isConflict);
}
