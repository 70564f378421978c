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
  /** How much work is under way that takes no time. */
  #held = 0;

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

  async atOnce(work: () => Promise<void>): Promise<void> {
    this.#held += 1;
    try {
      await work();
    } finally {
      this.#held -= 1;
    }
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
    while (this.#isSlept()) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#held === 0 && this.#isSlept()) await this.#next();
    }
    this.#running = false;
  }

  #isSlept(): boolean {
    return [...this.#timers].some(({ slept }) => slept);
  }

  async #next(): Promise<void> {
    const next = [...this.#timers].reduce((first, timer) => (timer.due < first.due ? timer : first));
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.due);
    await next.callback();
  }
}
