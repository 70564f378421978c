import type { Option } from './option.js';

export const REDACTED = '***';

const SECRET_NAME = /(?:^|_)(?:pass(?:word|wd|phrase)?|secret|token|credential)s?$/i;

/** Whether a name, such as `password` or `application_credential_secret`, is that of a secret. `token_file` is not. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name.replaceAll('-', '_'));
}

/** Options marked as secret, and those named like one, so that a forgotten mark discloses nothing. */
export function isSecret(option: Pick<Option, 'name' | 'secret'>): boolean {
  return option.secret ?? looksSecret(option.name);
}
