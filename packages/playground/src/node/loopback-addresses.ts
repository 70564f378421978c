import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { systemErrorCode } from '../system-error.js';

/** The port of the kubelet; here it only tells another playground on this machine that the block of addresses is in use. */
const KUBELET_PORT = 10_250;
/** 127.64.0.0/10, one /16 for each playground. */
const FIRST_BLOCK = 64;
const LAST_BLOCK = 127;
const ADDRESSES_PER_BLOCK = 0xffff;

/**
 * The addresses of one node and its Pods. On Linux every address of 127.0.0.0/8 can be bound, so that each Pod gets its own; elsewhere all share
 * 127.0.0.1 and differ by port.
 */
export class LoopbackAddresses {
  readonly nodeAddress: string;
  readonly #claim: Server | undefined;
  readonly #block: number | undefined;
  readonly #free: number[] = [];
  #next = 2;

  private constructor(block: number | undefined, claim: Server | undefined) {
    this.#block = block;
    this.#claim = claim;
    this.nodeAddress = block === undefined ? '127.0.0.1' : `127.${block}.0.1`;
  }

  /** Whether each Pod gets an address of its own. */
  get unique(): boolean {
    return this.#block !== undefined;
  }

  /** Takes the first block that no other playground has; without one (or where there is only one loopback address) they all share 127.0.0.1. */
  static async claim(): Promise<LoopbackAddresses> {
    for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block += 1) {
      const server = createServer((socket) => socket.destroy());
      try {
        server.listen(KUBELET_PORT, `127.${block}.0.1`);
        await once(server, 'listening');
        return new LoopbackAddresses(block, server);
      } catch (error) {
        if (systemErrorCode(error) !== 'EADDRINUSE') break;
      }
    }
    return LoopbackAddresses.shared();
  }

  /** Everybody at 127.0.0.1. */
  static shared(): LoopbackAddresses {
    return new LoopbackAddresses(undefined, undefined);
  }

  /** Throws RangeError when 65,533 Pods have one. An address that was given back is used again as late as possible. */
  take(): string {
    if (this.#block === undefined) return this.nodeAddress;
    const number = this.#next < ADDRESSES_PER_BLOCK ? this.#next++ : this.#free.shift();
    if (number === undefined) throw new RangeError('every Pod address of the playground is taken: delete Pods');
    return `127.${this.#block}.${number >> 8}.${number & 0xff}`;
  }

  giveBack(address: string): void {
    if (this.#block === undefined) return;
    const [, , third, fourth] = address.split('.');
    this.#free.push(Number(third) * 256 + Number(fourth));
  }

  async close(): Promise<void> {
    if (this.#claim === undefined || !this.#claim.listening) return;
    this.#claim.close();
    await once(this.#claim, 'close');
  }
}
