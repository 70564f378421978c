import { rename, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileCredentials } from './file-credentials.js';
import { TemporaryDirectory } from './temporary-directory.fixture.js';

describe('FileCredentials', () => {
  let directory: TemporaryDirectory;

  beforeEach(async () => {
    directory = await TemporaryDirectory.create();
  });

  afterEach(() => directory.remove());

  async function tokenOf(credentials: FileCredentials): Promise<string | undefined> {
    return (await credentials.current()).headers.authorization;
  }

  it('are the same object as long as no file changes', async () => {
    const credentials = new FileCredentials({ token: await directory.write('token', 'abc') });
    expect(await credentials.current()).toBe(await credentials.current());
  });

  it('follow a file that is swapped for another of the same length', async () => {
    const token = await directory.write('token', 'one');
    const credentials = new FileCredentials({ token });
    expect(await tokenOf(credentials)).toBe('Bearer one');
    await rename(await directory.write('new', 'two'), token);
    expect(await tokenOf(credentials)).toBe('Bearer two');
    await rename(await directory.write('new', 'six'), token);
    expect((await credentials.refresh()).headers.authorization).toBe('Bearer six');
  });

  it('stay as they were while a file is missing or empty', async () => {
    const token = await directory.write('token', 'one');
    const credentials = new FileCredentials({ token });
    await credentials.current();
    await rm(token);
    expect(await tokenOf(credentials)).toBe('Bearer one');
    await directory.write('token', '');
    expect(await tokenOf(credentials)).toBe('Bearer one');
    await directory.write('token', 'two');
    expect(await tokenOf(credentials)).toBe('Bearer two');
  });

  it('are refused when a file is empty from the start', async () => {
    const token = await directory.write('token', '\n');
    await expect(new FileCredentials({ token }).current()).rejects.toThrow(`token_file ${token}: the file is empty`);
  });
});
