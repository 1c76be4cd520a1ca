/** Validators of a dense network that run as processes of their own, to compare the others with. */
export const CONTROLS = 2;

/** From the first RPC port to L1's. */
export const MAX_PROCESSES = 400;

/** Where ports begin; `--port-offset` is added to each. */
export enum FirstPort {
  RPC = 8080,
  L1 = 8545,
  /** All are below the ports that systems give to outgoing connections: what is free now stays so over a restart. */
  P2P = 20_400,
}

const GIB = 2 ** 30;

/** What a process needs. */
export const PROCESS_BYTES = Math.round(0.35 * GIB);

/** What a process needs besides that makes one real proof at a time. */
export const PROVING_BYTES = 3 * GIB;

/** What a process with many validators needs: 2 GiB for 128, and never less than any process. */
export function denseBytes(validators: number): number {
  return Math.max(PROCESS_BYTES, Math.round((2 * GIB * validators) / 128));
}
