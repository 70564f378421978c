/** `ERR_BED_UNSUPPORTED`: this machine cannot run the bed; `ERR_BED_FAILED`: it could, but something went wrong. */
export type BedErrorCode = 'ERR_BED_UNSUPPORTED' | 'ERR_BED_FAILED';

/** Why the bed is not as asked: what failed, the reason as far as it is known, and the log to read. */
export class BedError extends Error {
  readonly code: BedErrorCode;

  constructor(message: string, { code = 'ERR_BED_FAILED', cause }: { code?: BedErrorCode; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'BedError';
    this.code = code;
  }
}
