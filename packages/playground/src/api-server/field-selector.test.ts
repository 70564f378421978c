import { describe, expect, it } from '@jest/globals';
import { parseFieldSelector } from './field-selector.js';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { nodeName: 'node-1' },
  status: { phase: 'Running' },
};

describe('field selector', () => {
  it.each([
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name=other', false],
    ['metadata.name!=other', true],
    ['metadata.namespace==default,status.phase=Running', true],
    ['spec.nodeName=node-1,status.phase=Pending', false],
    ['status.podIP=', true],
    ['spec.hostNetwork=false', true],
  ])('%j on a running Pod is %s', (selector, expected) => {
    expect(parseFieldSelector(selector, 'pods')(pod)).toBe(expected);
  });

  it('reads escaped commas and equals signs as part of the value', () => {
    const named = { ...pod, metadata: { name: 'a,b=c' } };
    expect(parseFieldSelector('metadata.name=a\\,b\\=c', 'pods')(named)).toBe(true);
  });

  it('finds the Events of an object by either name of the field', () => {
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' }, involvedObject: { name: 'web' } };
    expect(parseFieldSelector('involvedObject.name=web', 'events')(event)).toBe(true);
    expect(parseFieldSelector('regarding.name=web', 'events')(event)).toBe(true);
    expect(parseFieldSelector('regarding.name=other', 'events')(event)).toBe(false);
  });

  it('refuses a field that can not be selected', () => {
    expect(() => parseFieldSelector('spec.foo=bar', 'pods')).toThrow('field label not supported: spec.foo');
  });

  it('refuses what is no comparison', () => {
    expect(() => parseFieldSelector('metadata.name', 'pods')).toThrow(/invalid selector/);
  });
});
