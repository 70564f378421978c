export type { Playground, PlaygroundOptions } from './playground.js';
