import type { HealthMonitor } from '@kuryr-l7/router';
import type { Clock } from '../clock.js';
import { createProbe, type Probe } from './probe.js';

/** What is checked: a member that is up until enough probes in a row have failed. */
export interface Checked {
  readonly address: string;
  readonly port: number;
  up: boolean;
}

/** Runs a pool's health monitor: each member is probed every `delay` seconds, at first at once. */
export class HealthChecks {
  readonly #monitor: HealthMonitor;
  readonly #clock: Clock;
  readonly #probe: Probe;
  readonly #running = new Map<Checked, AbortController>();

  constructor(monitor: HealthMonitor, clock: Clock, probe: Probe = createProbe(monitor)) {
    this.#monitor = monitor;
    this.#clock = clock;
    this.#probe = probe;
  }

  setMembers(members: readonly Checked[]): void {
    const wanted = new Set(members);
    for (const [member, controller] of this.#running) {
      if (wanted.has(member)) continue;
      controller.abort();
      this.#running.delete(member);
    }
    for (const member of wanted) {
      if (this.#running.has(member)) continue;
      const controller = new AbortController();
      this.#running.set(member, controller);
      this.#check(member, 0, controller.signal);
    }
  }

  stop(): void {
    this.setMembers([]);
  }

  /** `streak` counts answers in a row that speak against what the member is taken for. */
  #check(member: Checked, streak: number, signal: AbortSignal): void {
    void this.#ask(member, signal).then((well) => {
      if (signal.aborted) return;
      let opposed = well === member.up ? 0 : streak + 1;
      if (opposed >= (member.up ? this.#monitor.maxRetriesDown : this.#monitor.maxRetries)) {
        member.up = well;
        opposed = 0;
      }
      const callOff = this.#clock.after(this.#monitor.delay * 1000, () => {
        signal.removeEventListener('abort', callOff);
        this.#check(member, opposed, signal);
      });
      signal.addEventListener('abort', callOff, { once: true });
    });
  }

  /** One probe, cut off after the monitor's timeout. */
  async #ask(member: Checked, signal: AbortSignal): Promise<boolean> {
    const probe = new AbortController();
    const cutOff = (): void => probe.abort();
    const callOff = this.#clock.after(this.#monitor.timeout * 1000, cutOff);
    signal.addEventListener('abort', cutOff, { once: true });
    try {
      return await this.#probe(member, probe.signal);
    } catch {
      return false;
    } finally {
      callOff();
      signal.removeEventListener('abort', cutOff);
    }
  }
}
