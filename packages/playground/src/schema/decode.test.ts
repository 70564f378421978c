import { describe, expect, it } from '@jest/globals';
import { decode } from './decode.js';
import type { JsonObject } from './json.js';
import { modelSchema } from './model-schema.js';

describe('decoding a request body', () => {
  it.each<[string, string, JsonObject, string]>([
    [
      'a text for a number',
      'V1Service',
      { spec: { ports: [{ port: '80' }] } },
      'json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
    ],
    [
      'a number with a fraction',
      'V1Deployment',
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a number beyond 32 bits',
      'V1Deployment',
      { spec: { replicas: 2 ** 31 } },
      'json: cannot unmarshal number into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'an object for a list',
      'V1Ingress',
      { spec: { rules: {} } },
      'json: cannot unmarshal object into Go struct field IngressSpec.spec.rules of type []v1.IngressRule',
    ],
    [
      'a list for an object',
      'V1Ingress',
      { spec: [] },
      'json: cannot unmarshal array into Go struct field Ingress.spec of type v1.IngressSpec',
    ],
    [
      'a boolean for a label',
      'V1Pod',
      { metadata: { labels: { a: true } } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    ['what is no base64', 'V1Secret', { data: { a: 'b!' } }, 'illegal base64 data at input byte 1'],
    [
      'what is no time',
      'V1Lease',
      { spec: { renewTime: 'now' } },
      'parsing time "now" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "now" as "2006"',
    ],
    [
      'what is no quantity',
      'V1Pod',
      { spec: { containers: [{ resources: { limits: { cpu: 'much' } } }] } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('refuses %s', (_, model, body, message) => {
    expect(() => decode(modelSchema(model), body)).toThrow(message);
  });

  it('drops unknown fields and tells where they were', () => {
    const body = {
      kind: 'Ingress',
      spec: { x: 1, rules: [{ host: 'a' }, { hots: 'b', http: { paths: [] } }] },
      extra: {},
    };
    expect(decode(modelSchema('V1Ingress'), body)).toEqual({
      object: { kind: 'Ingress', spec: { rules: [{ host: 'a' }, { http: { paths: [] } }] } },
      unknownFields: ['spec.x', 'spec.rules[1].hots', 'extra'],
    });
  });

  it('takes null as absent', () => {
    const body = { metadata: { creationTimestamp: null, name: 'a' }, spec: null };
    expect(decode(modelSchema('V1Ingress'), body).object).toEqual({ metadata: { name: 'a' } });
  });

  it('reads a quantity that is a number, and a port by number or name', () => {
    const limits = (cpu: string | number) => ({ spec: { containers: [{ resources: { limits: { cpu } } }] } });
    expect(decode(modelSchema('V1Pod'), limits(2)).object).toEqual(limits('2'));
    for (const targetPort of [80, 'http']) {
      const service = { spec: { ports: [{ port: 1, targetPort }] } };
      expect(decode(modelSchema('V1Service'), service).object).toEqual(service);
    }
  });
});
