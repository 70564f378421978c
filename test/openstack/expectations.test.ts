import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { resetPending } from './bed/database.js';
import { readFacts } from './bed/facts.js';
import { pauseWorker } from './bed/paused-worker.js';
import { defineExpectations } from './expectations/define-expectations.js';
import type { RequestStep } from './expectations/expectation.js';
import type { ExpectationCloud, RoutedAnswer } from './expectations/expectation-runner.js';

/** GET with a Host field of its own, which fetch does not allow. */
function get(address: string, { host, path, headers }: RequestStep['get']): Promise<RoutedAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: address, port: 80, path, headers: { ...headers, host }, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

describe('the real OpenStack, of which the simulator\u2019s tests expect the same', () => {
  const cloud: ExpectationCloud = {
    facts: readFacts(),
    pollMilliseconds: 250,
    patienceMilliseconds: 10_000,
    request: ({ vip }, wanted) => get(vip, wanted),
    wait: delay,
    pause: pauseWorker,
    unstick: resetPending,
  };
  defineExpectations(() => cloud, { describe, it, beforeAll, afterAll });
});
