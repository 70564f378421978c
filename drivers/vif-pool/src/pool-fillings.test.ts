import { expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { PORTS_POOL_UPDATE_FREQUENCY } from './options.js';
import { PoolFillings, type VifRequest } from './pool-fillings.js';

/** @param frequency in seconds */
const updatedEvery = (frequency: number): Configuration => ({
  get: <T>(option: Option<T>): T =>
    option.name === PORTS_POOL_UPDATE_FREQUENCY.name ? (frequency as T) : option.default,
});

const request = (node: string) => ({ wanted: { node, projectId: 'p', subnetIds: ['pods'] } }) as unknown as VifRequest;

it('a pool that can not be filled up is logged once for all Pods that come, and again after it was', async () => {
  const lines: string[] = [];
  let failure: Error | undefined = new Error('Quota exceeded for resources: port (req-1)');
  const fillings = new PoolFillings({
    configuration: updatedEvery(0),
    logger: { ...SILENT_LOGGER, warn: (text) => void lines.push(text) },
    count: () => 0,
    settle: async () => undefined,
    make: async () => {
      if (failure !== undefined) throw failure;
    },
  });
  const refill = async (node: string) => {
    fillings.refill(request(node));
    await fillings.close();
  };
  for (const _pod of [1, 2, 3]) await refill('node-1');
  await refill('node-2');
  expect(lines).toEqual(
    Array(2).fill('a pool of VIFs could not be filled up: Quota exceeded for resources: port (req-1)'),
  );
  failure = undefined;
  await refill('node-1');
  failure = new Error('Quota exceeded for resources: port (req-2)');
  await refill('node-1');
  expect(lines).toHaveLength(3);
});

it('a pool is filled up at once, and a failure of it logged, where it was forgotten because its node had gone', async () => {
  const lines: string[] = [];
  const fillings = new PoolFillings({
    configuration: updatedEvery(3_600),
    logger: { ...SILENT_LOGGER, warn: (_text, fields) => void lines.push(JSON.stringify(fields)) },
    count: () => 0,
    settle: async () => undefined,
    make: async () => {
      throw new Error('Quota exceeded for resources: port');
    },
  });
  const refill = async () => {
    for (const node of ['node-1', 'node-2']) fillings.refill(request(node));
    await fillings.close();
  };
  await refill();
  await refill();
  expect(lines).toEqual(['{"pool":"node-1 p pods"}', '{"pool":"node-2 p pods"}']);
  fillings.forget(({ node }) => node === 'node-2');
  await refill();
  expect(lines.slice(2)).toEqual(['{"pool":"node-2 p pods"}']);
});
