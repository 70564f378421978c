import type { Logger } from './logger.js';

/** Keeps what is logged. */
export class RecordingLogger implements Logger {
  readonly entries: { readonly level: keyof Logger; readonly message: string; readonly fields: unknown }[] = [];

  debug(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.entries.push({ level: 'debug', message, fields });
  }

  info(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.entries.push({ level: 'info', message, fields });
  }

  warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.entries.push({ level: 'warn', message, fields });
  }

  error(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.entries.push({ level: 'error', message, fields });
  }
}
