import { fromHex, type UnixSeconds } from "@sprtn/primitives";
import { JsonRpcProvider, Network, toQuantity } from "ethers";
import { requestError } from "../endpoints/request-error.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import type { AnvilExit, AnvilProcess } from "./anvil-process.js";
import type { StateKeeper } from "./state-keeper.js";

/** How long anvil may take to write its state. */
const STOP_TIMEOUT_MS = 30_000;

/** A running devnet, and the levers that a real L1 does not have. */
export class Devnet {
  readonly url: string;
  readonly port: number;
  readonly chainId: bigint;
  /** Resolves when the process has ended, asked to or not. */
  readonly exited: Promise<AnvilExit>;
  /** Resolves when the process has ended otherwise than {@link stop} asked it to. */
  readonly died: Promise<AnvilExit>;
  /** For tests and tools; ends with the devnet. */
  readonly provider: JsonRpcProvider;
  readonly #process: AnvilProcess;
  readonly #keeper: StateKeeper | undefined;
  #stopping: Promise<void> | undefined;
  #dead = false;

  constructor(
    dependencies: { readonly process: AnvilProcess; readonly keeper?: StateKeeper | undefined },
    settings: { readonly url: string; readonly port: number; readonly chainId: bigint },
  ) {
    this.#process = dependencies.process;
    this.#keeper = dependencies.keeper;
    this.url = settings.url;
    this.port = settings.port;
    this.chainId = settings.chainId;
    this.exited = dependencies.process.exited;
    this.died = new Promise(resolve => {
      const ended = (exit: AnvilExit) => {
        // Asked to, it ends with 0, but for Windows, where it is killed.
        if (this.#stopping !== undefined && (exit.code === 0 || process.platform === "win32")) return;
        this.#dead = true;
        resolve(exit);
      };
      // A process that could not be started has not died.
      void this.exited.then(ended, () => undefined);
    });
    const network = Network.from(settings.chainId);
    this.provider = new JsonRpcProvider(settings.url, network, {
      staticNetwork: network,
      cacheTimeout: -1,
      batchMaxCount: 1,
      pollingInterval: 50,
    });
  }

  /** Any JSON-RPC method. @throws REQUEST_FAILED */
  async request(method: string, params: readonly unknown[] = []): Promise<unknown> {
    try {
      return await this.provider.send(method, [...params]);
    } catch (error) {
      throw requestError(error);
    }
  }

  /** Mines blocks now, whatever the block time. */
  async mine(blocks = 1): Promise<void> {
    await this.request("anvil_mine", [toQuantity(blocks)]);
  }

  async setNextBlockTimestamp(at: UnixSeconds): Promise<void> {
    await this.request("evm_setNextBlockTimestamp", [at]);
  }

  /** Moves the chain's clock; the next blocks follow from there. */
  async increaseTime(seconds: number): Promise<void> {
    await this.request("evm_increaseTime", [seconds]);
  }

  /** Seconds between blocks; 0: only when asked to {@link mine}. */
  async setBlockTime(seconds: number): Promise<void> {
    await this.request("evm_setAutomine", [false]);
    await this.request("evm_setIntervalMining", [seconds]);
  }

  /** A block for every transaction. */
  async setAutomine(on: boolean): Promise<void> {
    await this.request("evm_setAutomine", [on]);
  }

  /**
   * Replaces the last `depth` blocks by as many empty ones; their transactions are gone, also from the pool. The clock
   * goes on from the last block's time, or from `now`: without it, each reorg takes up to a block time from the clock.
   * With a block time, one block more is mined first, and replaced too.
   */
  async reorg(depth: number, now?: UnixSeconds): Promise<void> {
    const before = now ?? (await this.#latestTimestamp());
    await this.#replaceLast(depth);
    // anvil gives every new block the time of the first one removed, and goes on from there.
    const behind = before - (await this.#latestTimestamp());
    if (behind > 0) await this.increaseTime(behind);
  }

  /**
   * anvil takes blocks away while it may be about to append one to them, and then lacks the parent of that one for
   * ever. So its interval stops meanwhile, and a block is mined, which waits for the one under way.
   */
  async #replaceLast(depth: number): Promise<void> {
    const interval = await this.request("anvil_getIntervalMining");
    if (typeof interval !== "number" || interval === 0) {
      await this.request("anvil_reorg", [depth, []]);
      return;
    }
    await this.request("evm_setIntervalMining", [0]);
    try {
      await this.mine();
      await this.request("anvil_reorg", [depth + 1, []]);
    } finally {
      await this.request("evm_setIntervalMining", [interval]);
    }
  }

  async setBalance(address: string, wei: bigint): Promise<void> {
    await this.request("anvil_setBalance", [address, toQuantity(wei)]);
  }

  /** A name for the chain's state now, for one {@link revert}. */
  async snapshot(): Promise<string> {
    return (await this.request("evm_snapshot")) as string;
  }

  /** Goes back to a snapshot, which is used up. @throws DEVNET_FAILED for an unknown one */
  async revert(snapshot: string): Promise<void> {
    const done = await this.request("evm_revert", [snapshot]);
    if (done !== true)
      throw new L1Error(
        L1ErrorCode.DEVNET_FAILED,
        `the devnet has no snapshot ${snapshot}: take a new one, since each can be used only once`,
      );
  }

  /** It answers nothing and mines nothing until {@link resume}: an L1 that nobody can reach. Not on Windows. */
  suspend(): void {
    this.#process.signal("SIGSTOP");
  }

  resume(): void {
    if (process.platform !== "win32") this.#process.signal("SIGCONT");
  }

  /** Ends it as a crash would: it writes nothing more. */
  kill(): void {
    this.#process.kill();
  }

  /** From now on, keeps what it writes of its state, if it has a state file and a clock. */
  async keepStates(): Promise<void> {
    await this.#keeper?.start();
  }

  /** Keeps its state now, if it has a state file, so that a crash costs nothing before. @throws DEVNET_BAD_STATE */
  async keepNow(): Promise<void> {
    await this.#keeper?.keep(fromHex((await this.request("anvil_dumpState")) as string));
  }

  /** The last lines that it wrote. */
  get output(): string {
    return this.#process.output;
  }

  /**
   * Writes the state file, if there is one, and ends the process. One that has died is only cleared away.
   * @throws DEVNET_FAILED when it does not end in time, DEVNET_BAD_STATE when the state was not written in full
   */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #latestTimestamp(): Promise<number> {
    const { timestamp } = (await this.request("eth_getBlockByNumber", ["latest", false])) as {
      readonly timestamp: string;
    };
    return Number(timestamp);
  }

  async #stop(): Promise<void> {
    // Somebody else may have suspended it.
    this.resume();
    this.provider.destroy();
    const dead = this.#dead;
    await this.#keeper?.beforeEnd();
    if (dead) return;
    const timeout = AbortSignal.timeout(STOP_TIMEOUT_MS);
    const late = Promise.withResolvers<never>();
    const giveUp = () =>
      late.reject(
        new L1Error(
          L1ErrorCode.DEVNET_FAILED,
          `the devnet did not end within ${STOP_TIMEOUT_MS} ms and was killed: its state file may be out of date`,
        ),
      );
    timeout.addEventListener("abort", giveUp, { once: true });
    try {
      await Promise.race([this.#process.end(), late.promise]);
    } catch (error) {
      this.#process.kill();
      throw error;
    } finally {
      timeout.removeEventListener("abort", giveUp);
    }
    // anvil ends with code 0 all the same.
    await this.#keeper?.afterEnd();
  }
}
