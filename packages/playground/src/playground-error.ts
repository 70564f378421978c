/** Why a playground can't start. A person has to change an option; trying again as it is cannot help. */
export class PlaygroundError extends Error {
  /**
   * - `ERR_API_PORT`: the port of the Kubernetes API can't be bound;
   * - `ERR_KUBECONFIG_FILE`: the kubeconfig can't be written, or would overwrite another cluster's;
   * - `ERR_MANIFESTS_FOLDER`: the folder of manifests can't be read.
   */
  readonly code: 'ERR_API_PORT' | 'ERR_KUBECONFIG_FILE' | 'ERR_MANIFESTS_FOLDER';
  readonly retryable = false;
  override readonly name = 'PlaygroundError';

  constructor(code: PlaygroundError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Its message, for a sentence that says what it prevented. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
