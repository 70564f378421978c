import { ENDPOINTS, KeptAnnotation, keyOf, SERVICES, type WatchedKind } from '@kuryr-l7/kube';
import { formatPayload, LBAAS_STATE, LBAAS_STATE_ANNOTATION, type LBaaSState } from '@kuryr-l7/kuryr-objects';
import type { KubernetesWriter, ObjectKey, ObjectOf } from '@kuryr-l7/plugin';

type Service = ObjectOf<typeof SERVICES>;
type Endpoints = ObjectOf<typeof ENDPOINTS>;

/** Bytes of names and values of all annotations of an object (Kubernetes, `TotalAnnotationSizeLimitB`). */
const LONGEST_ANNOTATIONS = 262_144;

/**
 * The annotation `openstack.org/kuryr-lbaas-state`. Its readers look on the Endpoints, where Kuryr wrote it; a Service
 * without Endpoints, as one whose slices are made by hand, has it itself. It stands in one place, so that a change is one
 * write. Where the members don't fit into what Kubernetes allows, it has none. Where somebody else insists on another one,
 * ours is written less and less often.
 */
export class LbaasStateAnnotation {
  #endpoints: WatchedKind<Endpoints> | undefined;
  readonly #onEndpoints: KeptAnnotation<Endpoints>;
  readonly #onServices: KeptAnnotation<Service>;
  /** Services that were told that something does not fit. */
  readonly #told = new Set<ObjectKey>();

  /** @param putForward has a Service looked at again */
  constructor(
    private readonly kubernetes: KubernetesWriter,
    putForward: (key: ObjectKey) => void,
  ) {
    this.#onEndpoints = new KeptAnnotation(kubernetes, ENDPOINTS, LBAAS_STATE_ANNOTATION, putForward);
    this.#onServices = new KeptAnnotation(kubernetes, SERVICES, LBAAS_STATE_ANNOTATION, putForward);
  }

  /** @param endpoints those of all Services */
  start(endpoints: WatchedKind<Endpoints>): void {
    this.#endpoints = endpoints;
  }

  /** @param state null takes it off */
  async write(service: Service, state: LBaaSState | null, signal: AbortSignal): Promise<void> {
    const endpoints = this.#endpoints?.store.get(keyOf(service));
    const textOn = (object: Endpoints | Service) => (state === null ? null : this.#fitting(object, service, state));
    const isThere = endpoints !== undefined && (await this.#onEndpoints.keep(endpoints, textOn(endpoints), signal));
    await this.#onServices.keep(service, isThere ? null : textOn(service), signal);
  }

  /** For a Service that is gone. */
  forget(key: ObjectKey): void {
    this.#told.delete(key);
    this.#onEndpoints.forget(key);
    this.#onServices.forget(key);
  }

  /** Puts nothing forward any more. */
  stop(): void {
    this.#onEndpoints.stop();
    this.#onServices.stop();
  }

  /** The state as far as there is room for it on the object; null where there is none. */
  #fitting(object: Endpoints | Service, service: Service, state: LBaaSState): string | null {
    const room = roomOn(object);
    const key = keyOf(service);
    const whole = formatPayload(LBAAS_STATE, state);
    if (Buffer.byteLength(whole) <= room) {
      this.#told.delete(key);
      return whole;
    }
    const without = formatPayload(LBAAS_STATE, { ...state, members: [] });
    const isWritten = Buffer.byteLength(without) <= room;
    if (!this.#told.has(key)) this.#tell(service, state.members.length, isWritten);
    this.#told.add(key);
    return isWritten ? without : null;
  }

  #tell(service: Service, members: number, isWritten: boolean): void {
    const note =
      `The annotation ${LBAAS_STATE_ANNOTATION} ${isWritten ? `leaves out its ${members} members` : 'is not written'}: ` +
      `Kubernetes allows an object ${LONGEST_ANNOTATIONS} bytes of annotations. The load balancer has them all`;
    const event = { type: 'Warning', reason: 'LoadBalancerStateTooLong', action: 'Balancing', note } as const;
    this.kubernetes.event(SERVICES, service, event);
  }
}

/** Bytes that others' annotations leave. */
function roomOn({ metadata: { annotations = {} } }: Endpoints | Service): number {
  const others = Object.entries(annotations).filter(([name]) => name !== LBAAS_STATE_ANNOTATION);
  const used = others.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  return LONGEST_ANNOTATIONS - used - LBAAS_STATE_ANNOTATION.length;
}
