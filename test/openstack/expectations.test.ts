import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { resetPending } from './bed/database.js';
import { readFacts } from './bed/facts.js';
import { defineExpectations } from './expectations/define-expectations.js';

describe('the real OpenStack, of which the simulator\u2019s tests expect the same', () => {
  const cloud = {
    facts: readFacts(),
    pollMilliseconds: 250,
    patienceMilliseconds: 10_000,
    wait: delay,
    unstick: resetPending,
  };
  defineExpectations(() => cloud, { describe, it, beforeAll, afterAll });
});
