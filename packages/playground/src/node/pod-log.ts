import { ApiError, type PodLog, type PodLogOptions } from '../api-server/index.js';
import type { LogBuffer, LogLine } from './log-buffer.js';

/** What `kubectl logs` shows: one line for each request that the Pod's server answered, whichever container is asked for. */
export function podLogFrom(logOf: (namespace: string, name: string) => LogBuffer | undefined): PodLog {
  return async function* podLog({ metadata }, options) {
    const log = logOf(metadata.namespace ?? '', metadata.name);
    if (options.previous || log === undefined) {
      const which = options.previous ? 'previous terminated container' : 'running container';
      throw new ApiError(400, 'BadRequest', `${which} in pod "${metadata.name}" not found`);
    }
    for (const line of chosen(log.lines, options)) yield textOf(line, options);
    if (!options.follow) return;
    for await (const line of log.follow(options.signal)) yield textOf(line, options);
  };
}

function chosen(lines: readonly LogLine[], { sinceSeconds, tailLines }: PodLogOptions): readonly LogLine[] {
  const since = sinceSeconds === undefined ? 0 : Date.now() - sinceSeconds * 1000;
  const recent = lines.filter(({ time }) => time >= since);
  return tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
}

function textOf({ time, text }: LogLine, { timestamps }: PodLogOptions): string {
  return timestamps ? `${new Date(time).toISOString()} ${text}\n` : `${text}\n`;
}
