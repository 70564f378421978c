import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationDirectory } from './configuration-directory.fixture.js';
import { type ConfigurationPlaces, findConfigurationFiles } from './configuration-search.js';

let directory: ConfigurationDirectory;
beforeEach(() => {
  directory = new ConfigurationDirectory();
});
afterEach(() => directory.remove());

/** The files found, the directory's name left out. */
function found(places: ConfigurationPlaces = {}): readonly string[] {
  const defaultSearch = { home: `${directory.path}/home`, etc: `${directory.path}/etc` };
  return findConfigurationFiles({ defaultSearch, ...places }).map((path) => path.replace(`${directory.path}/`, ''));
}

function write(...names: readonly string[]): void {
  for (const name of names) directory.write(name, '');
}

describe('without any file named', () => {
  const places = [
    'home/.kuryr-k8s/kuryr-k8s.conf',
    'home/kuryr-k8s.conf',
    'etc/kuryr-k8s/kuryr-k8s.conf',
    'etc/kuryr-k8s.conf',
    'etc/kuryr/kuryr.conf',
  ];

  it.each(places.map((place, index) => [place, index] as const))(
    'takes %s if none before it exists',
    (place, index) => {
      write(...places.slice(index));
      expect(found()).toEqual([place]);
    },
  );

  it('reads the first kuryr-k8s.conf.d as well', () => {
    write('etc/kuryr/kuryr.conf', 'etc/kuryr-k8s/kuryr-k8s.conf.d/b.conf', 'etc/kuryr-k8s/kuryr-k8s.conf.d/a.conf');
    write('etc/kuryr-k8s.conf.d/c.conf');
    expect(found()).toEqual([
      'etc/kuryr/kuryr.conf',
      'etc/kuryr-k8s/kuryr-k8s.conf.d/a.conf',
      'etc/kuryr-k8s/kuryr-k8s.conf.d/b.conf',
    ]);
  });

  it('needs none', () => {
    expect(found()).toEqual([]);
  });

  it('looks nowhere if told so', () => {
    expect(findConfigurationFiles({ defaultSearch: false })).toEqual([]);
  });
});

describe('files that are named', () => {
  it('are read in their order instead of those found', () => {
    write('etc/kuryr/kuryr.conf');
    const configFiles = [`${directory.path}/b.conf`, `${directory.path}/a.conf`];
    expect(found({ configFiles })).toEqual(['b.conf', 'a.conf']);
  });

  it('may begin with the home directory', () => {
    expect(found({ configFiles: ['~/x.conf'] })).toEqual(['home/x.conf']);
  });

  it('do not keep the directories from being looked for, as in oslo.config', () => {
    write('etc/kuryr-k8s.conf.d/c.conf');
    expect(found({ configFiles: ['~/x.conf'] })).toEqual(['home/x.conf', 'etc/kuryr-k8s.conf.d/c.conf']);
  });
});

describe('directories that are named', () => {
  it('give their *.conf files in order of name, after the single files', () => {
    write('d/10.conf', 'd/9.conf', 'd/B.conf', 'd/a.conf', 'd/.hidden.conf', 'd/notes.txt', 'd/x.conf.bak', 'e/0.conf');
    const configDirs = [`${directory.path}/d`, `${directory.path}/e`];
    expect(found({ configFiles: ['~/x.conf'], configDirs })).toEqual([
      'home/x.conf',
      'd/10.conf',
      'd/9.conf',
      'd/B.conf',
      'd/a.conf',
      'e/0.conf',
    ]);
  });

  it('have to be there', () => {
    expect(() => found({ configDirs: [`${directory.path}/none`] })).toThrow(
      'none: Failed to read config file directory',
    );
  });

  it('have to be there: all that are not are reported', () => {
    write('file.conf');
    expect(() => found({ configDirs: [`${directory.path}/none`, `${directory.path}/file.conf`] })).toThrow(
      `${directory.path}/none: Failed to read config file directory: no such file or directory\n` +
        `${directory.path}/file.conf: Failed to read config file directory: not a directory`,
    );
  });
});
