import type { ApiClient } from './api-server/api-client.js';

export interface PlaygroundOptions {
  /** Port of the Kubernetes API on 127.0.0.1. Default 0: a free one. */
  readonly apiPort?: number;
  /**
   * Where the kubeconfig goes, readable by its owner alone; its folder must be there. Default: a new temporary folder. A file that is there
   * and is no kubeconfig of a playground is never overwritten. What was written is removed by `close()`, or with the end of the process.
   */
  readonly kubeconfigFile?: string;
  /** Folder of the user's own manifests, with its sub-folders: applied at the start and whenever they change. Default: none. */
  readonly manifests?: string;
  /** Whether the samples are applied: two Deployments behind one Ingress, and three cheeses. Default true. */
  readonly samples?: boolean;
  /** Ends a start that is under way: it is undone, and rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal;
  /** One line a step, for people, without a line end. */
  readonly onProgress?: (message: string) => void;
  /** What is wrong, and in which file and line where that is known; everything else goes on. For people, without a line end. */
  readonly onProblem?: (message: string) => void;
}

/** A running playground. */
export interface Playground {
  /** `https://127.0.0.1:PORT`. */
  readonly apiUrl: string;
  readonly kubeconfigFile: string;
  /** Its text. Holds the token. */
  readonly kubeconfig: string;
  /** PEM of the authority that signed the certificate of the API. */
  readonly ca: string;
  /** Bearer token that may do everything. */
  readonly token: string;
  /** The API without HTTP. */
  readonly client: ApiClient;
  /** Stops every server, watch and timer and removes the files that were written. May be called again. */
  close(): Promise<void>;
}
