import { describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { FailureLog } from './failure-log.js';

function recorded() {
  const lines: string[] = [];
  const record = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, log: new FailureLog({ ...SILENT_LOGGER, debug: record('debug'), error: record('error') }) };
}

describe('the log of failures', () => {
  it('tells one once, though time goes on and requests have new ids, and another one too', () => {
    const { lines, log } = recorded();
    log.add('PENDING for 31 seconds (req-1a-2b)', {});
    log.add('PENDING for 2 minutes (req-3c-4d)', {});
    log.add('web-1 is refused', {});
    log.add('web-2 is refused', {});
    expect(lines).toEqual([
      'error PENDING for 31 seconds (req-1a-2b)',
      'debug PENDING for 2 minutes (req-3c-4d)',
      'error web-1 is refused',
      'error web-2 is refused',
    ]);
  });

  it('tells it again when it comes back after all was well', () => {
    const { lines, log } = recorded();
    expect(log.clear()).toBe(false);
    log.add('busy', {});
    expect(log.clear()).toBe(true);
    log.add('busy', {});
    expect(lines).toEqual(['error busy', 'error busy']);
  });
});
