import { type HealthMonitorUpdate, ifThere } from '@kuryr-l7/openstack';
import type { HealthMonitor } from '@kuryr-l7/router';
import { defaultTags } from '../ownership/left-to-octavia.js';
import { nameOf } from '../ownership/ownership.js';
import { type ChangeOf, poolOf, type WriteContext } from './write-context.js';

/** A monitor in ERROR, or of another type, has to go before another one comes: a pool has at most one. */
export async function setHealthMonitor(
  context: WriteContext,
  change: ChangeOf<'setHealthMonitor'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer } = context;
  const { pool: name, healthMonitor } = change;
  const pool = poolOf(context, change);
  const current = await monitorOf(context, pool.id);
  if (current !== undefined && (current.provisioning_status === 'ERROR' || current.type !== healthMonitor.type)) {
    await deleteMonitor(context, name, current.id, signal);
  } else if (current !== undefined) {
    const fields = { ...monitorFields(context, healthMonitor), ...resetFields(healthMonitor) };
    const send = () => octavia.healthMonitors.update(current.id, fields);
    await loadBalancer.write({ verb: 'update', kind: 'health monitor', name: `of pool ${name}`, send }, signal);
    await loadBalancer.settled(
      `the health monitor of pool ${name}`,
      () => octavia.healthMonitors.get(current.id),
      signal,
    );
    return;
  }
  const { type, delay, timeout, maxRetries } = healthMonitor;
  const created = await loadBalancer.write(
    {
      verb: 'create',
      kind: 'health monitor',
      name: `of pool ${name}`,
      send: () =>
        octavia.healthMonitors.create({
          ...monitorFields(context, healthMonitor),
          pool_id: pool.id,
          name: nameOf(name),
          type,
          delay,
          timeout,
          max_retries: maxRetries,
        }),
      find: () => monitorOf(context, pool.id),
    },
    signal,
  );
  await loadBalancer.settled(
    `the health monitor of pool ${name}`,
    () => octavia.healthMonitors.get(created.id),
    signal,
  );
}

export async function deleteHealthMonitor(
  context: WriteContext,
  change: ChangeOf<'deleteHealthMonitor'>,
  signal: AbortSignal,
): Promise<void> {
  const pool = poolOf(context, change);
  const current = await monitorOf(context, pool.id);
  if (current !== undefined) await deleteMonitor(context, change.pool, current.id, signal);
}

async function deleteMonitor(context: WriteContext, pool: string, id: string, signal: AbortSignal): Promise<void> {
  const { octavia, loadBalancer } = context;
  const send = () => ifThere(() => octavia.healthMonitors.delete(id));
  await loadBalancer.write({ verb: 'delete', kind: 'health monitor', name: `of pool ${pool}`, send }, signal);
  await loadBalancer.gone(`the health monitor of pool ${pool}`, () => octavia.healthMonitors.get(id));
}

async function monitorOf({ octavia }: WriteContext, poolId: string) {
  return (await octavia.healthMonitors.list({ pool_id: poolId })).at(0);
}

function monitorFields({ ownership }: WriteContext, monitor: HealthMonitor): HealthMonitorUpdate {
  const { delay, timeout, maxRetries, maxRetriesDown, httpMethod, urlPath, expectedCodes } = monitor;
  return {
    tags: [ownership.clusterTag, ...defaultTags(monitor)],
    admin_state_up: true,
    delay,
    timeout,
    max_retries: maxRetries,
    max_retries_down: maxRetriesDown,
    ...(httpMethod !== undefined && { http_method: httpMethod }),
    ...(urlPath !== undefined && { url_path: urlPath }),
    ...(expectedCodes !== undefined && { expected_codes: expectedCodes }),
  };
}

/** What is not wanted any more goes back to Octavia's default, which a PUT does for null. */
function resetFields({ type, httpMethod, urlPath, expectedCodes }: HealthMonitor): HealthMonitorUpdate {
  if (type !== 'HTTP') return {};
  return {
    ...(httpMethod === undefined && { http_method: null }),
    ...(urlPath === undefined && { url_path: null }),
    ...(expectedCodes === undefined && { expected_codes: null }),
  };
}
