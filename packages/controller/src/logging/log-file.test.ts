import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFile } from './log-file.js';

let directory: string;
let path: string;
let fallback: PassThrough;
let file: LogFile;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kuryr-log-'));
  path = join(directory, 'kuryr.log');
  fallback = new PassThrough();
  file = new LogFile(path, fallback);
});
afterEach(async () => {
  // Moved still where a test failed half-way.
  for (const path of [directory, `${directory}-moved`]) rmSync(path, { recursive: true, force: true });
  await new Promise<void>((resolve) => file.end(resolve));
});

it('has every line in the file when write returns', () => {
  file.write('a\n');
  file.write('b\n');
  expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
});

it('appends to what is there', async () => {
  file.write('a\n');
  const second = new LogFile(path, fallback);
  second.write('b\n');
  file.write('c\n');
  await new Promise<void>((resolve) => second.end(resolve));
  expect(readFileSync(path, 'utf8')).toBe('a\nb\nc\n');
});

it('goes on at the beginning of a file that was copied and truncated', () => {
  file.write('before\n');
  truncateSync(path);
  file.write('after\n');
  expect(readFileSync(path, 'utf8')).toBe('after\n');
});

describe('after the file was renamed', () => {
  beforeEach(() => {
    file.write('a\n');
    renameSync(path, `${path}.1`);
  });

  it('writes on to the renamed file until told to open it anew', () => {
    file.write('b\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('a\nb\n');
    expect(existsSync(path)).toBe(false);
  });

  it('writes to a new file once told', () => {
    file.reopen();
    file.write('b\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('a\n');
    expect(readFileSync(path, 'utf8')).toBe('b\n');
  });
});

it('keeps the old file if it cannot be opened anew', () => {
  renameSync(directory, `${directory}-moved`);
  expect(() => file.reopen()).toThrow('ENOENT');
  file.write('a\n');
  renameSync(`${directory}-moved`, directory);
  expect(readFileSync(path, 'utf8')).toBe('a\n');
});

// /dev/full, where every write fails, is Linux's: elsewhere there is no such file to fail on.
const onLinux = existsSync('/dev/full') ? it : it.skip;

onLinux('gives lines that the file cannot take to the fallback', async () => {
  const full = new LogFile('/dev/full', fallback);
  full.write('a\n');
  await new Promise<void>((resolve) => full.end(resolve));
  expect(String(fallback.read())).toBe('a\n');
});
