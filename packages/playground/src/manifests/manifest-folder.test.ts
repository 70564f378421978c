import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiObject } from '../api-server/index.js';
import type { Resource } from '../cluster/kinds/resource.js';
import { startTestCluster, type TestCluster, until } from '../embedded-cluster.fixture.js';
import { ManifestApplier } from './manifest-applier.js';
import { ManifestFolder } from './manifest-folder.js';

const CONFIG_MAPS: Resource<ApiObject> = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };

const configMap = (name: string, value: string, namespace = 'default') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: {key: "${value}"}\n`;

describe('a folder of manifests', () => {
  let cluster: TestCluster;
  let path: string;
  let folder: ManifestFolder;
  let progress: string[];
  let problems: string[];

  beforeEach(async () => {
    cluster = await startTestCluster();
    path = await mkdtemp(join(tmpdir(), 'manifests-'));
    progress = [];
    problems = [];
    const applier = new ManifestApplier({
      client: cluster.client,
      definitions: () => cluster.api.definitions(),
      onProgress: (message) => progress.push(message),
      onProblem: (message) => problems.push(message),
    });
    folder = new ManifestFolder(path, applier, {
      onProgress: (message) => progress.push(message),
      onProblem: (message) => problems.push(message),
    });
  });
  afterEach(async () => {
    await folder.close();
    await cluster.close();
    await rm(path, { recursive: true, force: true });
  });

  const write = (name: string, text: string) => writeFile(join(path, name), text);
  const values = (all: readonly ApiObject[]) =>
    Object.fromEntries(
      all.map(({ metadata, data }) => [metadata.name, (data as Record<string, string> | undefined)?.key]),
    );
  const become = (expected: Record<string, string>) =>
    until(cluster.client, CONFIG_MAPS, (all) => JSON.stringify(values(all)) === JSON.stringify(expected));

  it('is applied, and followed: new, changed and removed documents', async () => {
    await write('a.yaml', configMap('one', '1'));
    await write('notes.txt', 'not a manifest');
    await folder.applyOnce();
    expect(values(cluster.client.list(CONFIG_MAPS, { namespace: 'default' }).items)).toEqual({ one: '1' });
    folder.follow();
    await write('b.yml', `${configMap('three', '3')}---\n${configMap('two', '2')}`);
    await become({ one: '1', three: '3', two: '2' });
    await write('b.yml', configMap('two', 'changed'));
    await become({ one: '1', two: 'changed' });
    await unlink(join(path, 'a.yaml'));
    await become({ two: 'changed' });
    expect(problems).toEqual([]);
  });

  it('leaves alone what was changed by other means until the file itself changes', async () => {
    await write('a.yaml', configMap('one', '1'));
    await folder.applyOnce();
    cluster.client.patch({ ...CONFIG_MAPS, namespace: 'default', name: 'one' }, 'merge', { data: { key: 'by hand' } });
    await write('b.yaml', configMap('two', '2'));
    await folder.applyOnce();
    await become({ one: 'by hand', two: '2' });
    await write('a.yaml', configMap('one', 'newer'));
    await folder.applyOnce();
    await become({ one: 'newer', two: '2' });
  });

  it('tells file and line of what is wrong, applies the rest, and deletes nothing for want of reading it', async () => {
    await write('a.yaml', `${configMap('one', '1')}---\n${configMap('two', '2')}`);
    await folder.applyOnce();
    await write('a.yaml', `${configMap('one', 'newer')}---\nkind: [\n`);
    await folder.applyOnce();
    await folder.applyOnce();
    await become({ one: 'newer', two: '2' });
    expect(problems).toEqual([expect.stringMatching(/a\.yaml:7: /)]);
  });

  it('tells why the API refuses an object, once, and where it is', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {ports: [{port: 99999}]}\n';
    const unknown = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n';
    await write('a.yaml', `${configMap('one', '1')}---\n${service}---\n${unknown}`);
    await folder.applyOnce();
    await folder.applyOnce();
    expect(problems).toEqual([
      expect.stringMatching(/a\.yaml:6: Service refused: Service "bad" is invalid: .*Invalid value: 99999/),
      expect.stringMatching(/a\.yaml:11: the playground serves no kind Widget in example\.com\/v1$/),
    ]);
    await become({ one: '1' });
  });

  it('makes a Namespace that is missing, and says so; one in a later file comes first', async () => {
    await write('a.yaml', `${configMap('one', '1', 'made')}---\n${configMap('two', '2', 'given')}`);
    await write('b.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: given, labels: {team: shop}}\n');
    await folder.applyOnce();
    expect(progress.filter((line) => line.startsWith('made'))).toEqual([
      expect.stringMatching(/^made Namespace made, which .*a\.yaml:1 needs$/),
    ]);
    expect(
      cluster.client.get({ group: '', version: 'v1', plural: 'namespaces', namespace: '', name: 'given' }).metadata
        .labels,
    ).toMatchObject({ team: 'shop' });
  });

  it('tells of an object that two files hold', async () => {
    await write('a.yaml', configMap('one', 'a'));
    await write('b.yaml', configMap('one', 'b'));
    await folder.applyOnce();
    await become({ one: 'a' });
    expect(problems).toEqual([expect.stringMatching(/b\.yaml:1: ConfigMap default\/one is in .*a\.yaml as well/)]);
  });

  it('holds folders, which are read and followed too', async () => {
    await mkdir(join(path, 'shop', 'web'), { recursive: true });
    await mkdir(join(path, '.git'));
    await write('shop/web/a.yaml', configMap('one', '1'));
    await write('.git/b.yaml', configMap('hidden', '0'));
    await folder.applyOnce();
    folder.follow();
    await become({ one: '1' });
    await mkdir(join(path, 'blog'));
    await write('blog/b.yaml', configMap('two', '2'));
    await become({ one: '1', two: '2' });
    await write('shop/web/a.yaml', configMap('one', 'newer'));
    await become({ one: 'newer', two: '2' });
    await rm(join(path, 'shop'), { recursive: true });
    await become({ two: '2' });
    expect(problems).toEqual([]);
  });

  it('says that a file is good again once it is mended', async () => {
    await write('a.yaml', 'kind: [\n');
    await folder.applyOnce();
    expect(problems).toHaveLength(1);
    await write('a.yaml', configMap('one', '1'));
    await folder.applyOnce();
    await folder.applyOnce();
    expect(progress).toEqual([
      `${join(path, 'a.yaml')} is good again`,
      `applied ConfigMap default/one (${join(path, 'a.yaml')})`,
    ]);
  });

  it('tells of a link to nothing, keeps what was applied from it, and says when it leads somewhere again', async () => {
    const target = join(path, 'target.txt');
    await writeFile(target, configMap('one', '1'));
    await symlink(target, join(path, 'a.yaml'));
    await folder.applyOnce();
    await unlink(target);
    await folder.applyOnce();
    await folder.applyOnce();
    expect(problems).toEqual([`${join(path, 'a.yaml')}: a link to ${target}, which is not there`]);
    await become({ one: '1' });
    await writeFile(target, configMap('one', 'newer'));
    await folder.applyOnce();
    await become({ one: 'newer' });
    expect(progress).toContain(`${join(path, 'a.yaml')} is good again`);
  });

  it('tells of what only looks like a manifest', async () => {
    await mkdir(join(path, 'a.yaml'));
    await write('a.yaml/b.yaml', configMap('one', '1'));
    await mkdir(join(path, '.hidden'));
    await symlink(join(path, '.hidden'), join(path, 'linked'));
    await folder.applyOnce();
    await folder.applyOnce();
    expect(problems.sort()).toEqual([
      `${join(path, 'a.yaml')}: a folder, not a manifest; the files in it are read all the same`,
      `${join(path, 'linked')}: a link to a folder, which is not read`,
    ]);
    await become({ one: '1' });
  });

  it('tells of the same mistake again when it is made again', async () => {
    const unknown = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n';
    await write('a.yaml', unknown);
    await folder.applyOnce();
    await unlink(join(path, 'a.yaml'));
    await folder.applyOnce();
    await write('a.yaml', unknown);
    await folder.applyOnce();
    expect(problems).toHaveLength(2);
  });

  it('tells what is stored and then does nothing', async () => {
    const spec = 'spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}';
    await write('a.yaml', `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\n${spec}\n`);
    await folder.applyOnce();
    expect(progress).toContain(
      `${join(path, 'a.yaml')}:1: warning: the playground runs no StatefulSets; use a Deployment`,
    );
  });

  it('can not be started when it is not there', async () => {
    await rm(path, { recursive: true });
    await expect(folder.applyOnce()).rejects.toMatchObject({
      code: 'ERR_MANIFESTS_FOLDER',
      message: expect.stringContaining(path),
    });
  });
});
