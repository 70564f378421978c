import type { Clock as DriverClock } from '@kuryr-l7/kube';
import type { BenchClock } from './octavia-under-test.js';

interface Timer {
  readonly due: number;
  readonly callback: () => void | Promise<void>;
  /** Somebody does nothing but wait for it. */
  readonly slept: boolean;
}

/**
 * Time in which only waiting takes time. It stands still while the controller works, and jumps to the next timer while the
 * driver sleeps until a change is in effect, so that hours of locked load balancer pass in seconds and no measured time
 * depends on this machine.
 */
export class VirtualClock implements BenchClock, DriverClock {
  readonly #timers = new Set<Timer>();
  #now = Date.now();
  #running = false;

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#now;
  }

  /** What happens meanwhile: no time passes until it settles. */
  after(milliseconds: number, callback: () => void | Promise<void>): () => void {
    return this.#add({ due: this.#now + milliseconds, callback, slept: false });
  }

  /** A sleep of the driver. */
  schedule(callback: () => void, delay: number): () => void {
    const cancel = this.#add({ due: this.#now + delay, callback, slept: true });
    void this.#run();
    return cancel;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while ([...this.#timers].some(({ slept }) => slept)) {
      const next = [...this.#timers].reduce((first, timer) => (timer.due < first.due ? timer : first));
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      await next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}
