import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CLUSTER_ID, L7_ROUTER_UUID, loadConfiguration } from '@kuryr-l7/config';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { LiveConfiguration } from './live-configuration.js';

const FIRST = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
const SECOND = '0a1b580e-d894-442a-bc5f-4d14b41e10d2';
const OPTIONS = [L7_ROUTER_UUID, CLUSTER_ID];

let directory: string;
let told: string[];
let live: LiveConfiguration;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'live-configuration-'));
  told = [];
  const tell = (message: string) => void told.push(message);
  const logger = { debug: tell, info: tell, warn: tell, error: tell };
  write(`l7_router_uuid = ${FIRST}`);
  live = new LiveConfiguration(read(), { changing: [L7_ROUTER_UUID], fixed: [CLUSTER_ID] }, read, logger);
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(line: string): void {
  writeFileSync(join(directory, 'kuryr.conf'), `[ingress]\n${line}\n`);
}

function read() {
  return loadConfiguration({ options: OPTIONS, configFiles: [join(directory, 'kuryr.conf')] }).configuration;
}

describe('kuryr.conf, when the router is to be opened again', () => {
  it('is as before and not worth a word when nobody changed it', () => {
    live.refresh();
    expect(live.get(L7_ROUTER_UUID)).toBe(FIRST);
    expect(told).toEqual([]);
  });

  it('counts as it is now, and the changed option is told without its value', () => {
    write(`l7_router_uuid = ${SECOND}`);
    expect(live.get(L7_ROUTER_UUID)).toBe(FIRST);
    live.refresh();
    expect(live.get(L7_ROUTER_UUID)).toBe(SECOND);
    expect(told).toEqual([expect.stringMatching(/^\[ingress\] l7_router_uuid has changed \(.*kuryr\.conf:2\)$/)]);
  });

  it('counts as it was while it is wrong, which is told once', () => {
    write('l7_router_uuid');
    live.refresh();
    live.refresh();
    expect(live.get(L7_ROUTER_UUID)).toBe(FIRST);
    expect(told).toEqual([expect.stringMatching(/^the configuration can't be read again.*kuryr\.conf:2/s)]);
    write(`l7_router_uuid = ${SECOND}`);
    live.refresh();
    expect(live.get(L7_ROUTER_UUID)).toBe(SECOND);
  });

  it('keeps the cluster_id of the start, by which what was made is known, and says once that another needs a restart', () => {
    write(`l7_router_uuid = ${SECOND}\ncluster_id = other`);
    live.refresh();
    live.refresh();
    expect([live.get(L7_ROUTER_UUID), live.get(CLUSTER_ID)]).toEqual([SECOND, CLUSTER_ID.default]);
    const restart = /^\[ingress\] cluster_id has changed \(.*kuryr\.conf:3\): .*when the controller is started again/;
    expect(told).toEqual([expect.stringMatching(/l7_router_uuid has changed/), expect.stringMatching(restart)]);
  });

  it('counts as it was while it is not there', () => {
    rmSync(join(directory, 'kuryr.conf'));
    live.refresh();
    expect(live.get(L7_ROUTER_UUID)).toBe(FIRST);
    expect(told).toHaveLength(1);
  });

  it('stays as it was for a controller that has no file', () => {
    const fixed = new LiveConfiguration(read(), { changing: OPTIONS, fixed: [] }, undefined, SILENT_LOGGER);
    write(`l7_router_uuid = ${SECOND}`);
    fixed.refresh();
    expect(fixed.get(L7_ROUTER_UUID)).toBe(FIRST);
  });
});
