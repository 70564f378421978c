import { CONTROLLER_NAME, HANDLE_CLASSLESS, HOST_OWNERSHIP, INGRESS_CLASS } from '@kuryr-l7/config';
import { ContestedWrites, INGRESSES, keyOf, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
import {
  type AppliedReport,
  type Configuration,
  type DesiredRouter,
  type Handler,
  type HandlerContext,
  type KubernetesWriter,
  type ObjectKey,
  type Refusal,
  ROUTE_NOTIFICATION_ANNOTATION,
  routeNotification,
  TOKENS,
} from '@kuryr-l7/plugin';
import type { IngressOutcome } from '@kuryr-l7/router';
import { inject, injectable } from 'inversify';
import { IngressRoutes } from './ingress-routes.js';
import { servicesOf } from './ingress-services.js';
import {
  type Complaint,
  complaints,
  type LoadBalancerIngress,
  loadBalancerStatus,
  sameStatus,
  withoutRouter,
} from './ingress-status.js';

type Ingress = ObjectOf<typeof INGRESSES>;

const SERVICE_INDEX = 'ingresslb/services';

/** What is true of an Ingress: what became of it, and what the router refuses of it. */
interface Truth {
  readonly outcome: IngressOutcome;
  readonly refusals: readonly Refusal[];
}

/**
 * Ingress -> pools, L7 policies, L7 rules. Translates into the desired router and never talks to the router itself; when
 * the writer reports, tells the Ingress (status, Events) and notifies the Services by annotation.
 */
@injectable()
export class IngressHandler implements Handler<Ingress> {
  readonly name = 'ingresslb';
  readonly kind = INGRESSES;
  readonly #routes: IngressRoutes;
  /** What was last seen to be true of an Ingress, whether or not it could be written yet: failures have the queue's back-off. */
  readonly #seen = new Map<ObjectKey, Truth>();
  /** What was last complained about, so that nothing is said twice. */
  readonly #complained = new Map<ObjectKey, readonly Complaint[]>();
  /** Services that an Ingress leads to, to be notified when it leaves them. */
  readonly #leadsTo = new Map<ObjectKey, readonly ObjectKey[]>();
  /** Services that carry a notification of this process. */
  readonly #notified = new Set<ObjectKey>();
  readonly #notifications = new Map<ObjectKey, Notification>();
  readonly #statuses = new ContestedWrites((key) => this.#context?.enqueue(key));
  #context: HandlerContext | undefined;
  #applied: AppliedReport | undefined;

  constructor(
    @inject(TOKENS.configuration) configuration: Configuration,
    @inject(TOKENS.kubernetes) private readonly kubernetes: KubernetesWriter,
    @inject(TOKENS.desiredRouter) private readonly desired: DesiredRouter,
  ) {
    this.#routes = new IngressRoutes(this.name, {
      controllerName: configuration.get(CONTROLLER_NAME),
      ingressClass: configuration.get(INGRESS_CLASS),
      handleClassless: configuration.get(HANDLE_CLASSLESS),
      hostOwnership: configuration.get(HOST_OWNERSHIP),
    });
  }

  start(context: HandlerContext): void {
    this.#context = context;
    context.watch(INGRESSES).addIndex(SERVICE_INDEX, servicesOf);
    this.#routes.follow(context, () => this.desired.changed());
    this.desired.addRoutes(this.#routes);
    this.desired.onApplied((report) => this.#onApplied(report));
    // A Service that was made anew has to be notified although nothing about its Ingresses differs.
    context.watch(SERVICES).subscribe(({ type, key, object }) => {
      if (type === 'deleted') {
        this.#notifications.delete(key);
        this.#notified.delete(key);
        return;
      }
      if (object.metadata.annotations?.[ROUTE_NOTIFICATION_ANNOTATION] !== undefined) return;
      const [ingress] = context.watch(INGRESSES).store.byIndex(SERVICE_INDEX, key);
      if (ingress !== undefined) context.enqueue(keyOf(ingress));
    });
  }

  async onPresent(ingress: Ingress, signal: AbortSignal): Promise<void> {
    const key = keyOf(ingress);
    const applied = this.#applied;
    const truth = applied && this.#truthOf(key, applied);
    if (applied === undefined || truth === undefined) return;
    const wasHandled = this.#seen.get(key)?.outcome.handled === true;
    this.#seen.set(key, truth);
    if (truth.outcome.handled) await this.#report(ingress, truth, applied, signal);
    else if (wasHandled) await this.#withdraw(ingress, applied, signal);
    await this.#notify(key, truth.outcome.handled ? servicesOf(ingress) : [], signal);
  }

  async onDeleted(key: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#statuses.forget(key);
    this.#seen.delete(key);
    this.#complained.delete(key);
    await this.#notify(key, [], signal);
  }

  async stop(): Promise<void> {
    this.#statuses.stop();
  }

  /** A new state is on the router: every Ingress of which something else is true now is looked at. */
  #onApplied(report: AppliedReport): void {
    const sameRouter = this.#applied?.description === report.description;
    this.#applied = report;
    for (const key of report.compilations.get(this.name)?.outcomes.keys() ?? []) {
      const truth = this.#truthOf(key, report);
      if (truth !== undefined && !(sameRouter && sameTruth(this.#seen.get(key), truth))) this.#context?.enqueue(key);
    }
  }

  #truthOf(key: ObjectKey, report: AppliedReport): Truth | undefined {
    const outcome = report.compilations.get(this.name)?.outcomes.get(key);
    if (outcome === undefined) return undefined;
    return { outcome, refusals: report.refusals.filter((refusal) => concerns(refusal, key, outcome)) };
  }

  /** Status and Events; both only when they say something new. */
  async #report(ingress: Ingress, truth: Truth, { description }: AppliedReport, signal: AbortSignal): Promise<void> {
    const key = keyOf(ingress);
    const current = ingress.status?.loadBalancer?.ingress ?? [];
    const said = complaints(truth.outcome, truth.refusals);
    const wanted = loadBalancerStatus(description, said);
    const changed = !sameStatus(current, wanted) && (await this.#writeStatus(ingress, wanted, signal));
    const before = this.#complained.get(key) ?? (changed ? [] : said);
    this.#complained.set(key, said);
    for (const { reason, message } of said) {
      if (before.some((old) => old.message === message)) continue;
      this.kubernetes.event(INGRESSES, ingress, { type: 'Warning', reason, action: 'Routing', note: message });
    }
    if (said.length > 0 || !(changed || before.length > 0)) return;
    const note = `All rules are on L7 router ${description.name}`;
    this.kubernetes.event(INGRESSES, ingress, { type: 'Normal', reason: 'Routed', action: 'Routing', note });
    if ((ingress.spec?.tls ?? []).length > 0) {
      this.kubernetes.event(INGRESSES, ingress, { ...TLS_IGNORED, type: 'Warning', action: 'Routing' });
    }
  }

  /** Answers whether it says something new, and does not only mend what somebody else has replaced. */
  async #writeStatus(ingress: Ingress, wanted: readonly LoadBalancerIngress[], signal: AbortSignal): Promise<boolean> {
    const value = JSON.stringify(wanted);
    const { isReplaced, now, isContest } = this.#statuses.turn(ingress, value);
    if (isContest)
      this.kubernetes.event(INGRESSES, ingress, { ...STATUS_CONTESTED, type: 'Warning', action: 'Routing' });
    if (now) {
      await this.kubernetes.patchStatus(INGRESSES, ingress, { loadBalancer: { ingress: wanted } }, signal);
      this.#statuses.wrote(ingress, value);
    }
    return !isReplaced;
  }

  /** The Ingress is not ours any more: takes off the address that this process has seen to. Those of others stay. */
  async #withdraw(ingress: Ingress, { description }: AppliedReport, signal: AbortSignal): Promise<void> {
    this.#complained.delete(keyOf(ingress));
    this.#statuses.forget(keyOf(ingress));
    const current = ingress.status?.loadBalancer?.ingress ?? [];
    const left = withoutRouter(current, description);
    if (left.length === current.length) return;
    const status = { loadBalancer: { ingress: left.length === 0 ? null : left } };
    await this.kubernetes.patchStatus(INGRESSES, ingress, status, signal);
  }

  /** Tells the Services which Ingresses lead to them: those of this Ingress now, and those that it has left. */
  async #notify(key: ObjectKey, services: readonly ObjectKey[], signal: AbortSignal): Promise<void> {
    const left = (this.#leadsTo.get(key) ?? []).filter((service) => !services.includes(service));
    for (const service of [...left, ...services]) await this.#notifyService(service, signal);
    if (services.length === 0) this.#leadsTo.delete(key);
    else this.#leadsTo.set(key, services);
  }

  async #notifyService(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#context?.watch(SERVICES).store.get(key);
    if (service === undefined) return;
    const notification = this.#notificationOf(key);
    // What this process has not set may be another controller's.
    if (notification === null && !this.#notified.has(key)) return;
    if (notification === null) this.#notified.delete(key);
    else this.#notified.add(key);
    await this.kubernetes.annotate(SERVICES, service, { [ROUTE_NOTIFICATION_ANNOTATION]: notification }, signal);
  }

  /** Worked out once for each applied state, however many Ingresses lead to the Service. */
  #notificationOf(key: ObjectKey): string | null {
    const ingresses = this.#context?.watch(INGRESSES).store.byIndex(SERVICE_INDEX, key) ?? [];
    const known = this.#notifications.get(key);
    if (known !== undefined && known.applied === this.#applied && known.ingresses === ingresses.length)
      return known.text;
    const outcomes = this.#applied?.compilations.get(this.name)?.outcomes;
    const wanted = new Set(this.desired.wantedPools(key)?.map(({ name }) => name));
    const routes = ingresses
      .filter((ingress) => outcomes?.get(keyOf(ingress))?.pools.some((pool) => wanted.has(pool)))
      .map((ingress) => ingress.metadata.uid ?? keyOf(ingress));
    const text = routes.length === 0 ? null : routeNotification(routes);
    this.#notifications.set(key, { applied: this.#applied, ingresses: ingresses.length, text });
    return text;
  }
}

/** A notification and what it was worked out from. */
interface Notification {
  readonly applied: AppliedReport | undefined;
  readonly ingresses: number;
  readonly text: string | null;
}

const STATUS_CONTESTED = {
  reason: 'StatusContested',
  note: 'Somebody else replaces its status again and again, so ours is written less and less often: most likely another controller serves the same IngressClass. Stop one of them, or give each a class of its own ([ingress] controller_name and ingress_class); a playground that is the cluster of another controller is started with --no-controller',
};

const TLS_IGNORED = {
  reason: 'TlsNotSupported',
  note: 'The certificates of spec.tls are not used: this release reads none, and HTTPS, where the router serves it, has one certificate for all hosts',
};

function sameTruth(a: Truth | undefined, b: Truth): boolean {
  return (
    a?.outcome === b.outcome &&
    a.refusals.length === b.refusals.length &&
    a.refusals.every((refusal, index) => refusal === b.refusals[index])
  );
}

/** A refused policy concerns the Ingress that asked for it, a refused pool every Ingress that leads to it. */
function concerns({ source, pool }: Refusal, key: ObjectKey, outcome: IngressOutcome): boolean {
  if (pool !== undefined) return outcome.pools.includes(pool);
  return source.kind === 'Ingress' && `${source.namespace}/${source.name}` === key;
}
