/** Who answers: one port of one Pod. Asked at each request, because Services come and go while the Pod runs. */
export interface EchoDestination {
  readonly namespace: string;
  readonly pod: string;
  /** The value of INGRESS_NAME in the environment of its containers, else `''`. */
  readonly ingress: string;
  /** The Service that leads to this port, as far as it can be known, else `''`. */
  service(): string;
  /** Whether the Pod is being deleted: its clients are asked to leave. */
  leaving(): boolean;
  log(line: string): void;
}
