/** For any call to the cloud. */
export interface CallOptions {
  /**
   * Ends the call, which then rejects with the signal's reason. What was sent may have been done all the same.
   */
  readonly signal?: AbortSignal;
}
