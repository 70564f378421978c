import { LEVEL_NAMES, type LogRecord } from './log-record.js';

/** One JSON object, with the names of oslo.log's JSONFormatter; the fields are in `extra`, the time is in UTC. */
export function jsonLine({ level, name, time, message, fields }: LogRecord): string {
  return JSON.stringify({
    asctime: time.toISOString(),
    process: process.pid,
    levelname: LEVEL_NAMES[level],
    name,
    message,
    extra: fields,
  });
}
