/** `npm run openstack:up`, `:down`, `:status`, `:unstick`, `:enter`: the OpenStack test bed of test/openstack. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, ROOT } from './prepare.mjs';

// A reader that has enough, such as head, must not break off what is under way.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

const command = process.argv[2];
// Who brings a cloud up wants to use it: the whole controller. What runs in the bed may be read by a program: nothing but
// its own output.
if (command === 'up') await prepare();
else if (command !== 'enter') await prepare('test/openstack');
await import(pathToFileURL(join(ROOT, 'test', 'openstack', 'dist', 'bed', 'main.js')).href);
