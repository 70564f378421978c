import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@kuryr-l7/plugin';
import type { TlsCredentials } from './local-router-options.js';

/**
 * Reads certificate and key of the HTTPS listener; undefined where neither file is named.
 *
 * @throws ConfigurationError when only one is named, one can't be read, or they don't belong together
 */
export async function readTlsFiles(
  certificateFile: string | undefined,
  keyFile: string | undefined,
): Promise<TlsCredentials | undefined> {
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined) {
    throw new ConfigurationError(
      '[local_router] tls_certificate_file and tls_key_file go together, and only one is set; set both or none.',
    );
  }
  const certificate = await read('tls_certificate_file', certificateFile);
  const key = await read('tls_key_file', keyFile);
  if (!belongTogether(certificate, key)) {
    throw new ConfigurationError(
      `[local_router] tls_key_file ${keyFile} is not the key of the certificate in ${certificateFile}, or one of the two is not PEM; set files that belong together.`,
    );
  }
  return { certificate, key };
}

async function read(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`[local_router] ${option} can't be read (${reason}); set a file that is there.`, {
      cause: error,
    });
  }
}

function belongTogether(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
