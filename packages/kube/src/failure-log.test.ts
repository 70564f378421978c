import { beforeEach, describe, expect, it } from '@jest/globals';
import { FailureLog } from './failure-log.js';
import { FakeClock } from './fake-clock.js';
import { RecordingLogger } from './recording-logger.fixture.js';

const HOUR = 3_600_000;

let logger: RecordingLogger;
let clock: FakeClock;
let log: FailureLog;

beforeEach(() => {
  logger = new RecordingLogger();
  clock = new FakeClock();
  log = new FailureLog(logger, { level: 'warn', clock });
});

const told = () => logger.entries.map(({ level, message }) => `${level} ${message}`);

describe('the log of failures', () => {
  it('tells one once, though time goes on and requests have new ids, and another one too', () => {
    log.add('web', 'PENDING for 31 seconds (req-1a-2b); tried again in 1.0 s', {});
    log.add('web', 'PENDING for 2 minutes (req-3c-4d); tried again in 12.5 s', {});
    log.add('web', 'web-1 is refused', {});
    log.add('web', 'web-2 is refused', {});
    log.add('web', 'web-1 is refused', {});
    expect(told()).toEqual([
      'warn PENDING for 31 seconds (req-1a-2b); tried again in 1.0 s',
      'debug PENDING for 2 minutes (req-3c-4d); tried again in 12.5 s',
      'warn web-1 is refused',
      'warn web-2 is refused',
      'debug web-1 is refused',
    ]);
  });

  it('tells it of each object for itself', () => {
    log.add('web', 'no quota', {});
    log.add('shop', 'no quota', {});
    expect(logger.messages('warn')).toHaveLength(2);
  });

  it('tells it again when an hour has passed', async () => {
    log.add('web', 'no quota', {});
    await clock.advance(HOUR - 1);
    log.add('web', 'no quota', {});
    await clock.advance(1);
    log.add('web', 'no quota', {});
    log.add('web', 'no quota', {});
    expect(told()).toEqual(['warn no quota', 'debug no quota', 'warn no quota', 'debug no quota']);
  });

  it('tells it again when it comes back after all was well with the object', () => {
    expect(log.clear('web')).toBe(false);
    log.add('web', 'busy', {});
    log.add('shop', 'busy', {});
    expect(log.clear('web')).toBe(true);
    expect(log.clear('web')).toBe(false);
    log.add('web', 'busy', {});
    log.add('shop', 'busy', {});
    expect(told()).toEqual(['warn busy', 'warn busy', 'warn busy', 'debug busy']);
  });

  it('knows what fails, since when and why it did last, until that is well again', async () => {
    log.add('web', 'Service web: no quota; tried again in 1.0 s', {}, 'no quota');
    const since = clock.wallTime();
    await clock.advance(HOUR);
    log.add('web', 'Service web: busy; tried again in 2.0 s', {}, 'busy');
    log.add('shop', 'no quota', {});
    expect(log.failing).toEqual([
      { key: 'web', since, reason: 'busy' },
      { key: 'shop', since: since + HOUR, reason: 'no quota' },
    ]);
    log.clear('web');
    expect(log.failing.map(({ key }) => key)).toEqual(['shop']);
    log.add('web', 'busy', {});
    expect(log.failing[1]).toEqual({ key: 'web', since: since + HOUR, reason: 'busy' });
  });

  it('does not grow without bounds where the same object fails otherwise each time', () => {
    for (let count = 0; count <= 101; count += 1) log.add('web', `attempt ${count}`, {});
    log.add('web', 'attempt 0', {});
    expect(logger.messages('warn')).toHaveLength(103);
  });
});
