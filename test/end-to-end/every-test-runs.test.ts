import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const NOT_SOURCES = new Set(['node_modules', 'dist', '.git', '.cache']);

function testFilesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : testFilesBelow(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** What jest would run. */
function listed(configuration: string): readonly string[] {
  const jest = ['node_modules/jest/bin/jest.js', '-c', `config/${configuration}`, '--listTests'];
  return execFileSync(process.execPath, jest, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
}

it('tests of a folder were never run (LP 1781825): each file is run here, by one of the two configurations', () => {
  const run = ['jest.config.mjs', 'jest.openstack.config.mjs'].flatMap(listed);
  expect([...run].sort()).toEqual([...testFilesBelow(ROOT)].sort());
});
