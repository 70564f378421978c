import { get } from 'node:https';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { HttpFixture } from './http.fixture.js';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe('the API over HTTP', () => {
  let http: HttpFixture;

  beforeAll(async () => {
    http = await HttpFixture.start();
  });

  afterAll(() => http.close());

  it('is served with TLS that the kubeconfig’s authority vouches for', async () => {
    const kubeconfig = parse(http.server.kubeconfig());
    const [{ cluster }] = kubeconfig.clusters;
    expect(cluster.server).toBe(http.server.url);
    expect(Buffer.from(cluster['certificate-authority-data'], 'base64').toString()).toBe(http.server.ca);
    expect(kubeconfig.users[0].user.token).toBe(http.server.token);
    expect((await http.get('/api')).status).toBe(200);
    const stranger = new Promise((_resolve, reject) => get(`${http.server.url}/api`).once('error', reject));
    await expect(stranger).rejects.toThrow(/self-signed certificate|unable to (verify|get)/);
  });

  it('knows only the bearers of its tokens, and anybody may ask for its health and version', async () => {
    const answer = await http.send('GET', '/api/v1/pods', undefined, { authorization: 'Bearer nope' });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 });
    for (const path of ['/healthz', '/livez', '/readyz', '/version']) {
      expect((await http.send('GET', path, undefined, { authorization: '' })).status).toBe(200);
    }
  });

  it('tells what it serves in both forms of discovery', async () => {
    expect((await http.get('/api')).json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const groups = (await http.get('/apis')).json.groups as { name: string; preferredVersion: unknown }[];
    expect(groups.find(({ name }) => name === 'networking.k8s.io')?.preferredVersion).toEqual({
      groupVersion: 'networking.k8s.io/v1',
      version: 'v1',
    });
    const { resources } = (await http.get('/apis/apps/v1')).json as { resources: { name: string; kind: string }[] };
    expect(resources.map(({ name, kind }) => `${name} ${kind}`)).toEqual(
      expect.arrayContaining(['deployments Deployment', 'deployments/status Deployment', 'deployments/scale Scale']),
    );
    const aggregated = await http.get('/apis', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(aggregated.headers['content-type']).toContain('as=APIGroupDiscoveryList');
    expect(aggregated.json).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    expect((await http.get('/apis/nope')).status).toBe(404);
    expect((await http.get('/nope')).text).toBe('404 page not found\n');
  });

  it('lists its OpenAPI documents with an address that changes with them', async () => {
    const index = async () =>
      (await http.get('/openapi/v3')).json.paths as Record<string, { serverRelativeURL: string }>;
    const before = await index();
    const url = before['apis/apps/v1']?.serverRelativeURL ?? '';
    expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{64}$/);
    expect((await http.get(url)).json).toMatchObject({ info: { title: 'apps/v1' } });
    const spec = {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true }],
    };
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await http.send('POST', crds, { metadata: { name: 'things.example.com' }, spec });
    const after = await index();
    expect(after['apis/example.com/v1']).toBeDefined();
    expect(after['apis/apps/v1']).toEqual(before['apis/apps/v1']);
    expect((await http.get('/apis/example.com/v1/things')).json).toMatchObject({ kind: 'ThingList', items: [] });
  });

  it('creates, gets, updates, patches and deletes', async () => {
    const created = await http.send('POST', CONFIG_MAPS, { metadata: { name: 'crud' }, data: { a: '1' } });
    expect(created.status).toBe(201);
    const path = `${CONFIG_MAPS}/crud`;
    const updated = await http.send('PUT', path, { ...created.json, data: { a: '2' } });
    expect(updated.json).toMatchObject({ data: { a: '2' } });
    expect((await http.send('PUT', path, created.json)).json).toMatchObject({ code: 409, reason: 'Conflict' });
    const patched = await http.send(
      'PATCH',
      path,
      { data: { a: '3' } },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(patched.json).toEqual((await http.get(path)).json);
    const deleted = await http.send('DELETE', path, {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
    });
    expect(deleted.json).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'crud', kind: 'configmaps', uid: (created.json.metadata as { uid: string }).uid },
    });
    expect((await http.get(path)).json).toMatchObject({ code: 404, message: 'configmaps "crud" not found' });
  });

  it('lists items of built-in kinds without their type, in pages', async () => {
    await Promise.all(
      ['p1', 'p2', 'p3'].map((name) => http.send('POST', CONFIG_MAPS, { metadata: { name, labels: { page: 'x' } } })),
    );
    const first = (await http.get(`${CONFIG_MAPS}?limit=2&labelSelector=page%3Dx`)).json;
    expect(first).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    const items = first.items as Record<string, unknown>[];
    expect(items).toHaveLength(2);
    expect(items[0]).not.toHaveProperty('kind');
    const { continue: token } = first.metadata as { continue: string };
    const second = (await http.get(`${CONFIG_MAPS}?limit=2&labelSelector=page%3Dx&continue=${token}`)).json;
    expect((second.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)).toEqual(['p3']);
    const deleted = await http.send('DELETE', `${CONFIG_MAPS}?labelSelector=page%3Dx`);
    expect(deleted.json.items).toHaveLength(3);
  });

  it('shows Tables and bare metadata to who asks for them, and YAML', async () => {
    await http.send('POST', CONFIG_MAPS, { metadata: { name: 'shown' }, data: { a: '1' } });
    const path = `${CONFIG_MAPS}/shown`;
    const table = (await http.get(`${path}?includeObject=Object`, 'application/json;as=Table;g=meta.k8s.io;v=v1')).json;
    expect(table).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, { name: 'Version' }] });
    expect(table.rows).toMatchObject([{ cells: ['shown', expect.any(String)], object: { data: { a: '1' } } }]);
    const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
    const metadata = (await http.get(path, partial)).json;
    expect(metadata).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'shown' } });
    expect(metadata).not.toHaveProperty('data');
    expect(parse((await http.get(path, 'application/yaml')).text)).toMatchObject({ data: { a: '1' } });
  });

  it.each([
    ['', 'kubectl/v1.34.0 (linux/amd64) kubernetes/1', 'kubectl'],
    ['?fieldManager=me', 'kubectl/v1.34.0', 'me'],
    ['', `${'x'.repeat(200)}/1`, 'x'.repeat(128)],
    ['', '', 'unknown'],
  ])('records who writes with the query "%s" and the User-Agent "%s" as %s', async (query, userAgent, manager) => {
    const name = 'managed';
    const headers = { 'user-agent': userAgent };
    const created = await http.send('POST', `${CONFIG_MAPS}${query}`, { metadata: { name } }, headers);
    expect(created.json).toMatchObject({ metadata: { managedFields: [{ manager }] } });
    await http.send('DELETE', `${CONFIG_MAPS}/${name}`);
  });

  it('asks an apply for the name of its manager, whatever the User-Agent', async () => {
    const headers = { 'content-type': 'application/apply-patch+yaml', 'user-agent': 'kubectl/v1.34.0' };
    const metadata = { name: 'applied' };
    const applied = await http.send(
      'PATCH',
      `${CONFIG_MAPS}/applied`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata },
      headers,
    );
    expect(applied.json).toMatchObject({ code: 422, message: expect.stringContaining('fieldManager: Required') });
  });

  it('ends though a TLS handshake never goes on', async () => {
    const own = await HttpFixture.start();
    const socket = connect(own.server.port, '127.0.0.1');
    // Its bytes are there, so the server knows of the connection before it is told to end.
    await new Promise<void>((resolve) => socket.write(Buffer.from([22, 3, 1]), () => resolve()));
    await own.get('/version');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await own.close();
    await closed;
  });

  it('sends warnings as headers', async () => {
    const metadata = { name: 'warned', annotations: { 'test/admit': 'warn' } };
    const { headers } = await http.send('POST', CONFIG_MAPS, { metadata });
    expect(headers.warning).toBe('299 - "a \\"quoted\\" warning"');
  });

  it.each([
    ['POST', '/api/v1/pods', {}, 405, 'MethodNotAllowed'],
    ['DELETE', '/api/v1/namespaces', undefined, 405, 'MethodNotAllowed'],
    ['GET', '/api/v1/pods/name-without-namespace', undefined, 404, 'NotFound'],
    ['GET', '/api/v1/namespaces/default/nodes/x', undefined, 404, 'NotFound'],
    ['GET', `${CONFIG_MAPS}/x/log`, undefined, 404, 'NotFound'],
    ['POST', CONFIG_MAPS, '{"metadata":', 400, 'BadRequest'],
    ['POST', CONFIG_MAPS, undefined, 400, 'BadRequest'],
    ['GET', `${CONFIG_MAPS}?labelSelector=a+b`, undefined, 400, 'BadRequest'],
    ['GET', `${CONFIG_MAPS}?limit=many`, undefined, 400, 'BadRequest'],
    ['POST', `${CONFIG_MAPS}?dryRun=Some`, { metadata: { name: 'x' } }, 422, 'Invalid'],
  ])('answers %s %s with %j by %i %s', async (method, path, body, code, reason) => {
    const { status, json } = await http.send(method, path, body);
    expect(json).toMatchObject({ kind: 'Status', status: 'Failure', code, reason });
    expect(status).toBe(code);
  });

  it('refuses a body of more than 3 MB', async () => {
    const { status, json } = await http.send('POST', CONFIG_MAPS, 'x'.repeat(3 * 1024 * 1024 + 1));
    expect(status).toBe(413);
    expect(json).toMatchObject({ reason: 'RequestEntityTooLarge' });
  });

  it('refuses bodies and answers in notations that it does not know', async () => {
    const sent = await http.send('POST', CONFIG_MAPS, '<a/>', { 'content-type': 'text/xml' });
    expect(sent.json).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
    expect((await http.get(CONFIG_MAPS, 'text/xml')).json).toMatchObject({ code: 406, reason: 'NotAcceptable' });
    const patch = await http.send('PATCH', `${CONFIG_MAPS}/x`, {}, { 'content-type': 'application/json' });
    expect(patch.status).toBe(415);
  });

  it('tells users who they are and that they may do everything', async () => {
    const access = await http.send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      spec: { resourceAttributes: { verb: 'create', resource: 'pods' } },
    });
    expect(access.json).toMatchObject({ kind: 'SelfSubjectAccessReview', status: { allowed: true } });
    const self = await http.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect(self.json).toMatchObject({ status: { userInfo: { username: 'admin' } } });
  });

  it('streams a watch, in Tables too, and ends it when its time is up', async () => {
    const watch = http.watch(`${CONFIG_MAPS}?watch=1&fieldSelector=metadata.name%3Dwatched&allowWatchBookmarks=true`);
    const tables = http.watch(
      `${CONFIG_MAPS}?watch=true&fieldSelector=metadata.name%3Dwatched`,
      'application/json;as=Table;g=meta.k8s.io;v=v1',
    );
    await http.send('POST', CONFIG_MAPS, { metadata: { name: 'watched' } });
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'ConfigMap', metadata: { name: 'watched' } },
    });
    const first = await tables.next();
    expect(first).toMatchObject({ type: 'ADDED', object: { kind: 'Table', columnDefinitions: [{}, {}] } });
    await http.send('DELETE', `${CONFIG_MAPS}/watched`);
    expect(await watch.next()).toMatchObject({ type: 'DELETED' });
    const second = await tables.next();
    expect(second).toMatchObject({
      type: 'DELETED',
      object: { rows: [{ object: { metadata: { name: 'watched' } } }] },
    });
    expect(second?.object).not.toHaveProperty('columnDefinitions');
    watch.close();
    tables.close();
    const short = http.watch(
      `${CONFIG_MAPS}?watch=1&resourceVersion=${await version(http)}&timeoutSeconds=1&allowWatchBookmarks=1`,
    );
    expect(await short.next()).toMatchObject({ type: 'BOOKMARK' });
    expect(await short.next()).toBeUndefined();
  });

  it('tells a watch from before a compaction inside the stream that it expired', async () => {
    const before = await version(http);
    await http.send('POST', CONFIG_MAPS, { metadata: { name: 'compacted' } });
    http.server.compact();
    const watch = http.watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${before}`);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    expect(await watch.next()).toBeUndefined();
  });
});

describe('a failing API server', () => {
  let http: HttpFixture;

  beforeEach(async () => {
    http = await HttpFixture.start({ bookmarkIntervalMs: 5, users: ['admin', 'kuryr'] });
  });

  afterEach(() => http.close());

  it('answers as many requests as planned with the planned status', async () => {
    http.server.faults.answerNext(2, { status: 429, retryAfterSeconds: 3 });
    const first = await http.get(CONFIG_MAPS);
    expect(first.headers['retry-after']).toBe('3');
    expect(first.json).toMatchObject({ code: 429, reason: 'TooManyRequests' });
    expect((await http.get(CONFIG_MAPS)).status).toBe(429);
    expect((await http.get(CONFIG_MAPS)).status).toBe(200);
  });

  it('drops watches', async () => {
    const watch = http.watch(`${CONFIG_MAPS}?watch=1&allowWatchBookmarks=1`);
    await watch.next();
    expect(http.server.faults.dropWatches()).toBe(1);
    while ((await watch.line()) !== undefined);
    expect(http.server.faults.watchCount).toBe(0);
  });

  it('sends what is no JSON into its watches', async () => {
    const watch = http.watch(`${CONFIG_MAPS}?watch=1`);
    await http.send('POST', CONFIG_MAPS, { metadata: { name: 'a' } });
    await watch.next();
    http.server.faults.sendToWatches('{"type":"ADD\n');
    expect(await watch.line()).toBe('{"type":"ADD');
    watch.close();
  });

  it('falls silent while its connections stay open, and speaks to new ones again', async () => {
    const watch = http.watch(`${CONFIG_MAPS}?watch=1&allowWatchBookmarks=1`);
    await watch.next();
    http.server.faults.goSilent();
    const unanswered = http.get(CONFIG_MAPS).catch((error: Error) => error.message);
    while (http.server.faults.unansweredCount === 0) await new Promise(setImmediate);
    http.server.faults.speak();
    expect((await http.send('POST', CONFIG_MAPS, { metadata: { name: 'a' } })).status).toBe(201);
    expect(http.server.faults.watchCount).toBe(1);
    await http.server.stop();
    expect(await unanswered).toMatch(/socket hang up|ECONNRESET/);
    const rest: (string | undefined)[] = [];
    do rest.push(await watch.line());
    while (rest.at(-1) !== undefined);
    expect(rest.join()).not.toContain('ADDED');
  });

  it('refuses connections while it is stopped and has kept its objects after', async () => {
    await http.send('POST', CONFIG_MAPS, { metadata: { name: 'kept' } });
    await http.server.stop();
    const refused = new Promise((_resolve, reject) => connect(http.server.port, '127.0.0.1').once('error', reject));
    await expect(refused).rejects.toThrow(/ECONNREFUSED/);
    await http.server.restart();
    expect((await http.get(`${CONFIG_MAPS}/kept`)).status).toBe(200);
  });

  it('refuses a token that was renewed', async () => {
    const authorization = `Bearer ${http.server.token}`;
    const renewed = http.server.renewToken();
    expect((await http.send('GET', '/api', undefined, { authorization })).status).toBe(401);
    expect((await http.send('GET', '/api', undefined, { authorization: `Bearer ${renewed}` })).status).toBe(200);
    expect(parse(http.server.kubeconfig('kuryr')).users[0].name).toBe('kuryr');
    expect(() => http.server.kubeconfig('nobody')).toThrow(RangeError);
  });

  it('ends its watches when it is closed', async () => {
    const watch = http.watch(`${CONFIG_MAPS}?watch=1&allowWatchBookmarks=1`);
    await watch.next();
    await http.close();
    while ((await watch.line()) !== undefined);
  });
});

async function version(http: HttpFixture): Promise<string> {
  const { metadata } = (await http.get(CONFIG_MAPS)).json as { metadata: { resourceVersion: string } };
  return metadata.resourceVersion;
}
