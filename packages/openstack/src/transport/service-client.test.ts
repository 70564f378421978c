import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cloud } from '../cloud.js';
import { BusyError, ForbiddenError, UnauthorizedError } from '../errors/api-error.js';
import { ConnectionError, NoAnswerError } from '../errors/connection-error.js';
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.js';
import { settle } from '../fake-clock.fixture.js';
import { type FakeAnswer, FakeCloud, PASSWORD } from '../fake-cloud.fixture.js';
import { SYSTEM_CLOCK } from '../time/clock.js';

const FLOATING_IP = {
  id: 'f1',
  description: '',
  floating_network_id: 'external',
  floating_ip_address: '203.0.113.9',
  fixed_ip_address: null,
  port_id: null,
  router_id: null,
  status: 'DOWN',
  project_id: 'p1',
  tags: [],
};
const PROVIDERS: FakeAnswer = { body: { providers: [{ name: 'amphora' }] } };

describe('a request to a service', () => {
  let fake: FakeCloud;
  let cloud: Cloud;

  beforeEach(async () => {
    fake = await FakeCloud.start();
    cloud = await fake.open();
  });

  afterEach(() => fake.stop());

  /** Answers with these in turn, the last for ever. */
  function answers(...all: readonly FakeAnswer[]): void {
    let next = 0;
    fake.respond = () => all[Math.min(next++, all.length - 1)];
  }

  function failure(call: Promise<unknown>): Promise<unknown> {
    return call.then(
      () => 'it succeeded',
      (error: unknown) => error,
    );
  }

  const create = () =>
    cloud.octavia.pools.create({ loadbalancer_id: 'l', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });

  it('goes below the address in the catalog, whose version does not matter, with the token and an id for logs', async () => {
    answers(PROVIDERS);
    expect(await cloud.octavia.providers()).toEqual([{ name: 'amphora', description: '' }]);
    expect(fake.seen).toMatchObject([
      {
        method: 'GET',
        path: '/octavia/v2/lbaas/providers',
        headers: { 'x-auth-token': 'token-1', accept: 'application/json' },
      },
    ]);
    expect(fake.seen[0]?.headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
  });

  it('reuses connections', async () => {
    answers(PROVIDERS);
    for (let call = 0; call < 20; call += 1) await cloud.octavia.providers();
    expect(fake.connections).toBe(1);
  });

  describe('that reads', () => {
    it.each([500, 502, 503, 504, 408, 429])('is tried again after %d, later each time', async (status) => {
      answers({ status }, { status }, { status }, PROVIDERS);
      expect(await cloud.octavia.providers()).toHaveLength(1);
      expect(fake.clock.delays).toEqual([500, 1000, 2000]);
    });

    it('is tried three times again, not more', async () => {
      answers({ status: 503, body: { faultstring: 'down' } });
      const error = await failure(cloud.octavia.providers());
      expect(error).toMatchObject({ code: 'ERR_OPENSTACK_UNAVAILABLE', retryable: true, requestId: 'req-1' });
      expect(error).toHaveProperty('message', 'Octavia GET /v2/lbaas/providers: 503 down (req-1)');
      expect(fake.seen).toHaveLength(4);
    });

    it('waits as long as Retry-After says', async () => {
      answers({ status: 429, headers: { 'retry-after': '7' } }, PROVIDERS);
      await cloud.octavia.providers();
      expect(fake.clock.delays).toEqual([7000]);
    });

    it('tells a caller who would have to wait for long', async () => {
      answers({ status: 429, headers: { 'retry-after': '600' } }, PROVIDERS);
      const error = await failure(cloud.octavia.providers());
      expect(error).toBeInstanceOf(BusyError);
      expect(error).toHaveProperty('retryAfter', 600_000);
    });

    it('is tried again when the connection broke off', async () => {
      let requests = 0;
      fake.respond = (_, response) => {
        requests += 1;
        if (requests > 1) return PROVIDERS;
        response.destroy();
        return undefined;
      };
      expect(await cloud.octavia.providers()).toHaveLength(1);
    });

    it.each([400, 403, 404, 409, 501])('is not tried again after %d', async (status) => {
      answers({ status }, PROVIDERS);
      expect(await failure(cloud.octavia.providers())).toHaveProperty('status', status);
      expect(fake.seen).toHaveLength(1);
    });
  });

  describe('that changes', () => {
    it.each([500, 502, 503, 504])('is sent once, and %d leaves its outcome unknown', async (status) => {
      answers({ status, body: { faultstring: 'oops' } });
      const error = await failure(create());
      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect(error).toMatchObject({ code: 'ERR_OPENSTACK_UNKNOWN_OUTCOME', retryable: false, cause: { status } });
      expect(error).toHaveProperty(
        'message',
        `Octavia POST /v2/lbaas/pools: ${status} oops (req-1): it may have been done all the same`,
      );
      expect(fake.seen).toHaveLength(1);
    });

    it('and gets no answer in time has an unknown outcome, with the id to find it by in the logs', async () => {
      const impatient = await fake.open({ requestTimeout: 500 }, { clock: SYSTEM_CLOCK });
      fake.respond = () => undefined;
      const error = await failure(impatient.octavia.l7Rules.delete('p', 'r'));
      expect(error).toMatchObject({
        code: 'ERR_OPENSTACK_UNKNOWN_OUTCOME',
        cause: { code: 'ERR_OPENSTACK_NO_ANSWER' },
      });
      expect(String(error)).toContain(String(fake.seen[0]?.headers['x-openstack-request-id']));
      expect(fake.seen).toHaveLength(1);
    });

    it('and is cut off has an unknown outcome', async () => {
      fake.respond = (_, response) => void response.destroy();
      const error = await failure(create());
      expect(error).toMatchObject({ code: 'ERR_OPENSTACK_UNKNOWN_OUTCOME', cause: expect.any(NoAnswerError) });
    });

    it('and is answered with something else than promised has an unknown outcome', async () => {
      answers({ status: 201, body: { pool: {} } });
      const error = await failure(create());
      expect(error).toMatchObject({ code: 'ERR_OPENSTACK_UNKNOWN_OUTCOME', cause: { code: 'ERR_OPENSTACK_ANSWER' } });
      expect(String(error)).toContain('Octavia POST /v2/lbaas/pools (req-1).pool.id: a string was expected');
    });

    it('to nobody has not been done', async () => {
      const elsewhere = await FakeCloud.start();
      const endpointOverrides = { 'load-balancer': elsewhere.url };
      cloud = await fake.open({ endpointOverrides });
      await elsewhere.stop();
      const error = await failure(create());
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ code: 'ERR_OPENSTACK_CONNECTION', retryable: true });
      expect(String(error)).toMatch(`${elsewhere.url} can't be reached (connect ECONNREFUSED`);
    });

    it('and finds the project busy has not been done', async () => {
      answers({
        status: 503,
        body: { faultstring: 'Project busy. Unable to lock the project. Please try again.' },
      });
      expect(await failure(create())).toMatchObject({ code: 'ERR_OPENSTACK_BUSY', retryable: true });
      expect(fake.seen).toHaveLength(1);
    });
  });

  describe('whose token is refused', () => {
    beforeEach(() => {
      fake.respond = ({ headers }) => (headers['x-auth-token'] === 'token-1' ? { status: 401 } : PROVIDERS);
    });

    it('is sent once more with a new one', async () => {
      await cloud.octavia.providers();
      expect(fake.seen.map(({ headers }) => headers['x-auth-token'])).toEqual(['token-1', 'token-2']);
    });

    it('shares the new one with all that run at once', async () => {
      await Promise.all(Array.from({ length: 8 }, () => cloud.octavia.providers()));
      expect(fake.logins).toHaveLength(2);
    });

    it('although it is new tells what to look at', async () => {
      answers({ status: 401, body: { error: { message: 'Authentication required' } } });
      const error = await failure(cloud.neutron.extensions());
      expect(error).toBeInstanceOf(UnauthorizedError);
      expect(String(error)).toContain(
        'Neutron GET /v2.0/extensions: 401 Authentication required (req-1): Neutron refuses',
      );
      expect(fake.seen).toHaveLength(2);
    });
  });

  describe('that is forbidden', () => {
    beforeEach(() => {
      answers({ status: 403, body: { faultstring: 'Policy does not allow this request to be performed.' } });
    });

    it('tells which role is missing', async () => {
      fake.login = () => fake.token({ roles: ['reader'] });
      const error = await failure(cloud.octavia.loadBalancers.list());
      expect(error).toBeInstanceOf(ForbiddenError);
      expect(String(error)).toContain(
        'the user of [neutron] lacks the role load-balancer_member in its project, where it has reader: have an administrator add it',
      );
    });

    it('asks for another token the next time, which has the role when it was given meanwhile', async () => {
      fake.login = () => fake.token({ roles: fake.logins.length === 1 ? ['reader'] : ['load-balancer_member'] });
      await failure(cloud.octavia.loadBalancers.list());
      answers(PROVIDERS);
      await cloud.octavia.providers();
      await cloud.octavia.providers();
      expect(fake.logins).toHaveLength(2);
    });

    it('tells that it is of another project when no role is missing', async () => {
      const error = await failure(cloud.octavia.loadBalancers.get('x'));
      expect(String(error)).toContain('it is of another project than that of [neutron], or for administrators only');
    });
  });

  describe('while Keystone is away', () => {
    beforeEach(() => {
      fake.login = (_, response) => void response.destroy();
    });

    it('is tried four times in all', async () => {
      const error = await failure(cloud.octavia.providers());
      expect(error).toMatchObject({ code: 'ERR_OPENSTACK_NO_ANSWER', retryable: true });
      expect(String(error)).toContain(`Keystone POST /identity/v3/auth/tokens: no complete answer from ${fake.url}`);
      expect(fake.logins).toHaveLength(4);
    });

    it('has not been sent, and its outcome is known', async () => {
      expect(await failure(create())).toMatchObject({ code: 'ERR_OPENSTACK_NO_ANSWER', retryable: true });
      expect(fake.seen).toHaveLength(0);
    });
  });

  it('waits while as many run as may', async () => {
    cloud = await fake.open({}, { maxRequests: 2 });
    const held: (() => void)[] = [];
    fake.respond = () => new Promise((resolve) => held.push(() => resolve(PROVIDERS)));
    const calls = Promise.all(Array.from({ length: 10 }, () => cloud.octavia.providers()));
    for (let served = 0; served < 10; served += 2) {
      while (held.length < 2) await settle();
      await settle();
      expect(held).toHaveLength(2);
      for (const release of held.splice(0)) release();
    }
    expect(await calls).toHaveLength(10);
  });

  it('rejects with the reason of its abort, while it runs, waits for its turn or for another try', async () => {
    const patient = await fake.open(
      {},
      { maxRequests: 1, clock: { ...SYSTEM_CLOCK, schedule: () => () => undefined } },
    );
    const running = new AbortController();
    const waiting = new AbortController();
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    fake.respond = () => void arrived();
    const first = failure(patient.octavia.providers({ signal: running.signal }));
    await arrival;
    const second = failure(patient.octavia.providers({ signal: waiting.signal }));
    waiting.abort(new Error('not needed'));
    expect(await second).toHaveProperty('message', 'not needed');
    running.abort(new Error('enough'));
    expect(await first).toHaveProperty('message', 'enough');
    const retrying = new AbortController();
    fake.respond = () => {
      setImmediate(() => retrying.abort(new Error('no more')));
      return { status: 503 };
    };
    expect(await failure(patient.octavia.providers({ signal: retrying.signal }))).toHaveProperty('message', 'no more');
  });

  it('leaves nothing behind on a signal that many share', async () => {
    answers(PROVIDERS);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 20 }, () => cloud.octavia.providers({ signal })));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('is not sent when the signal that it is opened with was aborted', async () => {
    const closed = await fake.open({}, { signal: AbortSignal.abort(new Error('shutting down')) });
    await expect(closed.octavia.providers()).rejects.toThrow('shutting down');
    expect(fake.logins).toHaveLength(0);
  });

  it('ends when the cloud is closed', async () => {
    fake.respond = () => {
      cloud.close();
      return undefined;
    };
    expect(String(await failure(cloud.octavia.providers()))).toContain('the cloud of [neutron] was closed');
    expect(String(await failure(cloud.octavia.providers()))).toContain('the cloud of [neutron] was closed');
  });

  it('is logged where it has changed something, with the id of what it made', async () => {
    const answered = { headers: { 'x-openstack-request-id': 'req-1' } };
    answers(PROVIDERS, { ...answered, status: 201, body: { floatingip: FLOATING_IP } }, { ...answered, status: 204 });
    await cloud.octavia.providers();
    const { id } = await cloud.neutron.floatingIps.create({ floating_network_id: 'external' });
    await cloud.neutron.floatingIps.delete(id);
    answers({ ...answered, body: { tags: ['a=b', 'c=d'] } });
    await cloud.neutron.setTags('floatingips', id, ['a=b', 'c=d']);
    answers({ status: 404 });
    await failure(cloud.neutron.floatingIps.delete(id));
    expect(fake.logger.entries.filter(({ level }) => level === 'info')).toEqual([
      { level: 'info', message: 'Neutron POST /v2.0/floatingips: 201', fields: { id, request: 'req-1' } },
      { level: 'info', message: `Neutron DELETE /v2.0/floatingips/${id}: 204`, fields: { request: 'req-1' } },
      { level: 'info', message: `Neutron PUT /v2.0/floatingips/${id}/tags: 200`, fields: { request: 'req-1' } },
    ]);
  });

  it('is told while it has no answer, and that there is one after all', async () => {
    const impatient = await fake.open({}, { patience: 1 });
    const told = () => fake.logger.entries.map(({ level, message }) => `${level} ${message}`);
    const late = /^warn Octavia GET .*: no answer from http:.* what needs Octavia waits$/;
    fake.respond = async () => {
      while (!told().some((line) => late.test(line))) await settle();
      return PROVIDERS;
    };
    await impatient.octavia.providers();
    expect(told()).toContain('info Octavia answers again');
  });

  it('never tells a secret, however it fails', async () => {
    const impatient = await fake.open({ requestTimeout: 500 }, { clock: SYSTEM_CLOCK, logger: fake.logger });
    const failures: unknown[] = [];
    fake.respond = () => undefined;
    failures.push(await failure(impatient.octavia.l7Rules.delete('p', 'r')));
    fake.respond = (_, response) => void response.destroy();
    failures.push(await failure(create()));
    answers({ status: 500 });
    failures.push(await failure(create()));
    fake.login = (_, response) => void response.destroy();
    answers({ status: 401 });
    failures.push(await failure(create()));
    const told = failures.map((error) => inspect(error, { depth: 20, showHidden: true })).join('\n');
    expect(failures.map((error) => inspect(error).split(':')[0])).not.toContain('it succeeded');
    expect(told + JSON.stringify(fake.logger.entries)).not.toMatch(new RegExp(`token-\\d|${PASSWORD}`));
  });
});
