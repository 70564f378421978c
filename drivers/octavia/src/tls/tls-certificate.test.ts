import { beforeAll, describe, expect, it } from '@jest/globals';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { certificateFor } from '../certificates.fixture.js';
import { checkCertificate, type TlsCertificate } from './tls-certificate.js';

let one: TlsCertificate;
let other: TlsCertificate;
beforeAll(async () => {
  one = await certificateFor('a.example');
  other = await certificateFor('b.example');
});

describe('a certificate', () => {
  it('has a name by its content: the same for the same, another with another chain', () => {
    const { fingerprint, subject } = checkCertificate(one);
    expect(subject).toBe('CN=a.example');
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(checkCertificate({ ...one }).fingerprint).toBe(fingerprint);
    const chained = { ...one, certificate: `${one.certificate}\n${other.certificate}` };
    expect(checkCertificate(chained).fingerprint).not.toBe(fingerprint);
  });

  it.each([
    ['that is none', () => ({ ...one, certificate: 'hello' }), /is not PEM/],
    [
      'that is damaged',
      () => ({ ...one, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
      /is damaged/,
    ],
    [
      'whose key is none',
      () => ({ ...one, key: 'secret-key' }),
      /key of the certificate of CN=a.example can't be read/,
    ],
    ['with the key of another', () => ({ ...one, key: other.key }), /is the key of another certificate/],
  ])('%s is refused, and its key is not told', (_name, given, reason) => {
    const check = () => checkCertificate(given());
    expect(check).toThrow(RouterRefusedError);
    expect(check).toThrow(reason);
    expect(check).not.toThrow(/secret-key/);
  });
});
