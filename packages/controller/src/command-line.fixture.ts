import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from './main.js';

/** `kuryr-l7` in this process, with the files of one test. */
export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-main-'));
  /** What it has written to standard output. */
  out = '';
  /** Likewise, to standard error. */
  error = '';

  /** Gives its exit status. */
  run(...argv: readonly string[]): Promise<number> {
    const line = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);
    return main(argv, {
      out: (text) => {
        this.out += line(text);
      },
      error: (text) => {
        this.error += line(text);
      },
    });
  }

  /** Writes a file, and gives its path. */
  file(text: string, name = 'kuryr.conf'): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
