import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsCertificate } from '@kuryr-l7/driver-octavia';

/** A certificate for a host that is its own CA, and its key; both PEM. */
export function selfSigned(host: string): TlsCertificate {
  const directory = mkdtempSync(join(tmpdir(), 'self-signed-'));
  const [certificate, key] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${host}`];
  const names = ['-addext', `subjectAltName=DNS:${host}`];
  try {
    execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
