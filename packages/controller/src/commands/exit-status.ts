/** Exit statuses of `kuryr-l7`. */
export const EXIT = {
  ok: 0,
  /** `plan`: there are changes; `status`: not up to date; `cleanup`: something is there. Nothing else of these, so that a script can tell. */
  differs: 1,
  /** `run`, `playground`: it could not start or go on. */
  failed: 1,
  /** Wrong usage or a wrong kuryr.conf. */
  usage: 2,
  /** `plan`, `explain`, `status`: no controller, or one that can't answer. */
  unanswered: 2,
} as const;
