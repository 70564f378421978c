import { describe, expect, it } from '@jest/globals';
import { negotiate } from './representation.js';

describe('content negotiation', () => {
  it.each([
    [undefined, 'Object', 'json'],
    ['*/*', 'Object', 'json'],
    ['application/json', 'Object', 'json'],
    ['application/yaml', 'Object', 'yaml'],
    ['application/vnd.kubernetes.protobuf,application/json', 'Object', 'json'],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'Table', 'json'],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', 'Object', 'json'],
    ['application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'PartialObjectMetadata', 'json'],
    ['application/json; g=apidiscovery.k8s.io; v=v2; as=APIGroupDiscoveryList', 'APIGroupDiscoveryList', 'json'],
    [
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList;profile=nopeer,application/json',
      'APIGroupDiscoveryList',
      'json',
    ],
  ])('%j gets %s in %s', (accept, as, notation) => {
    expect(negotiate(accept)).toMatchObject({ as, notation });
  });

  it('says in the type of a discovery document which form it has', () => {
    const { contentType } = negotiate('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(contentType).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  });

  it.each(['application/vnd.kubernetes.protobuf', 'text/html', 'application/json;as=Scale;v=v1;g=meta.k8s.io'])(
    'refuses %j alone with 406',
    (accept) => {
      expect(() => negotiate(accept)).toThrow(/only the following media types are accepted/);
    },
  );
});
