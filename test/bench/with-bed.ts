import { down, status, up } from '#bed/bed';
import type { Progress } from '#bed/progress';

/** Does `work` with the OpenStack test bed up, and leaves it as it was. */
export async function withBed<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  if (status().every(({ pid }) => pid !== undefined)) return work();
  const told: Progress = (text) => progress(`test bed: ${text}`);
  try {
    await up(told);
    return await work();
  } finally {
    await down(told);
  }
}
