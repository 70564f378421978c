import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cloud } from '../cloud.js';
import { type FakeAnswer, FakeCloud } from '../fake-cloud.fixture.js';

describe('a list', () => {
  let fake: FakeCloud;
  let cloud: Cloud;

  beforeEach(async () => {
    fake = await FakeCloud.start();
    cloud = await fake.open();
  });

  afterEach(() => fake.stop());

  /** A page of networks with these ids, and one of the next page as Octavia and Neutron write it. */
  function page(ids: readonly string[], marker?: string): FakeAnswer {
    const links =
      marker === undefined
        ? []
        : [{ rel: 'next', href: `http://only.the.service/knows/v2.0?limit=2&marker=${marker}` }];
    const previous = { rel: 'previous', href: 'http://only.the.service/knows?marker=a&page_reverse=True' };
    return { body: { networks: ids.map((id) => ({ id })), networks_links: [previous, ...links] } };
  }

  const ids = async (filter = {}) => (await cloud.neutron.networks.list(filter)).map(({ id }) => id);

  it('is read page after page, with the filter on each and at the address of the catalog', async () => {
    const pages = [page(['a', 'b'], 'b'), page(['c', 'd'], 'd'), page([])];
    fake.respond = () => pages[fake.seen.length - 1];
    expect(await ids({ name: 'x', limit: 2, tags: ['k=v', 'w'], id: ['a', 'b'] })).toEqual(['a', 'b', 'c', 'd']);
    expect(fake.seen.map(({ path, query }) => path + query)).toEqual([
      '/neutron/v2.0/networks?name=x&limit=2&tags=k=v,w&id=a&id=b',
      '/neutron/v2.0/networks?name=x&limit=2&tags=k=v,w&id=a&id=b&marker=b',
      '/neutron/v2.0/networks?name=x&limit=2&tags=k=v,w&id=a&id=b&marker=d',
    ]);
  });

  it('by more values than a server takes in one request is asked for in several, and nothing is in it twice', async () => {
    const asked = Array.from({ length: 200 }, (_, index) => `00000000-0000-4000-8000-${index + 1e11}`);
    fake.respond = ({ query }) => page([...new URLSearchParams(query).getAll('id'), 'in each']);
    const found = await ids({ id: asked, name: 'x' });
    expect([...found].sort()).toEqual([...asked, 'in each'].sort());
    expect(fake.seen.map(({ query }) => query.length < 3_100)).toEqual([true, true, true]);
  });

  it('without links is one page', async () => {
    fake.respond = () => ({ body: { networks: [{ id: 'a' }] } });
    expect(await ids()).toEqual(['a']);
  });

  it('is begun anew when the object that a page goes on from was deleted', async () => {
    const pages = [page(['a', 'b'], 'b'), { status: 400 }, page(['a', 'c'], 'c'), page(['d'])];
    fake.respond = () => pages[fake.seen.length - 1];
    expect(await ids()).toEqual(['a', 'c', 'd']);
  });

  it('that never comes to its end because of deletions fails in the end', async () => {
    fake.respond = () => (fake.seen.length % 2 === 0 ? { status: 404 } : page(['a'], 'a'));
    await expect(ids()).rejects.toMatchObject({ status: 404 });
    expect(fake.seen).toHaveLength(8);
  });

  it('with a wrong filter fails at once', async () => {
    fake.respond = () => ({ status: 400 });
    await expect(ids()).rejects.toMatchObject({ status: 400 });
    expect(fake.seen).toHaveLength(1);
  });

  it.each([
    ['goes in a circle', page(['a'], 'a'), 'networks_links: the next page does not go on: a'],
    ['has no list', { body: {} }, 'Neutron GET /v2.0/networks (req-1).networks: an array was expected'],
    ['has an object without an id', { body: { networks: [{ id: 'a' }, {}] } }, 'networks[1].id: a string was expected'],
  ])('that %s is refused', async (_, answer, message) => {
    fake.respond = () => answer;
    await expect(ids()).rejects.toMatchObject({
      code: 'ERR_OPENSTACK_ANSWER',
      message: expect.stringContaining(message),
    });
  });
});
