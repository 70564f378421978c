import { ENDPOINTS, keyOf, SERVICES, type WatchedKind } from '@kuryr-l7/kube';
import { LBAAS_STATE_ANNOTATION } from '@kuryr-l7/kuryr-objects';
import type { KubernetesWriter, ObjectOf } from '@kuryr-l7/plugin';

type Service = ObjectOf<typeof SERVICES>;
type Endpoints = ObjectOf<typeof ENDPOINTS>;

/**
 * The annotation `openstack.org/kuryr-lbaas-state`. Its readers look on the Endpoints, where Kuryr wrote it; a Service
 * without Endpoints, as one whose slices are made by hand, has it itself. It stands in one place, so that a change is one
 * write.
 */
export class LbaasStateAnnotation {
  #endpoints: WatchedKind<Endpoints> | undefined;

  constructor(private readonly kubernetes: KubernetesWriter) {}

  /** @param endpoints those of all Services */
  start(endpoints: WatchedKind<Endpoints>): void {
    this.#endpoints = endpoints;
  }

  /** @param state null takes it off */
  async write(service: Service, state: string | null, signal: AbortSignal): Promise<void> {
    const endpoints = this.#endpoints?.store.get(keyOf(service));
    const isThere = endpoints !== undefined && (await this.#annotate(ENDPOINTS, endpoints, state, signal));
    await this.#annotate(SERVICES, service, isThere ? null : state, signal);
  }

  /** False where the object is gone. */
  #annotate(
    kind: typeof ENDPOINTS | typeof SERVICES,
    object: Endpoints | Service,
    state: string | null,
    signal: AbortSignal,
  ): Promise<boolean> {
    return this.kubernetes.annotate(kind, object, { [LBAAS_STATE_ANNOTATION]: state }, signal);
  }
}
