/** `npm run openstack:up`, `:down`, `:status`, `:unstick`, `:enter`: the OpenStack test bed of test/openstack. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, ROOT } from './prepare.mjs';

// What runs in the bed may be read by a program: nothing but its own output.
if (process.argv[2] !== 'enter') await prepare('test/openstack');
await import(pathToFileURL(join(ROOT, 'test', 'openstack', 'dist', 'bed', 'main.js')).href);
