import { randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR = 3_600_000;

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

interface Validity {
  readonly notAfter?: Date;
}

/** A certificate authority that lives for a test. */
export class CertificateAuthority {
  private constructor(
    readonly certificate: string,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async create(): Promise<CertificateAuthority> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.createSelfSigned(
      { ...terms(), name: 'CN=test-ca', keys, extensions: [new BasicConstraintsExtension(true, undefined, true)] },
      webcrypto,
    );
    return new CertificateAuthority(certificate.toString('pem'), keys);
  }

  /** For a server on 127.0.0.1, or a client of that name. */
  async issue(name: string, validity: Validity = {}): Promise<Certificate> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create(
      {
        ...terms(validity),
        subject: `CN=${name}`,
        issuer: 'CN=test-ca',
        publicKey: keys.publicKey,
        signingKey: this.keys.privateKey,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
      },
      webcrypto,
    );
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { certificate: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
  }
}

function terms({ notAfter = new Date(Date.now() + HOUR) }: Validity = {}) {
  return {
    serialNumber: `01${randomBytes(7).toString('hex')}`,
    notBefore: new Date(Date.now() - 2 * HOUR),
    notAfter,
    signingAlgorithm: ALGORITHM,
  };
}
