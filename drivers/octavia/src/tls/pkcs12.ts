import { createHash, createHmac, randomBytes } from 'node:crypto';
import { der } from './der.js';

const OID = {
  data: '1.2.840.113549.1.7.1',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

const MAC_ITERATIONS = 2_048;

/**
 * A PKCS#12 file (RFC 7292) without a pass phrase, as Octavia asks for: private key and certificates in the clear (Barbican
 * encrypts what it stores), and a MAC over them for the empty password, without which OpenSSL 1.1 refuses to read it.
 *
 * @param key PKCS#8, DER
 * @param certificates DER, the key's own first, then its chain
 */
export function pkcs12(key: Uint8Array, certificates: readonly Uint8Array[]): Buffer {
  const [own = Buffer.alloc(0)] = certificates;
  const localKeyId = attribute(OID.localKeyId, der.octets(createHash('sha256').update(own).digest()));
  const bags = der.sequence(
    bag(OID.keyBag, key, localKeyId),
    ...certificates.map((certificate, index) => {
      const value = der.sequence(der.identifier(OID.x509Certificate), der.tagged(der.octets(certificate)));
      return bag(OID.certBag, value, index === 0 ? localKeyId : undefined);
    }),
  );
  const contents = der.sequence(data(bags));
  return der.sequence(der.integer(3), data(contents), macOf(contents));
}

function bag(type: string, value: Uint8Array, attributes: Buffer | undefined): Buffer {
  return der.sequence(
    der.identifier(type),
    der.tagged(value),
    ...(attributes === undefined ? [] : [der.set(attributes)]),
  );
}

function attribute(type: string, value: Buffer): Buffer {
  return der.sequence(der.identifier(type), der.set(value));
}

function data(content: Uint8Array): Buffer {
  return der.sequence(der.identifier(OID.data), der.tagged(der.octets(content)));
}

function macOf(contents: Uint8Array): Buffer {
  const salt = randomBytes(16);
  const mac = createHmac('sha256', macKey(salt)).update(contents).digest();
  const algorithm = der.sequence(der.identifier(OID.sha256), der.nothing());
  return der.sequence(der.sequence(algorithm, der.octets(mac)), der.octets(salt), der.integer(MAC_ITERATIONS));
}

/** RFC 7292, appendix B.2, for the empty password (two zero bytes), purpose 3 and one block of SHA-256. */
function macKey(salt: Uint8Array): Buffer {
  const block = 64;
  const repeated = (bytes: Uint8Array) => Buffer.alloc(block, bytes);
  let digest = Buffer.concat([Buffer.alloc(block, 3), repeated(salt), repeated(Buffer.alloc(2))]);
  for (let round = 0; round < MAC_ITERATIONS; round += 1) digest = createHash('sha256').update(digest).digest();
  return digest;
}
