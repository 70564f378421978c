/** Root of this package's errors. `retryable` says whether the same call may succeed later. */
export abstract class KubernetesError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** How to reach the API server is not said, or said wrongly; a person has to change it. */
export class KubernetesConfigurationError extends KubernetesError {
  readonly code = 'ERR_KUBERNETES_CONFIGURATION';
  readonly retryable = false;
  /** Which of the {@link ConnectionOptions} is wrong, where it is one of these. */
  readonly concerns: 'kubeconfig' | 'context' | undefined;

  constructor(message: string, options: ErrorOptions & { readonly concerns?: 'kubeconfig' | 'context' } = {}) {
    super(message, options);
    this.concerns = options.concerns;
  }
}

/** A token or certificate can't be had now: file not readable, credential plugin failed. */
export class KubernetesCredentialsError extends KubernetesError {
  readonly code = 'ERR_KUBERNETES_CREDENTIALS';
  readonly retryable = true;
}

/** No (complete) answer: refused, reset, timed out, silent, TLS failure. */
export class KubernetesConnectionError extends KubernetesError {
  readonly code = 'ERR_KUBERNETES_CONNECTION';
  readonly retryable = true;
}

/** An answer that is not what the Kubernetes API promises: not JSON, a field missing. The message names the field. */
export class KubernetesResponseError extends KubernetesError {
  readonly code = 'ERR_KUBERNETES_RESPONSE';
  readonly retryable = true;
}

/** The shared watcher was stopped before the first list was in the store. */
export class WatcherStoppedError extends KubernetesError {
  readonly code = 'ERR_WATCHER_STOPPED';
  readonly retryable = false;
}

/** Reason of the abort of what a leader does: its Lease was not renewed in time, or another has it. */
export class LeadershipLostError extends KubernetesError {
  readonly code = 'ERR_LEADERSHIP_LOST';
  readonly retryable = true;
}
