import { FULL_CAPABILITIES, type RouterCapabilities } from '../capabilities.js';
import type { CompilerOptions } from '../compilation.js';
import type { Ingress, Service } from '../kubernetes.js';
import { OPTIONS, service } from './cluster.fixture.js';
import { IngressCompiler } from './ingress-compiler.js';

/** What comes of some Ingresses, in words that are easily compared: problems as `reason field`. */
export function compileIngresses(
  ingresses: readonly Ingress[],
  capabilities: RouterCapabilities = FULL_CAPABILITIES,
  services: readonly Service[] = [service('shop/web'), service('blog/web')],
  options: CompilerOptions = OPTIONS,
) {
  const compiler = new IngressCompiler(options, capabilities);
  for (const object of services) compiler.setService(object);
  for (const object of ingresses) compiler.setIngress(object);
  const { policies, pools, outcomes } = compiler.compile();
  const problems = (key: string) =>
    (outcomes.get(key)?.problems ?? []).map(({ reason, field }) => `${reason} ${field}`);
  const messages = (key: string) => (outcomes.get(key)?.problems ?? []).map(({ message }) => message);
  return { policies, pools, outcomes, problems, messages, keys: policies.map(({ key }) => key) };
}
