import type { ClusterMarks, Port } from '@kuryr-l7/openstack';

/** The ports of a cluster as Neutron has told of them last, and the Pods that have some, or may have. */
export class KnownPorts {
  /** By id. */
  readonly #ports = new Map<string, Port>();
  /** Uid of a Pod -> ids of its ports; none where the making of one has begun and has not been heard of. */
  readonly #ofPod = new Map<string, Set<string>>();

  constructor(private readonly marks: ClusterMarks) {}

  get(id: string): Port | undefined {
    return this.#ports.get(id);
  }

  of(podUid: string): readonly Port[] {
    return [...(this.#ofPod.get(podUid) ?? [])].flatMap((id) => this.#ports.get(id) ?? []);
  }

  /** Whether a Pod may have a port, known or not. */
  mayHave(podUid: string): boolean {
    return this.#ofPod.has(podUid);
  }

  /** A port of the Pod is being made. */
  expect(podUid: string): void {
    if (!this.#ofPod.has(podUid)) this.#ofPod.set(podUid, new Set());
  }

  /** Neutron has none of the Pod. */
  expectNone(podUid: string): void {
    this.#ofPod.delete(podUid);
  }

  remember(port: Port): void {
    // It may have been another Pod's.
    this.forget(port.id);
    this.#ports.set(port.id, port);
    const podUid = this.marks.podUidOf(port);
    if (podUid !== undefined) this.#ofPod.set(podUid, (this.#ofPod.get(podUid) ?? new Set()).add(port.id));
  }

  /** It is no more what it was; its Pod may still have it. */
  doubt(id: string): void {
    this.#ports.delete(id);
  }

  forget(id: string): void {
    const port = this.#ports.get(id);
    const podUid = port === undefined ? undefined : this.marks.podUidOf(port);
    this.#ports.delete(id);
    if (podUid === undefined) return;
    const ids = this.#ofPod.get(podUid);
    ids?.delete(id);
    if (ids?.size === 0) this.#ofPod.delete(podUid);
  }
}
