import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { pkcs12 } from './pkcs12.js';

/** A certificate as the administrator or a Secret of type kubernetes.io/tls has it. */
export interface TlsCertificate {
  /** PEM: the certificate, then its chain. */
  readonly certificate: string;
  /** PEM: its private key, without a pass phrase. */
  readonly key: string;
}

/** A certificate that was looked at: key and certificate belong together. */
export interface CheckedCertificate {
  /** SHA-256 in hex of chain and key: the same content has the same name. */
  readonly fingerprint: string;
  /** For people. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** PKCS#12. Holds the private key. */
  bundle(): Uint8Array;
}

/** @throws RouterRefusedError that says what is wrong; it never quotes the key */
export function checkCertificate({ certificate, key }: TlsCertificate): CheckedCertificate {
  const blocks = certificate.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = blocks.map(readCertificate);
  const [own] = chain;
  if (own === undefined) throw new RouterRefusedError('The certificate is not PEM: it has no BEGIN CERTIFICATE.');
  const subject = own.subject.replaceAll('\n', ', ') || own.subjectAltName || own.serialNumber;
  const privateKey = readKey(key, subject);
  if (!own.checkPrivateKey(privateKey)) {
    throw new RouterRefusedError(`The key given with the certificate of ${subject} is the key of another certificate.`);
  }
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const ders = chain.map(({ raw }) => raw);
  const hash = createHash('sha256');
  for (const part of [...ders, pkcs8]) hash.update(String(part.length)).update(part);
  return {
    fingerprint: hash.digest('hex'),
    subject,
    expires: Date.parse(own.validTo),
    bundle: () => pkcs12(pkcs8, ders),
  };
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new RouterRefusedError("A certificate of the chain can't be read: it is damaged.", { cause });
  }
}

function readKey(pem: string, subject: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new RouterRefusedError(
      `The key of the certificate of ${subject} can't be read: it has to be PEM without a pass phrase.`,
      { cause },
    );
  }
}
