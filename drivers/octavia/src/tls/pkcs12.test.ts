import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { certificateFor } from '../certificates.fixture.js';
import { pkcs12 } from './pkcs12.js';

/** What OpenSSL reads in it. */
function openssl(bundle: Uint8Array, ...options: string[]): string {
  const given = ['pkcs12', '-passin', 'pass:', '-nodes', ...options];
  return execFileSync('openssl', given, { input: bundle, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}

describe('a PKCS#12 file without a pass phrase', () => {
  it('gives OpenSSL the key, its certificate and the chain', async () => {
    const [own, issuer] = [await certificateFor('a.example'), await certificateFor('issuer.example')];
    const key = createPrivateKey(own.key);
    const [leaf, chain] = [new X509Certificate(own.certificate), new X509Certificate(issuer.certificate)];
    const bundle = pkcs12(key.export({ format: 'der', type: 'pkcs8' }), [leaf.raw, chain.raw]);
    const read = createPrivateKey(openssl(bundle, '-nocerts'));
    expect(read.export({ format: 'jwk' })).toEqual(key.export({ format: 'jwk' }));
    expect(new X509Certificate(openssl(bundle, '-clcerts', '-nokeys')).raw).toEqual(leaf.raw);
    expect(new X509Certificate(openssl(bundle, '-cacerts', '-nokeys')).raw).toEqual(chain.raw);
  });

  it('takes RSA keys, whose lengths need several bytes', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const { certificate } = await certificateFor('a.example');
    const bundle = pkcs12(privateKey.export({ format: 'der', type: 'pkcs8' }), [new X509Certificate(certificate).raw]);
    const read = createPrivateKey(openssl(bundle, '-nocerts'));
    expect(read.export({ format: 'jwk' })).toEqual(privateKey.export({ format: 'jwk' }));
  });
});
