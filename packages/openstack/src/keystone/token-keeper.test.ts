import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../fake-clock.fixture.js';
import { RecordingLogger } from '../recording-logger.fixture.js';
import type { Token } from './token.js';
import { TokenKeeper } from './token-keeper.js';

const never = new AbortController().signal;

describe('a token', () => {
  let clock: FakeClock;
  let logger: RecordingLogger;
  let keeper: TokenKeeper;
  let given: Token[];
  let keystone: () => Promise<void>;

  beforeEach(() => {
    clock = new FakeClock();
    logger = new RecordingLogger();
    given = [];
    keystone = () => Promise.resolve();
    keeper = new TokenKeeper(
      async () => {
        await keystone();
        const token: Token = {
          value: `token-${given.length + 1}`,
          identity: { userId: 'u', userName: 'u', projectId: 'p', projectName: 'p', roles: [] },
          catalog: [],
          renewAt: clock.now() + 800,
          expiresAt: clock.now() + 1000,
        };
        given.push(token);
        return token;
      },
      clock,
      logger,
    );
  });

  const current = async () => (await keeper.current(never)).value;

  it('is asked for once by all who need it at once', async () => {
    expect(await Promise.all([current(), current(), current()])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(given).toHaveLength(1);
  });

  it('is kept until shortly before it expires', async () => {
    await current();
    await clock.advance(799);
    expect(await current()).toBe('token-1');
    await clock.advance(1);
    expect(await Promise.all([current(), current()])).toEqual(['token-2', 'token-2']);
  });

  it('that a service refuses is replaced once, however many say so and however late', async () => {
    const first = await keeper.current(never);
    const renewed = await Promise.all([keeper.renew(first, never), keeper.renew(first, never)]);
    expect(renewed.map(({ value }) => value)).toEqual(['token-2', 'token-2']);
    expect((await keeper.renew(first, never)).value).toBe('token-2');
    expect(given).toHaveLength(2);
  });

  it('is used to its end while Keystone can not be reached', async () => {
    await current();
    keystone = () => Promise.reject(new Error('Keystone is away'));
    await clock.advance(999);
    expect(await current()).toBe('token-1');
    expect(logger.entries).toMatchObject([{ level: 'warn', message: expect.stringContaining('Keystone is away') }]);
    await clock.advance(1);
    await expect(current()).rejects.toThrow('Keystone is away');
    keystone = () => Promise.resolve();
    expect(await current()).toBe('token-2');
  });

  it('is still asked for when one who waited for it gives up', async () => {
    let answer = (): void => undefined;
    keystone = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const abort = new AbortController();
    const impatient = keeper.current(abort.signal);
    const patient = current();
    abort.abort(new Error('no time'));
    await expect(impatient).rejects.toThrow('no time');
    answer();
    expect(await patient).toBe('token-1');
  });
});
