import type { Pod } from './kinds/pod.js';

/** Where the ports of Pods are: the node knows, the endpoint controllers ask. */
export interface PodPorts {
  /**
   * The port at the Pod's address that stands for one of its TCP ports: the same number, or another one where that could not be bound.
   * Undefined as long as nothing listens there.
   */
  portOf(pod: Pod, port: number): number | undefined;
  /** Calls back whenever the answer may have changed for a Pod (`namespace/name`). */
  onChange(listener: (key: string) => void): void;
}
