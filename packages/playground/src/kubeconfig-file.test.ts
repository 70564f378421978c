import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeconfigFile } from './kubeconfig-file.js';

const TEXT = 'clusters: [{name: playground}]\n';

describe('the kubeconfig of a playground', () => {
  let folder: string;
  let listeners: readonly unknown[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'playground-test-'));
    listeners = process.listeners('exit');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What the end of the process calls and did not call before the test. */
  const added = () => process.listeners('exit').filter((listener) => !listeners.includes(listener));

  it('goes with its temporary folder when the process ends without closing the playground', () => {
    const { path } = KubeconfigFile.write(undefined, TEXT);
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    for (const listener of added()) listener(130);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('goes from where the user wants it, and leaves no hook behind once it is removed', () => {
    const file = KubeconfigFile.write(join(folder, 'config'), TEXT);
    expect(added()).toHaveLength(1);
    file.remove();
    file.remove();
    expect(added()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays when somebody else has written there meanwhile', () => {
    const file = KubeconfigFile.write(join(folder, 'config'), TEXT);
    writeFileSync(file.path, 'clusters: [{name: production}]\n');
    file.remove();
    expect(readFileSync(file.path, 'utf8')).toContain('production');
    rmSync(file.path);
    mkdirSync(file.path);
    file.remove();
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it('is refused where it can not be written, with what to do', () => {
    const message = (path: string) => {
      try {
        KubeconfigFile.check(path);
        return 'fine';
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_KUBECONFIG_FILE', retryable: false });
        return error instanceof Error ? error.message : '';
      }
    };
    const file = join(folder, 'none', 'config');
    expect(message(file)).toBe(
      `${file} can't be written, its folder does not exist: make its folder first, or choose another file with --kubeconfig`,
    );
    expect(message(folder)).toMatch(/EISDIR.*: choose another file with --kubeconfig$/);
    writeFileSync(join(folder, 'other'), 'clusters: [{name: production}]\n');
    expect(message(join(folder, 'other'))).toMatch(/is not overwritten: choose another file with --kubeconfig$/);
    expect(message(join(folder, 'other', 'config'))).toMatch(/ENOTDIR.*: choose another file/);
    writeFileSync(join(folder, 'old'), TEXT);
    expect(message(join(folder, 'old'))).toBe('fine');
    expect(message(join(folder, 'new'))).toBe('fine');
  });
});
