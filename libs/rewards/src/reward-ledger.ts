import { type BlockNumber, type EthAddress, Wei } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { splitProvenReward } from "./split-proven-reward.js";

/** Rewards a block, in L2-AZT wei, and the prover's share of the proven one in hundredths of a percent. */
export type RewardParameters = Pick<RollupParameters, "pendingReward" | "provenReward" | "proverShareBps">;

interface PendingBlock {
  readonly number: BlockNumber;
  readonly coinbase: EthAddress;
}

/**
 * What the Rollup credits to whom (spec/chain.md "Rewards"): pendingReward with each accepted block, kept through a
 * prune; provenReward, split between coinbase and prover, with each proven one.
 * The ledger settles at once where the contract settles lazily; the sums are the same once every proven block is
 * settled.
 */
export class RewardLedger {
  readonly #credits = new Map<EthAddress, bigint>();
  #unproven: PendingBlock[] = [];

  constructor(private readonly parameters: RewardParameters) {}

  blockAccepted(block: PendingBlock): void {
    this.#credit(block.coinbase, this.parameters.pendingReward);
    this.#unproven.push(block);
  }

  /** Blocks up to `number` are proven by `prover`. */
  blocksProven(number: BlockNumber, prover: EthAddress): void {
    const { toProver, toCoinbase } = splitProvenReward(this.parameters);
    const proven = this.#unproven.filter(block => block.number <= number);
    this.#unproven = this.#unproven.filter(block => block.number > number);
    for (const block of proven) {
      this.#credit(block.coinbase, toCoinbase);
      this.#credit(prover, toProver);
    }
  }

  /** PROV-4: unproven blocks are gone; what they were credited stays. */
  pruned(): void {
    this.#unproven = [];
  }

  creditOf(address: EthAddress): Wei {
    return Wei(this.#credits.get(address) ?? 0n);
  }

  /** INV-8: the sum of all credits. */
  total(): Wei {
    return Wei([...this.#credits.values()].reduce((sum, credit) => sum + credit, 0n));
  }

  #credit(address: EthAddress, amount: bigint): void {
    this.#credits.set(address, (this.#credits.get(address) ?? 0n) + amount);
  }
}
