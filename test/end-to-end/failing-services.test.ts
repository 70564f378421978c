import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceCloud, service, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

let there: ServiceCloud;

beforeEach(async () => {
  there = await ServiceCloud.start(5);
});

afterEach(() => there.stop());

async function answer(path: string) {
  const response = await fetch(`${there.cluster.controller.healthUrl}${path}`);
  return { status: response.status, text: await response.text() };
}

const failing = async () => JSON.parse((await answer('/api/v1/status')).text).failing;

const other = (spec: object = {}) => service('other', { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec });

describe('Services whose load balancers can not be made', () => {
  it('are told by status, metrics and /readyz, which stays ready, until they are well again', async () => {
    const { interference } = there.simulator.octavia;
    const matches = ({ method }: { readonly method: string }) => method === 'POST';
    interference.fail({ answer: 400, count: Number.POSITIVE_INFINITY, message: 'worn out', matches });
    there.cluster.apply(web(), other());
    await there.cluster.startController(there.settings());
    await eventually(async () => {
      const { count, objects } = await failing();
      expect(count).toBe(2);
      const row = (name: string) => ({
        handler: 'lb',
        object: `Service default/${name}`,
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        reason: expect.stringContaining('worn out'),
      });
      expect(objects).toEqual(expect.arrayContaining([row('web'), row('other')]));
    });
    const readyz = await answer('/readyz');
    expect(readyz.status).toBe(200);
    expect(readyz.text).toMatch(
      /^\[\+\]objects ok, but these fail: lb 2; Service default\/\w+ since .*: .*worn out.*\nready$/m,
    );
    expect((await answer('/metrics')).text).toMatch(/^kuryr_l7_objects_failing\{handler="lb"\} 2$/m);
    interference.reset();
    // Changed Services are not waited with.
    const change = { sessionAffinity: 'ClientIP' };
    there.cluster.apply(web(change), other(change));
    await eventually(async () => expect(await failing()).toEqual({ count: 0, objects: [] }));
    expect((await answer('/readyz')).text).toContain('[+]objects ok\n');
    expect((await answer('/metrics')).text).toContain('kuryr_l7_objects_failing{handler="lb"} 0\n');
  });
});
