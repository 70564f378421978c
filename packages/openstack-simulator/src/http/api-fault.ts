/** A request that is answered with an error; each service puts it in its own words. */
export class ApiFault extends Error {
  readonly code = 'ERR_API_FAULT';
  readonly status: number;
  /** Neutron's name of the error, e.g. `PortNotFound`. */
  readonly type: string;

  constructor(status: number, message: string, type = 'HTTPError') {
    super(message);
    this.name = 'ApiFault';
    this.status = status;
    this.type = type;
  }
}
