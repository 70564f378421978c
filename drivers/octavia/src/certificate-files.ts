import { readFile } from 'node:fs/promises';
import { type Configuration, ConfigurationError, KuryrError, type Option } from '@kuryr-l7/plugin';
import * as options from './options.js';
import type { ListenerCertificates } from './tls/listener-certificates.js';
import { checkCertificate } from './tls/tls-certificate.js';

/**
 * The certificate that kuryr.conf names, if it names one.
 *
 * @throws ConfigurationError
 */
export async function certificateFiles(configuration: Configuration): Promise<ListenerCertificates | undefined> {
  const certificateFile = configuration.get(options.TLS_CERTIFICATE_FILE);
  const keyFile = configuration.get(options.TLS_KEY_FILE);
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined) {
    throw new ConfigurationError('[octavia] tls_certificate_file and tls_key_file go together; set both or none.');
  }
  const certificate = await read(options.TLS_CERTIFICATE_FILE, certificateFile);
  const key = await read(options.TLS_KEY_FILE, keyFile);
  try {
    checkCertificate({ certificate, key });
  } catch (cause) {
    if (!(cause instanceof KuryrError)) throw cause;
    throw new ConfigurationError(`[octavia] tls_certificate_file, tls_key_file: ${cause.message}`, { cause });
  }
  return { default: { certificate, key } };
}

async function read({ group, name }: Option<string | undefined>, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`[${group}] ${name} can't be read (${reason}).`, { cause });
  }
}
