import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_OPTIONS, loadConfiguration } from '@kuryr-l7/config';
import { createLogger, type RootLogger } from './create-logger.js';

/** Collects what is written to it. */
class Terminal extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.text += chunk.toString();
    callback();
  }
}

let directory: string;
let stderr: Terminal;
let signals: EventEmitter;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kuryr-log-'));
  stderr = new Terminal();
  signals = new EventEmitter();
});
afterEach(() => {
  // Moved still where a test failed half-way.
  for (const path of [directory, `${directory}-moved`]) rmSync(path, { recursive: true, force: true });
});

function create(options: Readonly<Record<string, string>>): RootLogger {
  const environment = Object.fromEntries(
    Object.entries(options).map(([name, text]) => [`OS_DEFAULT__${name}`.toUpperCase(), text]),
  );
  const { configuration } = loadConfiguration({ options: DEFAULT_OPTIONS, environment, defaultSearch: false });
  return createLogger(configuration, { stderr, signals });
}

/** Lets the logger say something, and gives what is on standard error then. */
async function said(options: Readonly<Record<string, string>>, say: (logger: RootLogger) => void): Promise<string> {
  const logger = create(options);
  say(logger);
  await logger.close();
  return stderr.text;
}

function readLog(name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

describe('a text line', () => {
  it('has time, process, level, logger, message and fields', async () => {
    const text = await said({}, (logger) => logger.child('kuryr.writer').warn('late', { changes: 3 }));
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \d+ WARNING kuryr\.writer \[-\] late changes=3\n$/);
  });

  it('has the time as log_date_format says', async () => {
    const text = await said({ log_date_format: 'day %d' }, (logger) => logger.info('x'));
    expect(text).toMatch(/^day \d\d\.\d{3} \d+ INFO kuryr \[-\] x\n$/);
  });
});

it('a JSON line has the names of oslo.log, and the fields in extra', async () => {
  const text = await said({ use_json: 'yes' }, (logger) =>
    logger
      .child('kuryr')
      .child('kube')
      .error('lost\n', { level: 'a', message: 'b', error: new TypeError('no') }),
  );
  expect(text).toMatch(/^[^\n]*\n$/);
  expect(JSON.parse(text)).toEqual({
    asctime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    process: process.pid,
    levelname: 'ERROR',
    name: 'kuryr.kube',
    message: 'lost\n',
    extra: { level: 'a', message: 'b', error: expect.objectContaining({ name: 'TypeError', message: 'no' }) },
  });
});

describe('levels', () => {
  const sayAll = (logger: RootLogger) => {
    logger.debug('d');
    logger.info('i');
    logger.child('kuryr.kube').debug('kd');
    logger.child('kuryr.kube').info('ki');
  };
  const messages = (text: string) => [...text.matchAll(/\[-\] (\w+)/g)].map(([, message]) => message);

  it.each([
    [{}, ['i', 'ki']],
    [{ debug: 'true' }, ['d', 'i', 'kd', 'ki']],
    [{ default_log_levels: 'kuryr.kube=DEBUG' }, ['i', 'kd', 'ki']],
    [{ debug: 'true', default_log_levels: 'kuryr.kube=ERROR' }, ['d', 'i']],
  ])('%j let through %j', async (options, expected) => {
    expect(messages(await said(options, sayAll))).toEqual(expected);
  });
});

it.each([['yes'], ['no']])('shows no secret, with use_json = %s', async (useJson) => {
  const text = await said({ use_json: useJson }, (logger) =>
    logger.info('got Bearer s3cret', { token: 's3cret', request: { headers: { Authorization: 's3cret' } } }),
  );
  expect(text).toContain('got Bearer ***');
  expect(text).not.toContain('s3cret');
});

describe('log lines go', () => {
  it('to standard error without a log file', async () => {
    expect(await said({}, (logger) => logger.info('x'))).toContain('x\n');
  });

  it('to the log file alone', async () => {
    expect(await said({ log_file: join(directory, 'a.log') }, (logger) => logger.info('x'))).toBe('');
    expect(readLog('a.log')).toContain('x\n');
  });

  it('to both with use_stderr', async () => {
    const options = { log_file: join(directory, 'a.log'), use_stderr: 'true' };
    expect(await said(options, (logger) => logger.info('x'))).toContain('x\n');
    expect(readLog('a.log')).toBe(stderr.text);
  });

  it('to log_file in log_dir', async () => {
    await said({ log_dir: directory, log_file: 'b.log' }, (logger) => logger.info('x'));
    expect(readLog('b.log')).toContain('x\n');
  });

  it('to kuryr-l7.log in log_dir without log_file', async () => {
    await said({ log_dir: directory }, (logger) => logger.info('x'));
    expect(readLog('kuryr-l7.log')).toContain('x\n');
  });
});

it('refuses a log file that cannot be opened, naming the option', () => {
  expect(() => create({ log_dir: join(directory, 'none'), log_file: 'a.log' })).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIGURATION',
      message: expect.stringMatching(/^\[DEFAULT\] log_file: the log file cannot be opened: ENOENT/),
    }),
  );
});

describe('SIGHUP', () => {
  it('opens the log file anew', async () => {
    const logger = create({ log_file: join(directory, 'a.log') });
    logger.info('before');
    await new Promise(setImmediate);
    renameSync(join(directory, 'a.log'), join(directory, 'a.log.1'));
    signals.emit('SIGHUP');
    logger.info('after');
    await logger.close();
    expect(readLog('a.log.1')).toMatch(/before\n$/);
    expect(readLog('a.log')).toMatch(/after\n$/);
  });

  it('is reported, and the old file written on, where that fails', async () => {
    const logger = create({ log_file: join(directory, 'a.log') });
    renameSync(directory, `${directory}-moved`);
    signals.emit('SIGHUP');
    await logger.close();
    renameSync(`${directory}-moved`, directory);
    expect(readLog('a.log')).toContain('the log file cannot be opened anew; the old one is written on');
  });

  it('ends the process as ever where there is no log file, and again after the log was closed', async () => {
    const withoutFile = create({});
    expect(signals.listenerCount('SIGHUP')).toBe(0);
    await withoutFile.close();
    const withFile = create({ log_dir: directory });
    expect(signals.listenerCount('SIGHUP')).toBe(1);
    await withFile.close();
    expect(signals.listenerCount('SIGHUP')).toBe(0);
  });
});

it('writes thousands of lines in order before it closes', async () => {
  const text = await said({}, (logger) => {
    for (let index = 0; index < 5_000; index += 1) logger.info(`line ${index}`);
  });
  expect([...text.matchAll(/line (\d+)\n/g)].map(([, index]) => Number(index))).toEqual(
    Array.from({ length: 5_000 }, (_, i) => i),
  );
});

it('may be closed twice, and drops what is logged afterwards', async () => {
  const logger = create({ log_dir: directory });
  logger.info('before');
  await logger.close();
  logger.child('kuryr.late').error('after');
  await logger.close();
  expect(readLog('kuryr-l7.log')).toMatch(/before\n$/);
});
