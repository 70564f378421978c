/** What tests of other packages need of this one. */
export { FakeClock } from './fake-clock.js';
