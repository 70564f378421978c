/** Runs jest on the sources and counts. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, say } from './prepare.mjs';

/** @returns tests passed; tests, suites that cannot be run, and runs without a report, failed. */
export async function jest({ config, binary = process.execPath, args }) {
  const cache = join(ROOT, '.cache');
  const report = join(cache, `${config.replace(/\.config\.mjs$/, '')}.json`);
  mkdirSync(cache, { recursive: true });
  rmSync(report, { force: true });
  const { code } = await run(
    binary,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
      .concat(['-c', `config/${config}`, '--json', `--outputFile=${report}`])
      .concat(args),
    { show: true },
  );
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
  } catch {
    say(`jest ended with exit status ${code} and wrote no report`);
    return { passed: 0, failed: 1 };
  }
}
