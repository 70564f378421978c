import { expect, it } from '@jest/globals';
import { OCTAVIA } from '../../../packages/router/src/octavia.fixture.js';
import { octaviaCapabilities } from './capabilities.js';

it('Octavia can do what compiler and planner are tested with', () => {
  expect(octaviaCapabilities('not-found')).toEqual(OCTAVIA);
});
