import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Controller, loadControllerConfiguration, startController } from '@kuryr-l7/controller';
import {
  ENDPOINT_SLICES,
  INGRESSES,
  type KubernetesObject,
  type ResourceKind,
  SERVICES,
  SILENT_LOGGER,
} from '@kuryr-l7/kube';
import { type EmbeddedCluster, startEmbeddedCluster } from '@kuryr-l7/playground';
import type { Manifest } from './manifests.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';

const NAMESPACE = 'default';
const KINDS = { Ingress: INGRESSES, Service: SERVICES, EndpointSlice: ENDPOINT_SLICES } as const;

/** Turns of the event loop without anything to do after which nothing comes any more of what was seen. */
const CALM_TURNS = 20;

/** So many failures of the writer are no passing trouble any more. */
const MOST_FAILURES = 5;

/** What the controller has to have seen. */
interface Written {
  readonly kind: Manifest['kind'];
  readonly name: string;
  /** Undefined for an object that is gone. */
  readonly resourceVersion: string | undefined;
}

/** The playground's Kubernetes API, and a controller that has an Octavia as its router. */
export class MeasuredCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-bench-'));
  readonly #cluster: EmbeddedCluster;
  readonly #octavia: OctaviaUnderTest;
  readonly #signal: AbortSignal;
  readonly #written = new Map<string, Written>();
  #controller: Controller | undefined;

  static async start(octavia: OctaviaUnderTest, signal: AbortSignal): Promise<MeasuredCluster> {
    return new MeasuredCluster(await startEmbeddedCluster({ sharedAddress: true }), octavia, signal);
  }

  private constructor(cluster: EmbeddedCluster, octavia: OctaviaUnderTest, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#octavia = octavia;
    this.#signal = signal;
  }

  /** @param settings options of kuryr.conf as environment variables of oslo.config */
  async startController(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const { environment, driver } = this.#octavia;
    const kubeconfig = join(this.#folder, 'kubeconfig');
    writeFileSync(kubeconfig, this.#cluster.api.kubeconfig(), { mode: 0o600 });
    const { configuration, plugins } = await loadControllerConfiguration({
      defaultSearch: false,
      environment: {
        OS_KUBERNETES__KUBECONFIG: kubeconfig,
        OS_HEALTH_SERVER__PORT: '-1',
        // Nothing but what is measured shall cause a request.
        OS_INGRESS__RESYNC_PERIOD: '86400',
        OS_KUBERNETES__WATCH_RECONCILE_PERIOD: '0',
        ...environment,
        ...settings,
      },
    });
    this.#controller = await startController({
      configuration,
      plugins: driver === undefined ? plugins : { ...plugins, driver },
      logger: () => SILENT_LOGGER,
    });
    await this.settled();
  }

  async stopController(): Promise<void> {
    const controller = this.#controller;
    this.#controller = undefined;
    await controller?.stop();
  }

  /** The controller has compared what is wanted with the router once more. */
  async compared(): Promise<void> {
    let isCompared = false;
    const end = this.#octavia.requests.onRequest(({ method, path }) => {
      isCompared ||= method === 'GET' && path.includes('/l7policies?');
    });
    await this.#until(() => isCompared && this.#isApplied());
    end();
  }

  /** Number of changes to the router that a comparison in every detail finds. */
  async drift(): Promise<number> {
    const plan = await this.#controller?.session?.writer.plan(this.#signal);
    if (plan === undefined) throw new Error('no router is open');
    return plan.changes.length;
  }

  /** Creates or changes objects; returns at once. */
  apply(...objects: readonly Manifest[]): void {
    for (const object of objects) {
      const { name } = object.metadata;
      const options = { fieldManager: 'bench', force: true };
      const { metadata } = this.#cluster.api.client.patch(referenceOf(object.kind, name), 'apply', object, options);
      this.#wrote({ kind: object.kind, name, resourceVersion: metadata.resourceVersion });
    }
  }

  delete(kind: Manifest['kind'], name: string): void {
    this.#cluster.api.client.delete(referenceOf(kind, name));
    this.#wrote({ kind, name, resourceVersion: undefined });
  }

  /** All that was written is in the desired router. */
  async caughtUp(): Promise<void> {
    await this.#until(() => this.#isCaughtUp());
    this.#written.clear();
  }

  /** All that was written is on the router. */
  async settled(): Promise<void> {
    await this.#until(() => this.#isCaughtUp() && this.#isApplied());
    this.#written.clear();
    const { problem, refusals = [] } = this.#controller?.session?.writer.state ?? {};
    const [refusal] = refusals;
    if (problem !== undefined) throw new Error(problem);
    if (refusal !== undefined) throw new Error(refusal.message);
  }

  async stop(): Promise<void> {
    await this.stopController();
    await this.#cluster.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #wrote(written: Written): void {
    this.#written.set(`${written.kind}/${written.name}`, written);
  }

  #isCaughtUp(): boolean {
    const session = this.#controller?.session;
    if (session === undefined || !session.desired.started) return false;
    const isIdle = session.pipelines.every(({ queue }) => queue.depth + queue.inFlight === 0);
    return isIdle && [...this.#written.values()].every((written) => this.#isSeen(written));
  }

  #isApplied(): boolean {
    const session = this.#controller?.session;
    return session !== undefined && session.writer.state.appliedRevision === session.desired.revision;
  }

  #isSeen({ kind, name, resourceVersion }: Written): boolean {
    const resource: ResourceKind<KubernetesObject> = KINDS[kind];
    const seen = this.#controller?.session?.watcher.watch(resource).store.get(`${NAMESPACE}/${name}`);
    if (resourceVersion === undefined) return seen === undefined;
    return Number(seen?.metadata.resourceVersion ?? 0) >= Number(resourceVersion);
  }

  /** Lets other work go on until something holds and goes on to hold. */
  async #until(holds: () => boolean): Promise<void> {
    for (let calm = 0; calm < CALM_TURNS; ) {
      this.#signal.throwIfAborted();
      const { failures = 0, problem } = this.#controller?.session?.writer.state ?? {};
      if (failures > MOST_FAILURES) throw new Error(problem);
      calm = holds() ? calm + 1 : 0;
      await new Promise<void>((resolve) => (calm === 0 ? setTimeout(resolve, 2) : setImmediate(resolve)));
    }
  }
}

function referenceOf(kind: Manifest['kind'], name: string) {
  const { group, version, plural } = KINDS[kind];
  return { group, version, plural, namespace: NAMESPACE, name };
}
