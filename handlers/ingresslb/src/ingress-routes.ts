import { INGRESS_CLASSES, INGRESSES, SERVICES } from '@kuryr-l7/kube';
import type { HandlerContext, RouteSource } from '@kuryr-l7/plugin';
import { type Compilation, type CompilerOptions, IngressCompiler, type RouterCapabilities } from '@kuryr-l7/router';

/** The compiler, kept up to date from the stores; made anew for a router with other capabilities. */
export class IngressRoutes implements RouteSource {
  #compiler: IngressCompiler | undefined;
  #capabilities: RouterCapabilities | undefined;
  #context: HandlerContext | undefined;

  constructor(
    readonly name: string,
    private readonly options: CompilerOptions,
  ) {}

  follow(context: HandlerContext, changed: () => void): void {
    this.#context = context;
    context.watch(INGRESSES).subscribe(({ type, key, object }) => {
      if (type === 'present') this.#compiler?.setIngress(object);
      else this.#compiler?.deleteIngress(key);
      changed();
    });
    context.watch(INGRESS_CLASSES).subscribe(({ type, key, object }) => {
      if (type === 'present') this.#compiler?.setIngressClass(object);
      else this.#compiler?.deleteIngressClass(key);
      changed();
    });
    context.watch(SERVICES).subscribe(({ type, key, object }) => {
      if (type === 'present') this.#compiler?.setService(object);
      else this.#compiler?.deleteService(key);
      changed();
    });
  }

  compile(capabilities: RouterCapabilities): Compilation {
    if (this.#compiler === undefined || this.#capabilities !== capabilities) {
      this.#capabilities = capabilities;
      this.#compiler = this.#fill(new IngressCompiler(this.options, capabilities));
    }
    return this.#compiler.compile();
  }

  #fill(compiler: IngressCompiler): IngressCompiler {
    if (this.#context === undefined) return compiler;
    for (const ingressClass of this.#context.watch(INGRESS_CLASSES).store.values())
      compiler.setIngressClass(ingressClass);
    for (const service of this.#context.watch(SERVICES).store.values()) compiler.setService(service);
    for (const ingress of this.#context.watch(INGRESSES).store.values()) compiler.setIngress(ingress);
    return compiler;
  }
}
