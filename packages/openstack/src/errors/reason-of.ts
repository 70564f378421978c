import { isRecord } from '../json.js';

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return isRecord(error) && typeof error.message === 'string' ? error.message : String(error);
}
