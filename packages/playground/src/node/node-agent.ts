import { isDeepStrictEqual } from 'node:util';
import type { ClusterContext } from '../cluster/cluster-context.js';
import { isTerminating, PODS, type Pod } from '../cluster/kinds/pod.js';
import { keyOf, referenceTo } from '../cluster/kinds/resource.js';
import { SERVICES, targetPortOf } from '../cluster/kinds/service.js';
import type { ObjectCache } from '../cluster/object-cache.js';
import type { PodPorts } from '../cluster/pod-ports.js';
import type { Reconciler } from '../cluster/reconciler.js';
import type { ServiceMembership } from '../cluster/service-membership.js';
import { timestamp } from '../cluster/timestamp.js';
import type { EchoDestination } from './echo-destination.js';
import { EchoServer } from './echo-server.js';
import { LogBuffer } from './log-buffer.js';
import type { LoopbackAddresses } from './loopback-addresses.js';
import { NODE_NAME } from './playground-node.js';
import { PodSandbox } from './pod-sandbox.js';
import { runningStatus } from './pod-status.js';

/** So long a Pod that is being deleted goes on answering: routers hear of its end from its EndpointSlices first. */
const DRAIN_MILLISECONDS = 400;
const RETRY_MILLISECONDS = 1_000;
const HIGHEST_PORT = 65_535;

interface RunningPod {
  readonly uid: string;
  readonly sandbox: PodSandbox;
  readonly log: LogBuffer;
  /** Ports that are being opened or are open. */
  readonly ports: Set<number>;
  opening: number;
  drainsUntil: number | undefined;
}

/**
 * A kubelet that runs no container: each Pod of the node gets a real HTTP server on the TCP ports that its containers declare and on the
 * target ports of the Services that select it. A port stays open as long as its Pod, so that no request on its way meets a closed one.
 */
export class NodeAgent implements PodPorts {
  readonly #cluster: ClusterContext;
  readonly #membership: ServiceMembership;
  readonly #addresses: LoopbackAddresses;
  readonly #onProblem: (message: string) => void;
  readonly #pods: ObjectCache<Pod>;
  readonly #queue: Reconciler;
  readonly #echo = new EchoServer();
  readonly #running = new Map<string, RunningPod>();
  readonly #listeners: ((key: string) => void)[] = [];
  readonly #closing = new Set<Promise<void>>();

  constructor(
    cluster: ClusterContext,
    membership: ServiceMembership,
    addresses: LoopbackAddresses,
    onProblem: (message: string) => void,
  ) {
    this.#cluster = cluster;
    this.#membership = membership;
    this.#addresses = addresses;
    this.#onProblem = onProblem;
    this.#pods = cluster.cache(PODS);
    this.#queue = cluster.reconciler('kubelet', (key) => this.#reconcile(key));
    this.#pods.subscribe(({ key }) => this.#queue.add(key));
    cluster.cache(SERVICES).subscribe(({ object }) => {
      if (object !== undefined) for (const pod of membership.podsOf(object)) this.#queue.add(keyOf(pod));
    });
  }

  portOf(pod: Pod, port: number): number | undefined {
    if (pod.spec.nodeName !== NODE_NAME) return port;
    const running = this.#running.get(keyOf(pod));
    return running?.uid === pod.metadata.uid ? running?.sandbox.portOf(port) : undefined;
  }

  onChange(listener: (key: string) => void): void {
    this.#listeners.push(listener);
  }

  /** What a Pod has logged; undefined when it does not run here. */
  logOf(namespace: string, name: string): LogBuffer | undefined {
    return this.#running.get(`${namespace}/${name}`)?.log;
  }

  /** Ends every Pod's server; requests under way are cut off. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const [key, { sandbox }] of running) {
      this.#stop(key);
      sandbox.destroy();
    }
    await Promise.all(this.#closing);
  }

  #reconcile(key: string): void {
    const pod = this.#pods.get(key);
    const known = this.#running.get(key);
    if (known !== undefined && known.uid !== pod?.metadata.uid) this.#stop(key);
    if (pod === undefined || pod.spec.nodeName !== NODE_NAME) return;
    if (isTerminating(pod)) this.#drain(pod);
    else this.#run(pod);
  }

  #run(pod: Pod): void {
    const key = keyOf(pod);
    const running = this.#running.get(key) ?? this.#start(pod);
    for (const port of this.#wantedPorts(pod)) {
      if (running.ports.has(port)) continue;
      running.ports.add(port);
      running.opening += 1;
      void this.#open(key, running, port);
    }
    if (running.opening > 0) return;
    const status = runningStatus(pod, running.sandbox.address, this.#addresses.nodeAddress, timestamp());
    if (isDeepStrictEqual({ ...pod.status, ...status }, pod.status)) return;
    const options = { subresource: 'status', fieldManager: 'kubelet' } as const;
    this.#cluster.client.patch(referenceTo(PODS, pod), 'merge', { status }, options);
  }

  #start(pod: Pod): RunningPod {
    const running: RunningPod = {
      uid: pod.metadata.uid ?? '',
      sandbox: new PodSandbox(this.#addresses.take(), this.#addresses.unique, this.#echo),
      log: new LogBuffer(),
      ports: new Set(),
      opening: 0,
      drainsUntil: undefined,
    };
    this.#running.set(keyOf(pod), running);
    return running;
  }

  async #open(key: string, running: RunningPod, port: number): Promise<void> {
    try {
      await running.sandbox.open(port, this.#destination(key, running, port));
      for (const listener of this.#listeners) listener(key);
      this.#queue.add(key);
    } catch (error) {
      running.ports.delete(port);
      this.#onProblem(
        `Pod ${key}: port ${port} can't be opened: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.#queue.addAfter(key, RETRY_MILLISECONDS);
    } finally {
      running.opening -= 1;
    }
  }

  #wantedPorts(pod: Pod): ReadonlySet<number> {
    const declared = pod.spec.containers
      .flatMap((container) => container.ports ?? [])
      .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .map(({ containerPort }) => containerPort);
    const targets = this.#membership
      .servicesOf(pod)
      .flatMap((service) => service.spec.ports ?? [])
      .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .flatMap((port) => targetPortOf(port, pod) ?? []);
    return new Set([...declared, ...targets].filter((port) => port > 0 && port <= HIGHEST_PORT));
  }

  #destination(key: string, running: RunningPod, port: number): EchoDestination {
    const pod = this.#pods.get(key);
    const environment = new Map(
      (pod?.spec.containers ?? []).flatMap(({ env = [] }) => env).map(({ name, value = '' }) => [name, value]),
    );
    const [namespace = '', name = ''] = key.split('/');
    return {
      namespace,
      pod: name,
      ingress: environment.get('INGRESS_NAME') ?? '',
      service: () => this.#serviceAt(key, port, environment.get('SERVICE_NAME') ?? ''),
      leaving: () => running.drainsUntil !== undefined,
      log: (line) => running.log.append(line),
    };
  }

  /** The one Service that leads to the port; of several, the one that the Pod names itself (SERVICE_NAME), else the first by name. */
  #serviceAt(key: string, port: number, ownName: string): string {
    const pod = this.#pods.get(key);
    if (pod === undefined) return ownName;
    const services = this.#membership.servicesOf(pod);
    const leading = services.filter(({ spec }) => spec.ports?.some((one) => targetPortOf(one, pod) === port));
    const candidates = (leading.length > 0 ? leading : services).map((service) => service.metadata.name);
    return candidates.includes(ownName) ? ownName : (candidates[0] ?? ownName);
  }

  #drain(pod: Pod): void {
    const key = keyOf(pod);
    const running = this.#running.get(key);
    const grace = Math.min(DRAIN_MILLISECONDS, (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000);
    const now = Date.now();
    if (running !== undefined) running.drainsUntil ??= now + grace;
    const left = (running?.drainsUntil ?? now) - now;
    if (left > 0) {
      this.#queue.addAfter(key, left);
      return;
    }
    const preconditions = pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid };
    this.#cluster.client.delete(referenceTo(PODS, pod), { gracePeriodSeconds: 0, preconditions });
  }

  #stop(key: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    this.#running.delete(key);
    running.drainsUntil ??= Date.now();
    running.log.end();
    const closing = running.sandbox.close().then(() => {
      this.#addresses.giveBack(running.sandbox.address);
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }
}
