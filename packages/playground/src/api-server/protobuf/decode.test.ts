import { describe, expect, it } from '@jest/globals';
import { decodeProtobuf } from './decode.js';

/** What `kubectl create deployment web --image=nginx --replicas=0 --port=80` (1.34) sends, written by hand field by field. */
function deployment(): Uint8Array {
  const container = [
    text(1, 'web'),
    text(2, 'nginx'),
    bytes(6, [text(1, ''), number(2, 0), number(3, 80), text(4, ''), text(5, '')]),
    bytes(8),
  ];
  const template = bytes(3, [
    bytes(1, [text(1, ''), text(4, ''), bytes(8), label(11, 'app', 'web')]),
    bytes(2, [bytes(2, container)]),
  ]);
  const spec = [
    number(1, 0),
    bytes(2, [label(1, 'app', 'web')]),
    template,
    bytes(4, [text(1, '')]),
    number(5, 0),
    number(7, 0),
  ];
  return kubernetes('apps/v1', 'Deployment', [bytes(1, [text(1, 'web')]), bytes(2, spec), bytes(3, [number(1, 0)])]);
}

describe('Kubernetes protobuf', () => {
  it('is read as the JSON that Go would write', () => {
    expect(decodeProtobuf(deployment())).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        // A pointer in Go: the zero was meant.
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        strategy: {},
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }] },
        },
      },
    });
  });

  it('reads times, negative numbers, bytes, ports by name or number and inlined structures', () => {
    const lease = kubernetes('coordination.k8s.io/v1', 'Lease', [
      bytes(1, [text(1, 'a'), bytes(8, [number(1, 1767225600)])]),
      bytes(2, [bytes(4, [number(1, 1767225600), number(2, 123456000)])]),
    ]);
    expect(decodeProtobuf(lease)).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { renewTime: '2026-01-01T00:00:00.123456Z' },
    });
    const secret = kubernetes('v1', 'Secret', [bytes(2, [text(1, 'key'), text(2, 'value')])]);
    expect(decodeProtobuf(secret)).toMatchObject({ data: { key: Buffer.from('value').toString('base64') } });
    const port = (target: Uint8Array) => bytes(1, [number(3, 80), bytes(4, [target])]);
    const service = kubernetes('v1', 'Service', [
      bytes(2, [port(number(2, 8080)), bytes(1, [bytes(4, [number(1, 1), text(3, 'http')])])]),
    ]);
    expect(decodeProtobuf(service)).toMatchObject({
      spec: { ports: [{ port: 80, targetPort: 8080 }, { targetPort: 'http' }] },
    });
    const priority = kubernetes('scheduling.k8s.io/v1', 'PriorityClass', [number(2, -5)]);
    expect(decodeProtobuf(priority)).toMatchObject({ value: -5 });
    const ingress = kubernetes('networking.k8s.io/v1', 'Ingress', [
      bytes(2, [bytes(3, [text(1, 'a.example'), bytes(2, [bytes(1)])])]),
    ]);
    expect(decodeProtobuf(ingress)).toMatchObject({ spec: { rules: [{ host: 'a.example', http: {} }] } });
  });

  it.each([
    ['no magic number', Buffer.from('{}'), /does not begin as Kubernetes protobuf/],
    ['an unknown kind', kubernetes('v1', 'Node', []), /Node can't be read as protobuf here; send JSON/],
    ['an unknown field', kubernetes('v1', 'ConfigMap', [text(99, 'x')]), /field 99 of ConfigMap/],
    ['a message that is cut off', deployment().subarray(0, 60), /longer than the message/],
    ['a number where bytes belong', kubernetes('v1', 'ConfigMap', [number(1, 5)]), /field 1 is a number/],
  ])('refuses %s', (_what, message, error) => {
    expect(() => decodeProtobuf(message)).toThrow(error);
  });
});

function kubernetes(apiVersion: string, kind: string, fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([
    Buffer.from('k8s\0'),
    bytes(1, [text(1, apiVersion), text(2, kind)]),
    bytes(2, fields),
    text(3, ''),
    text(4, ''),
  ]);
}

function label(field: number, key: string, value: string): Uint8Array {
  return bytes(field, [text(1, key), text(2, value)]);
}

function bytes(field: number, parts: readonly Uint8Array[] = []): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint((BigInt(field) << 3n) | 2n), varint(BigInt(content.length)), content]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, [Buffer.from(value)]);
}

function number(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(BigInt(field) << 3n), varint(BigInt.asUintN(64, BigInt(value)))]);
}

function varint(value: bigint): Uint8Array {
  const encoded: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) encoded.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...encoded, Number(rest)]);
}
