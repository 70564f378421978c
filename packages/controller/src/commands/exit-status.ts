/** Exit statuses of `kuryr-l7`. */
export const EXIT = {
  ok: 0,
  /** `plan`: there are changes; `status`: not ready; anything: it failed. */
  failed: 1,
  /** Wrong usage or a wrong kuryr.conf. */
  usage: 2,
} as const;
