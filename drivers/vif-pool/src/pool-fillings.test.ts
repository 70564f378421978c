import { expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { PORTS_POOL_UPDATE_FREQUENCY } from './options.js';
import { PoolFillings, type VifRequest } from './pool-fillings.js';

const configuration: Configuration = {
  get: <T>(option: Option<T>): T => (option.name === PORTS_POOL_UPDATE_FREQUENCY.name ? (0 as T) : option.default),
};

const request = (node: string) => ({ wanted: { node, projectId: 'p', subnetIds: ['pods'] } }) as unknown as VifRequest;

it('a pool that can not be filled up is logged once for all Pods that come, and again after it was', async () => {
  const lines: string[] = [];
  let failure: Error | undefined = new Error('Quota exceeded for resources: port (req-1)');
  const fillings = new PoolFillings({
    configuration,
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
