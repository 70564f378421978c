#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A reader that has enough, such as head, is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

const program = new URL('../dist/main.js', import.meta.url);

if (existsSync(program)) {
  const { main } = await import(program.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('kuryr-l7 is not built yet: npm run build\n');
  process.exitCode = 1;
}
