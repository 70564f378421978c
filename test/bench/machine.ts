import { cpus, totalmem } from 'node:os';

/** What a benchmark ran on, in one line. */
export function machine(): string {
  const [processor] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node} on ${cpus().length} x ${processor?.model.trim() ?? process.arch}, ${gigabytes} GiB, ${process.platform}`;
}
