import type { RouterCapabilities } from '../capabilities.js';
import type { Compilation, CompilerOptions, IngressOutcome } from '../compilation.js';
import { type Ingress, type IngressClass, type ObjectKey, type Service } from '../kubernetes.js';
import type { L7Policy } from '../model.js';
import { compareText } from '../policy-order.js';
import { isOurs } from './class/ingress-class.js';
import { HostTable } from './host-table.js';
import { identityOf } from './hosts/ingress-identity.js';
import { PoolTable } from './policies/pool-table.js';
import { factsOf, type ServiceFacts } from './policies/service-facts.js';
import { keep } from './same.js';
import { PolicySharing } from './share/policy-sharing.js';
import { type Translation, translateIngress } from './translate/translate-ingress.js';
import { keyOf, recordOf, textOf } from './untrusted.js';

interface IngressState {
  readonly ingress: Ingress;
  /** Absent while the Ingress is not ours. */
  readonly translation?: Translation;
}

const NOT_OURS: IngressOutcome = { handled: false, pools: [], problems: [] };

/**
 * Turns the Ingresses, IngressClasses and Services of a cluster into policies and pools for one router. In stages, each
 * a folder: `class` (is an Ingress ours?), `translate` (what does it ask for?), `hosts` (who gets what of a host that
 * several ask for?), `policies` (of one host, and the pools they lead to), `order` (of all hosts), `share` (one policy for
 * several hosts or paths, for routers that gain from it).
 *
 * Keeps what it was told. A change costs as much work as the hosts of the changed object are worth, plus passing over
 * references to the rest. Policies, pools and outcomes that are as they were are the same objects as last time, and so is
 * the whole compilation where nothing changed. The result depends on the objects alone, not on the order they came in.
 * Objects without a name are ignored; any other fault in an object is a problem in the outcome of an Ingress.
 */
export class IngressCompiler {
  readonly #ingresses = new Map<ObjectKey, IngressState>();
  readonly #controllers = new Map<string, string | undefined>();
  readonly #services = new Map<ObjectKey, ServiceFacts>();
  readonly #hosts: HostTable;
  readonly #pools = new PoolTable();
  /** Ingresses whose outcome may differ. */
  readonly #touched = new Set<ObjectKey>();
  readonly #sharing: PolicySharing | undefined;
  #unshared: readonly L7Policy[] = [];
  #compilation: Compilation;

  constructor(
    private readonly options: CompilerOptions,
    private readonly capabilities: RouterCapabilities,
  ) {
    this.#hosts = new HostTable(options.hostOwnership, capabilities, this.#services, this.#pools);
    if (capabilities.sharedPolicies) this.#sharing = new PolicySharing(capabilities.maxRuleValueLength);
    this.#compilation = { policies: this.#hosts.policies, pools: this.#pools.list(), outcomes: new Map() };
  }

  /** Adds or replaces. */
  setIngress(ingress: Ingress): void {
    const key = keyOf(ingress);
    if (key === undefined) return;
    const ours = isOurs(ingress, this.#controllers, this.options);
    this.#setState(key, {
      ingress,
      ...(ours && { translation: translateIngress(ingress, identityOf(key, ingress), this.capabilities) }),
    });
  }

  deleteIngress(key: ObjectKey): void {
    this.#setState(key, undefined);
  }

  /** Adds or replaces. */
  setIngressClass(ingressClass: IngressClass): void {
    const name = keyOf(ingressClass);
    if (name === undefined) return;
    const controller = textOf(recordOf(ingressClass.spec)?.controller);
    if (this.#controllers.has(name) && this.#controllers.get(name) === controller) return;
    this.#controllers.set(name, controller);
    this.#reclassify();
  }

  deleteIngressClass(name: string): void {
    if (this.#controllers.delete(name)) this.#reclassify();
  }

  /** Adds or replaces. */
  setService(service: Service): void {
    const key = keyOf(service);
    if (key === undefined) return;
    const previous = this.#services.get(key);
    const facts = keep(previous, factsOf(service));
    if (facts === previous) return;
    this.#services.set(key, facts);
    this.#hosts.serviceChanged(key);
  }

  deleteService(key: ObjectKey): void {
    if (this.#services.delete(key)) this.#hosts.serviceChanged(key);
  }

  /** What all that comes to now. Cheap where nothing changed. */
  compile(): Compilation {
    for (const key of this.#hosts.update()) this.#touched.add(key);
    const last = this.#compilation;
    const policies = this.#policies();
    const pools = this.#pools.list();
    const outcomes = this.#report(last.outcomes);
    if (policies !== last.policies || pools !== last.pools || outcomes !== last.outcomes) {
      this.#compilation = { policies, pools, outcomes };
    }
    return this.#compilation;
  }

  #policies(): readonly L7Policy[] {
    const { policies } = this.#hosts;
    if (this.#sharing === undefined) return policies;
    if (policies === this.#unshared) return this.#compilation.policies;
    this.#unshared = policies;
    return this.#sharing.share(policies);
  }

  #setState(key: ObjectKey, state: IngressState | undefined): void {
    const before = this.#ingresses.get(key);
    if (state === undefined) this.#ingresses.delete(key);
    else this.#ingresses.set(key, state);
    this.#hosts.replaceClaims(key, before?.translation, state?.translation);
    this.#touched.add(key);
  }

  #reclassify(): void {
    for (const { ingress, translation } of [...this.#ingresses.values()]) {
      const ours = isOurs(ingress, this.#controllers, this.options);
      if (ours !== (translation !== undefined)) this.setIngress(ingress);
    }
  }

  #report(last: Compilation['outcomes']): Compilation['outcomes'] {
    let outcomes: Map<ObjectKey, IngressOutcome> | undefined;
    for (const key of this.#touched) {
      const before = last.get(key);
      const after = this.#outcomeOf(key, before);
      if (after === before) continue;
      outcomes ??= new Map(last);
      if (after === undefined) outcomes.delete(key);
      else outcomes.set(key, after);
    }
    this.#touched.clear();
    return outcomes ?? last;
  }

  #outcomeOf(key: ObjectKey, before: IngressOutcome | undefined): IngressOutcome | undefined {
    const state = this.#ingresses.get(key);
    if (state === undefined) return undefined;
    if (state.translation === undefined) return NOT_OURS;
    const { claims, problems } = state.translation;
    const findings = claims.map(({ host }) => this.#hosts.findingOf(host, key));
    return keep(before, {
      handled: true,
      pools: [...new Set(findings.flatMap(({ pools }) => pools))].sort(compareText),
      problems: [...problems, ...findings.flatMap((finding) => finding.problems)],
    });
  }
}
