import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import { ingress, OPTIONS, path, rule, toService } from '../cluster.fixture.js';
import { compileIngresses } from '../compile-ingresses.fixture.js';
import { IngressCompiler } from '../ingress-compiler.js';

describe('what another Ingress has already', () => {
  const older = ingress('shop/web', { rules: [rule('a.x', path('/foo', 'Prefix'))] }, 2);

  it('is the host, where another namespace came first', () => {
    const younger = ingress(
      'blog/web',
      { rules: [rule('b.x', path('/', 'Prefix')), rule('a.x', path('/bar', 'Prefix'))] },
      1,
    );
    const { problems, messages, keys, outcomes } = compileIngresses([younger, older]);
    expect(problems('blog/web')).toEqual(['HostClaimed spec.rules[1].host']);
    expect(messages('blog/web')[0]).toContain(
      'Host a.x belongs to namespace shop, whose Ingress shop/web was the first to ask',
    );
    expect(keys).toEqual(['a.x|Prefix|/foo', 'b.x|Prefix|/']);
    expect(outcomes.get('blog/web')?.pools).toEqual(['blog_web']);
  });

  it('is handed over when the owner leaves', () => {
    const compiler = new IngressCompiler(OPTIONS, FULL_CAPABILITIES);
    compiler.setIngress(older);
    compiler.setIngress(ingress('blog/web', { rules: [rule('a.x', path('/bar', 'Prefix'))] }, 1));
    expect(compiler.compile().policies.map(({ key }) => key)).toEqual(['a.x|Prefix|/foo']);
    compiler.deleteIngress('shop/web');
    const { policies, outcomes } = compiler.compile();
    expect(policies.map(({ key }) => key)).toEqual(['a.x|Prefix|/bar']);
    expect(outcomes.get('blog/web')?.problems.map(({ reason }) => reason)).toEqual(['ServiceNotFound']);
    expect(outcomes.has('shop/web')).toBe(false);
  });

  it('is shared between namespaces where hosts are not owned', () => {
    const younger = ingress('blog/web', { rules: [rule('a.x', path('/bar', 'Prefix'), path('/foo/', 'Prefix'))] }, 1);
    const { keys, problems } = compileIngresses([younger, older], FULL_CAPABILITIES, undefined, {
      ...OPTIONS,
      hostOwnership: false,
    });
    expect(keys).toEqual(['a.x|Prefix|/bar', 'a.x|Prefix|/foo']);
    expect(problems('blog/web')).toEqual(['PathClaimed spec.rules[0].http.paths[1].path']);
  });

  it('is the path: the oldest Ingress has it, with or without a slash at its end, and Exact is another path', () => {
    const younger = ingress(
      'shop/more',
      { rules: [rule('a.x', path('/foo/', 'ImplementationSpecific'), path('/foo', 'Exact'))] },
      1,
    );
    const { problems, messages, keys } = compileIngresses([younger, older]);
    expect(problems('shop/more')).toEqual(['PathClaimed spec.rules[0].http.paths[0].path']);
    expect(messages('shop/more')[0]).toContain(
      'Prefix path /foo of host a.x is taken by spec.rules[0].http.paths[0] of Ingress shop/web',
    );
    expect(keys).toEqual(['a.x|Exact|/foo', 'a.x|Prefix|/foo']);
  });

  it('is the path, in one Ingress: the first has it', () => {
    const twice = ingress('shop/web', {
      rules: [rule('a.x', path('/', 'Prefix')), rule('A.x', path('/', 'Prefix', toService('b')))],
    });
    const { problems, policies } = compileIngresses([twice]);
    expect(problems('shop/web')).toEqual(['PathClaimed spec.rules[1].http.paths[0].path']);
    expect(policies[0]?.redirectPool).toBe('shop_web');
  });

  it('is the router-wide default: the oldest is it', () => {
    const first = ingress('shop/web', { defaultBackend: toService('web') }, 2);
    const second = ingress('blog/web', { defaultBackend: toService('web') }, 1);
    const { problems, policies } = compileIngresses([second, first]);
    expect(problems('blog/web')).toEqual(['DefaultBackendClaimed spec.defaultBackend']);
    expect(problems('shop/web')).toEqual([]);
    expect(policies.map(({ key, redirectPool }) => [key, redirectPool])).toEqual([['|RouterDefault|', 'shop_web']]);
  });

  it('is the default of a host: the oldest that has one gives it, and one that says the same is no problem', () => {
    const first = ingress('shop/a', { defaultBackend: toService('web'), rules: [rule('a.x', path('/1', 'Exact'))] }, 2);
    const same = ingress('shop/b', { defaultBackend: toService('web'), rules: [rule('a.x', path('/2', 'Exact'))] }, 1);
    const other = ingress('shop/c', { defaultBackend: toService('c'), rules: [rule('a.x', path('/3', 'Exact'))] });
    const { problems, policies } = compileIngresses([first, same, other]);
    expect(problems('shop/b')).toEqual([]);
    expect(problems('shop/c')).toEqual(['DefaultBackendClaimed spec.defaultBackend']);
    expect(policies.at(-1)).toMatchObject({ key: 'a.x|Default|', redirectPool: 'shop_web' });
  });

  it('is decided by namespace and name where both are of the same second', () => {
    const one = ingress('a-b/web', { rules: [rule('a.x', path('/', 'Prefix'))] });
    const two = ingress('a/web', { rules: [rule('a.x', path('/', 'Prefix'))] });
    expect(compileIngresses([one, two]).policies[0]?.source.namespace).toBe('a');
  });
});
