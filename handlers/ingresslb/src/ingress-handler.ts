import { CONTROLLER_NAME, HANDLE_CLASSLESS, HOST_OWNERSHIP, INGRESS_CLASS } from '@kuryr-l7/config';
import { INGRESSES, keyOf, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
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
import { type Complaint, complaints, loadBalancerStatus, sameStatus, withoutRouter } from './ingress-status.js';

type Ingress = ObjectOf<typeof INGRESSES>;

const SERVICE_INDEX = 'ingresslb/services';

/** What was last said of an Ingress, so that nothing is said twice. */
interface Report {
  readonly outcome: IngressOutcome;
  readonly complaints: readonly Complaint[];
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
  readonly #reported = new Map<ObjectKey, Report>();
  /** Services that were notified for an Ingress, to be notified again when it leaves them. */
  readonly #notified = new Map<ObjectKey, readonly ObjectKey[]>();
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
  }

  async onPresent(ingress: Ingress, signal: AbortSignal): Promise<void> {
    const key = keyOf(ingress);
    const applied = this.#applied;
    const outcome = applied?.compilations.get(this.name)?.outcomes.get(key);
    if (applied === undefined || outcome === undefined) return;
    await this.#report(ingress, outcome, applied, signal);
    await this.#notify(key, outcome.handled ? servicesOf(ingress) : [], signal);
  }

  async onDeleted(key: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#reported.delete(key);
    await this.#notify(key, [], signal);
  }

  /** A new state is on the router: every Ingress of which something else is true now is looked at. */
  #onApplied(report: AppliedReport): void {
    const sameRouter = this.#applied?.description === report.description;
    const refusals = [...(this.#applied?.refusals ?? []), ...report.refusals];
    this.#applied = report;
    for (const [key, outcome] of report.compilations.get(this.name)?.outcomes ?? []) {
      const isNews = !sameRouter || this.#reported.get(key)?.outcome !== outcome;
      if (isNews || refusals.some((refusal) => concerns(refusal, key, outcome))) this.#context?.enqueue(key);
    }
  }

  /** Status and Events; both only when they say something new. */
  async #report(ingress: Ingress, outcome: IngressOutcome, applied: AppliedReport, signal: AbortSignal): Promise<void> {
    const key = keyOf(ingress);
    const current = ingress.status?.loadBalancer?.ingress ?? [];
    const said = complaints(
      outcome,
      applied.refusals.filter((refusal) => concerns(refusal, key, outcome)),
    );
    const wanted = outcome.handled
      ? loadBalancerStatus(applied.description, said)
      : withoutRouter(current, applied.description);
    const changed = !sameStatus(current, wanted);
    if (changed) {
      const ingresses = wanted.length === 0 ? null : wanted;
      await this.kubernetes.patchStatus(INGRESSES, key, { loadBalancer: { ingress: ingresses } }, signal);
    }
    const before = this.#reported.get(key)?.complaints ?? (changed ? [] : said);
    this.#reported.set(key, { outcome, complaints: said });
    const news = said.filter(({ message }) => !before.some((old) => old.message === message));
    for (const { reason, message } of news) {
      this.kubernetes.event(INGRESSES, ingress, { type: 'Warning', reason, action: 'Routing', note: message });
    }
    if (outcome.handled && said.length === 0 && (changed || before.length > 0)) {
      const note = `All rules are on L7 router ${applied.description.name}`;
      this.kubernetes.event(INGRESSES, ingress, { type: 'Normal', reason: 'Routed', action: 'Routing', note });
    }
  }

  /** Tells the Services which Ingresses lead to them: those of this Ingress now, and those that it has left. */
  async #notify(key: ObjectKey, services: readonly ObjectKey[], signal: AbortSignal): Promise<void> {
    const left = (this.#notified.get(key) ?? []).filter((service) => !services.includes(service));
    for (const service of [...left, ...services]) await this.#notifyService(service, signal);
    if (services.length === 0) this.#notified.delete(key);
    else this.#notified.set(key, services);
  }

  async #notifyService(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#context?.watch(SERVICES).store.get(key);
    const ingresses = this.#context?.watch(INGRESSES).store.byIndex(SERVICE_INDEX, key) ?? [];
    if (service === undefined) return;
    const outcomes = this.#applied?.compilations.get(this.name)?.outcomes;
    const wanted = new Set(this.desired.wantedPools(key)?.map(({ name }) => name));
    const routes = ingresses
      .filter((ingress) => outcomes?.get(keyOf(ingress))?.pools.some((pool) => wanted.has(pool)))
      .map((ingress) => ingress.metadata.uid ?? keyOf(ingress));
    const value = routes.length === 0 ? null : routeNotification(routes);
    await this.kubernetes.annotate(SERVICES, service, { [ROUTE_NOTIFICATION_ANNOTATION]: value }, signal);
  }
}

/** A refused policy concerns the Ingress that asked for it, a refused pool every Ingress that leads to it. */
function concerns({ source, pool }: Refusal, key: ObjectKey, outcome: IngressOutcome): boolean {
  if (pool !== undefined) return outcome.pools.includes(pool);
  return source.kind === 'Ingress' && `${source.namespace}/${source.name}` === key;
}
