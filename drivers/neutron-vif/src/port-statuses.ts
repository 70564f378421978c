import type { Port } from '@kuryr-l7/openstack';
import { NotReadyError, type SharedCloud, VifGoneError } from '@kuryr-l7/plugin';

/** Milliseconds in which questions are gathered. */
const GATHERING = 20;

interface Question {
  readonly id: string;
  readonly resolve: (port: Port | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Asks for the status of several ports in one request: of as many as Pods are worked on at once. */
export class PortStatuses {
  #questions: Question[] = [];

  constructor(private readonly cloud: SharedCloud) {}

  /**
   * Returns when the port is ACTIVE.
   * @throws NotReadyError where it is not, VifGoneError where there is none
   */
  async requireActive(id: string, signal: AbortSignal): Promise<void> {
    const port = await this.#ask(id);
    signal.throwIfAborted();
    if (port === undefined) throw new VifGoneError(`port ${id} is gone: somebody has deleted it`);
    if (port.status !== 'ACTIVE') throw new NotReadyError(`port ${id} is ${port.status}`);
  }

  #ask(id: string): Promise<Port | undefined> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ id, resolve, reject });
      if (this.#questions.length === 1) setTimeout(() => void this.#answer(), GATHERING);
    });
  }

  async #answer(): Promise<void> {
    const questions = this.#questions.splice(0);
    try {
      const { neutron } = await this.cloud.open();
      const ports = await neutron.ports.list({ id: [...new Set(questions.map(({ id }) => id))] });
      for (const { id, resolve } of questions) resolve(ports.find((port) => port.id === id));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}
