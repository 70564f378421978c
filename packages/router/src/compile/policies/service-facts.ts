import type { Service } from '../../kubernetes.js';
import { elementsOf, isPort, recordOf, textOf } from '../untrusted.js';

/** What routing needs to know of a Service: far less than changes in it, so that most changes change no route. */
export interface ServiceFacts {
  readonly externalName: boolean;
  /** `sessionAffinity: ClientIP`. */
  readonly sticksToClient: boolean;
  readonly ports: readonly ServicePortFacts[];
}

export interface ServicePortFacts {
  readonly number: number;
  readonly name?: string;
  /** Upper case; TCP where the Service does not say. */
  readonly protocol: string;
}

export function factsOf(service: Service): ServiceFacts {
  const spec = recordOf(service.spec) ?? {};
  const ports = elementsOf(spec.ports).flatMap((value): readonly ServicePortFacts[] => {
    const { port, name, protocol } = recordOf(value) ?? {};
    if (!isPort(port)) return [];
    const named = typeof name === 'string' && name !== '' ? { name } : {};
    return [{ number: port, ...named, protocol: textOf(protocol)?.toUpperCase() ?? 'TCP' }];
  });
  return { externalName: spec.type === 'ExternalName', sticksToClient: spec.sessionAffinity === 'ClientIP', ports };
}
