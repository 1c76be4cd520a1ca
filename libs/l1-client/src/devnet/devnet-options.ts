import { nextState } from "./state-file.js";

/** How the devnet mines, which accounts have funds, and where its state is kept. */
export interface DevnetOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Interface to listen on; 127.0.0.1 unless told. */
  readonly host?: string;
  /** 31337 unless told. */
  readonly chainId?: bigint;
  /** Seconds between blocks; absent: a block for every transaction. */
  readonly blockTimeSeconds?: number;
  /** finalized = latest − 2 × this many blocks; 32 unless told. */
  readonly slotsInAnEpoch?: number;
  /** Time of the first block, seconds since 1970; now unless told. */
  readonly genesisTimestamp?: number;
  /** How many accounts of the mnemonic hold ether; 10 unless told. */
  readonly accounts?: number;
  readonly mnemonic?: string;
  /** Ether of each account; 10,000 unless told. */
  readonly balanceEther?: number;
  /**
   * Read at the start if it exists, and replaced at the end, and while the devnet runs if it has a clock: by what anvil
   * writes every `stateIntervalSeconds` (30 unless told) and at the end to a file of the same name with `.next` behind
   * it, once that is whole. Of a devnet that ends hard, the last two intervals may be missing.
   */
  readonly stateFile?: string;
  readonly stateIntervalSeconds?: number;
  /** The binary to run; that of the npm package unless told. */
  readonly binary?: string;
  /** 15,000 unless told. */
  readonly startTimeoutMs?: number;
}

/** anvil's public test mnemonic: its keys are known to everyone. */
export const DEVNET_MNEMONIC = "test test test test test test test test test test test junk";
/** The chain id that anvil and Hardhat give their chains. */
export const DEVNET_CHAIN_ID = 31337n;

/** How often anvil writes its state. */
export function stateIntervalMs({ stateIntervalSeconds = 30 }: DevnetOptions): number {
  return stateIntervalSeconds * 1000;
}

/** `loadState`: the file to continue from. */
export function anvilArguments(options: DevnetOptions, loadState?: string): string[] {
  const flag = (name: string, value: unknown) => (value === undefined ? [] : [name, String(value)]);
  return [
    ...flag("--port", options.port ?? 0),
    ...flag("--host", options.host ?? "127.0.0.1"),
    ...flag("--chain-id", options.chainId ?? DEVNET_CHAIN_ID),
    ...flag("--mnemonic", options.mnemonic ?? DEVNET_MNEMONIC),
    ...flag("--accounts", options.accounts),
    ...flag("--balance", options.balanceEther),
    ...flag("--block-time", options.blockTimeSeconds),
    ...flag("--slots-in-an-epoch", options.slotsInAnEpoch),
    ...flag("--timestamp", options.genesisTimestamp),
    ...flag("--load-state", loadState),
    ...(options.stateFile === undefined
      ? []
      : ["--dump-state", nextState(options.stateFile), "--state-interval", String(stateIntervalMs(options) / 1000)]),
  ];
}
