import { describe, expect, it } from '@jest/globals';
import type { ApiObject, PodLogOptions } from '../api-server/index.js';
import { LogBuffer } from './log-buffer.js';
import { podLogFrom } from './pod-log.js';

const POD: ApiObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' } };

function read(log: LogBuffer | undefined, options: Partial<PodLogOptions> = {}): AsyncIterable<string> {
  const all = { follow: false, previous: false, timestamps: false, signal: new AbortController().signal, ...options };
  return podLogFrom(() => log)(POD, all);
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

function logged(...lines: readonly string[]): LogBuffer {
  const log = new LogBuffer();
  for (const line of lines) log.append(line);
  return log;
}

describe('podLogFrom', () => {
  it('gives the lines, or the last of them', async () => {
    expect(await textOf(read(logged('one', 'two')))).toBe('one\ntwo\n');
    expect(await textOf(read(logged('one', 'two'), { tailLines: 1 }))).toBe('two\n');
    expect(await textOf(read(logged('one', 'two'), { tailLines: 0 }))).toBe('');
  });

  it('begins each line with its time on demand', async () => {
    expect(await textOf(read(logged('one'), { timestamps: true }))).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one\n$/);
  });

  it('keeps the newest lines', async () => {
    const log = logged(...Array.from({ length: 600 }, (_, index) => `line ${index}`));
    expect(log.lines).toHaveLength(500);
    expect(log.lines[0]?.text).toBe('line 100');
  });

  it('follows until the Pod ends', async () => {
    const log = logged('before');
    const text = textOf(read(log, { follow: true }));
    await new Promise((resolve) => setImmediate(resolve));
    log.append('after');
    log.end();
    expect(await text).toBe('before\nafter\n');
    expect(await textOf(read(log, { follow: true }))).toBe('before\nafter\n');
  });

  it('follows until the client leaves', async () => {
    const client = new AbortController();
    const text = textOf(read(logged('before'), { follow: true, signal: client.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    client.abort();
    expect(await text).toBe('before\n');
  });

  it('refuses where there is no log', async () => {
    await expect(textOf(read(undefined))).rejects.toThrow('running container in pod "web" not found');
    await expect(textOf(read(logged(), { previous: true }))).rejects.toThrow(
      'previous terminated container in pod "web" not found',
    );
  });
});
