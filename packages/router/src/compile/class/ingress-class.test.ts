import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import type { Ingress, IngressClass } from '../../kubernetes.js';
import { OPTIONS, toService } from '../cluster.fixture.js';
import { IngressCompiler } from '../ingress-compiler.js';
import { type ControllersByClass, isOurs } from './ingress-class.js';

const OURS = OPTIONS.controllerName;

function web(className: string | undefined, annotation?: string): Ingress {
  return {
    metadata: {
      namespace: 'shop',
      name: 'web',
      ...(annotation !== undefined && { annotations: { 'kubernetes.io/ingress.class': annotation } }),
    },
    spec: { ...(className !== undefined && { ingressClassName: className }), defaultBackend: toService('web') },
  };
}

function ingressClass(name: string, controller: string): IngressClass {
  return { metadata: { name }, spec: { controller } };
}

describe('an Ingress is ours', () => {
  const none: ControllersByClass = new Map();
  const edge: ControllersByClass = new Map([
    ['edge', OURS],
    ['nginx', 'k8s.io/ingress-nginx'],
    ['bare', undefined],
  ]);
  const taken: ControllersByClass = new Map([['kuryr', 'example.com/another']]);

  it.each<[string, Ingress, ControllersByClass, boolean]>([
    ['where its class is an object that names our controller', web('edge'), edge, true],
    ['not where its class names another controller', web('nginx'), edge, false],
    ['not where its class names none', web('bare'), edge, false],
    ['not where its class does not exist and is not called like ours', web('edge'), none, false],
    ['where its class is called like ours and does not exist', web('kuryr'), none, true],
    ["not where its class is called like ours and is somebody else's", web('kuryr'), taken, false],
    ['where the annotation is the name of our class', web(undefined, 'kuryr'), none, true],
    ['where the annotation names a class of ours', web(undefined, 'edge'), edge, true],
    ['not where the annotation names another', web(undefined, 'nginx'), edge, false],
    ['where the annotation says so, whatever ingressClassName says', web('nginx', 'kuryr'), edge, true],
    ['not where the annotation says otherwise, whatever ingressClassName says', web('edge', 'nginx'), edge, false],
    ['where an empty annotation leaves it to ingressClassName', web('edge', ''), edge, true],
    ['where it has no class', web(undefined), none, true],
    ['where its class is empty', web(''), none, true],
    ['not where its class is no text', web(7 as unknown as string), none, false],
  ])('%s', (_name, ingress, controllers, expected) => {
    expect(isOurs(ingress, controllers, OPTIONS)).toBe(expected);
  });

  it('not without a class, where those are left to others', () => {
    expect(isOurs(web(undefined), none, { ...OPTIONS, handleClassless: false })).toBe(false);
  });
});

describe('classes that come, change and go', () => {
  it('bring and take Ingresses', () => {
    const compiler = new IngressCompiler(OPTIONS, FULL_CAPABILITIES);
    const handled = () => compiler.compile().outcomes.get('shop/web')?.handled;
    compiler.setIngress(web('edge'));
    expect(compiler.compile()).toEqual({
      policies: [],
      pools: [],
      outcomes: new Map([['shop/web', { handled: false, pools: [], problems: [] }]]),
    });
    compiler.setIngressClass(ingressClass('edge', OURS));
    expect(handled()).toBe(true);
    expect(compiler.compile().policies).toHaveLength(1);
    compiler.setIngressClass(ingressClass('edge', 'example.com/another'));
    expect(handled()).toBe(false);
    compiler.setIngressClass(ingressClass('edge', OURS));
    compiler.deleteIngressClass('edge');
    expect(handled()).toBe(false);
    expect(compiler.compile().policies).toEqual([]);
  });
});
