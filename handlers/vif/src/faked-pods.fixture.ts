import type { EventNote, ObjectOf, PODS } from '@kuryr-l7/kube';
import { FakeClock } from '@kuryr-l7/kube/testing';
import {
  formatPayload,
  POD_STATE,
  type PodState,
  parsePayload,
  VIF_ANNOTATION,
  type Vif,
} from '@kuryr-l7/kuryr-objects';
import type { HandlerContext, KubernetesWriter, Logger, VifPoolDriver } from '@kuryr-l7/plugin';
import { VifGoneError } from '@kuryr-l7/plugin';
import { PodVifHandler } from './pod-vif-handler.js';

type Pod = ObjectOf<typeof PODS>;

const SIGNAL = new AbortController().signal;
const LOGGER: Logger = { debug() {}, info() {}, warn() {}, error() {} };
export const id = (number: number) => `99f580e6-d894-442a-bc5f-${String(number).padStart(12, '0')}`;

export const vif = (number: number, active = false): Vif => ({
  className: 'VIFOpenVSwitch',
  id: id(number),
  address: 'fa:16:3e:00:00:01',
  network: null,
  active,
  preserve_on_delete: false,
  has_traffic_filtering: true,
});
export const stateOf = (given: Vif): PodState => ({ default_vif: given, additional_vifs: {} });
export const textOf = (given: Vif): string => formatPayload(POD_STATE, stateOf(given));

/** A Pod that is scheduled and has not started; another uid is another Pod. */
export const pod = ({ name = 'web', uid = 'u1', annotation, ...more }: PodSettings = {}): Pod => ({
  metadata: {
    namespace: 'ns',
    name,
    uid,
    ...(annotation !== undefined && { annotations: { [VIF_ANNOTATION]: annotation } }),
    ...(more.deleted === true && { deletionTimestamp: '2026-11-21T14:00:00Z' }),
  },
  spec: { containers: [], nodeName: more.nodeName ?? 'node-1', hostNetwork: more.hostNetwork ?? false },
  status: { phase: more.phase ?? 'Pending' },
});

interface PodSettings {
  readonly name?: string;
  readonly uid?: string;
  readonly annotation?: string;
  readonly phase?: string;
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly deleted?: boolean;
}

/** The handler, and around it Pods, their annotations and Events, and a pool of VIFs that are only counted. */
export class FakedPods implements VifPoolDriver {
  readonly name = 'fake';
  readonly clock = new FakeClock();
  pods: Pod[] = [];
  /** What Neutron knows, by the uid of the Pod. */
  readonly owned = new Map<string, Vif>();
  readonly requested: (string | undefined)[] = [];
  readonly released: string[] = [];
  readonly annotated: (PodState | null)[] = [];
  readonly events: EventNote[] = [];
  readonly enqueued: string[] = [];
  readonly synced: (readonly string[])[] = [];
  readonly leftovers: (readonly string[])[] = [];
  trouble: Error | undefined;
  syncTrouble: Error | undefined;
  releaseTrouble: Error | undefined;
  activation: Error | undefined;
  isThere = true;
  readonly handler: PodVifHandler;

  constructor() {
    const kubernetes: Partial<KubernetesWriter> = {
      annotate: async (_kind, { metadata }, { [VIF_ANNOTATION]: text = null }) => {
        const isSaid = (metadata.annotations?.[VIF_ANNOTATION] ?? null) === text;
        if (this.isThere && !isSaid) this.annotated.push(text === null ? null : parsePayload(POD_STATE, text));
        return this.isThere;
      },
      event: (_kind, _object, note) => this.events.push(note),
    };
    const fake = { name: 'fake' };
    this.handler = new PodVifHandler(
      kubernetes as KubernetesWriter,
      { ...fake, getProject: async () => 'project' },
      { ...fake, getSubnets: async () => [] },
      { ...fake, getSecurityGroups: async () => [] },
      this,
      LOGGER,
      this.clock,
    );
    const watched = { store: { values: () => this.pods } };
    const context = { watch: () => watched, enqueue: (key: string) => this.enqueued.push(key) };
    this.handler.start(context as unknown as HandlerContext);
  }

  async requestVif({ metadata }: Pod): Promise<Vif> {
    if (this.trouble !== undefined) throw this.trouble;
    this.requested.push(metadata.uid);
    this.owned.set(metadata.uid ?? '', vif(this.requested.length));
    return vif(this.requested.length);
  }

  async vifOf(podUid: string): Promise<Vif | undefined> {
    return this.owned.get(podUid);
  }

  async releaseVif(podUid: string): Promise<void> {
    const owned = this.owned.get(podUid);
    if (owned === undefined) return;
    if (this.releaseTrouble !== undefined) throw this.releaseTrouble;
    this.owned.delete(podUid);
    this.released.push(owned.id);
  }

  async activateVif(inactive: Vif): Promise<Vif> {
    if (this.activation instanceof VifGoneError) this.owned.clear();
    if (this.activation !== undefined) throw this.activation;
    return { ...inactive, active: true };
  }

  async syncPools(podUids: () => ReadonlySet<string>): Promise<void> {
    if (this.syncTrouble !== undefined) throw this.syncTrouble;
    this.synced.push([...podUids()]);
  }

  async releaseLeftovers(podUids: () => ReadonlySet<string>): Promise<void> {
    this.leftovers.push([...podUids()]);
  }

  present(pod: Pod): Promise<void> {
    return this.handler.onPresent(pod, SIGNAL);
  }

  deleted(key: string): Promise<void> {
    return this.handler.onDeleted(key, SIGNAL);
  }
}
