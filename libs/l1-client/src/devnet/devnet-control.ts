import type { UnixSeconds } from "@sprtn/primitives";
import { JsonRpcProvider, Network, toQuantity } from "ethers";
import { requestError } from "../endpoints/request-error.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** The levers of a devnet that a real L1 does not have, over its RPC: whoever started it. */
export class DevnetControl {
  readonly url: string;
  readonly chainId: bigint;
  /** For tests and tools. */
  readonly provider: JsonRpcProvider;

  constructor({ url, chainId }: { readonly url: string; readonly chainId: bigint }) {
    this.url = url;
    this.chainId = chainId;
    const network = Network.from(chainId);
    this.provider = new JsonRpcProvider(url, network, {
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

  async #latestTimestamp(): Promise<number> {
    const { timestamp } = (await this.request("eth_getBlockByNumber", ["latest", false])) as {
      readonly timestamp: string;
    };
    return Number(timestamp);
  }
}
