import { describe, expect, it } from '@jest/globals';
import { podTemplateHash } from './pod-template-hash.js';

describe('podTemplateHash', () => {
  const template = { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'x', image: 'nginx' }] } };

  it('is the same for the same template, however its fields are ordered', () => {
    const reordered = {
      spec: { containers: [{ image: 'nginx', name: 'x' }] },
      metadata: { labels: { b: '2', a: '1' } },
    };
    expect(podTemplateHash(reordered, 0)).toBe(podTemplateHash(template, 0));
  });

  it('is another for another image, and after a collision', () => {
    const changed = { ...template, spec: { containers: [{ name: 'x', image: 'httpd' }] } };
    expect(podTemplateHash(changed, 0)).not.toBe(podTemplateHash(template, 0));
    expect(podTemplateHash(template, 1)).not.toBe(podTemplateHash(template, 0));
  });

  it('fits into the name of a Pod', () => {
    expect(podTemplateHash(template, 0)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  });
});
