import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, settle } from '../fake-clock.fixture.js';
import { RecordingLogger } from '../recording-logger.fixture.js';
import type { HttpAnswer, HttpRequest } from './http-message.js';
import { SilentServices } from './silent-services.js';

const PATIENCE = 15_000;
const ANSWER: HttpAnswer = { status: 200, headers: {}, body: new Uint8Array() };

let clock: FakeClock;
let logger: RecordingLogger;
let services: SilentServices;

beforeEach(() => {
  clock = new FakeClock();
  logger = new RecordingLogger();
  services = new SilentServices(logger, clock, PATIENCE);
});

/** Sends a request, and answers how to answer it. */
function send(service: string): { readonly answer: () => Promise<void>; readonly fail: () => Promise<void> } {
  const request: HttpRequest = {
    service,
    label: `${service} GET /things`,
    method: 'GET',
    url: new URL('https://cloud.example/things'),
    headers: {},
  };
  let resolve: (answer: HttpAnswer) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const held = new Promise<HttpAnswer>((onAnswer, onError) => {
    resolve = onAnswer;
    reject = onError;
  });
  services.watch(request, () => held).catch(() => undefined);
  return {
    answer() {
      resolve(ANSWER);
      return settle();
    },
    fail() {
      reject(new Error('timeout'));
      return settle();
    },
  };
}

const told = () => logger.entries.map(({ level, message }) => `${level} ${message}`);
const late = (service: string) =>
  `warn ${service} GET /things: no answer from https://cloud.example for 15 s; what needs ${service} waits`;

describe('a service that leaves requests unanswered', () => {
  it('is told once, however many wait and time out, and when it answers again', async () => {
    const requests = [send('Octavia'), send('Octavia')];
    await clock.advance(PATIENCE - 1);
    expect(told()).toEqual([]);
    await clock.advance(1);
    await requests[0]?.fail();
    requests.push(send('Octavia'));
    await clock.advance(PATIENCE);
    for (const { fail } of requests) await fail();
    expect(told()).toEqual([late('Octavia')]);
    await send('Octavia').answer();
    await send('Octavia').answer();
    expect(told().slice(1)).toEqual(['info Octavia answers again']);
    send('Octavia');
    await clock.advance(PATIENCE);
    expect(told().slice(2)).toEqual([late('Octavia')]);
  });

  it('does not answer again while one waits, though it answers others', async () => {
    const stuck = send('Octavia');
    await clock.advance(PATIENCE);
    await send('Octavia').answer();
    const other = send('Octavia');
    await clock.advance(PATIENCE);
    await stuck.answer();
    await send('Octavia').answer();
    expect(told()).toEqual([late('Octavia')]);
    await other.fail();
    expect(told()).toEqual([late('Octavia')]);
    await send('Octavia').answer();
    expect(told().slice(1)).toEqual(['info Octavia answers again']);
  });

  it('is told though others answer', async () => {
    const octavia = send('Octavia');
    const neutron = send('Neutron');
    await clock.advance(PATIENCE);
    expect(told()).toEqual([late('Octavia'), late('Neutron')]);
    await neutron.answer();
    expect(told().slice(2)).toEqual(['info Neutron answers again']);
    await octavia.answer();
    expect(told().slice(3)).toEqual(['info Octavia answers again']);
  });

  it('is not told where it answers in time', async () => {
    await send('Octavia').answer();
    await clock.advance(PATIENCE);
    expect(told()).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
