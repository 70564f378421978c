export { type Clock, SYSTEM_CLOCK } from './clock.js';
export type { DataPlane } from './data-plane/data-plane.js';
export type { Login, NetworkFacts, OpenStackFacts } from './facts.js';
export { type Failure, type FailureMoment, type Interference, PROJECT_BUSY } from './http/interference.js';
export type { RecordedRequest, Traffic, TrafficEntry } from './http/traffic.js';
export * from './octavia/objects.js';
export { constantTiming, MEASURED_TIMING, type TimedWrite, type WriteTiming } from './octavia/write-timing.js';
export type { OpenStackSimulatorOptions } from './simulator-options.js';
export { type OpenStackSimulator, startOpenStackSimulator } from './start-openstack-simulator.js';
