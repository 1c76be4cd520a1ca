import { epochOf, provingDeadlines } from "@sprtn/consensus";
import type { RollupView } from "@sprtn/ports";
import { BlockNumber, type Epoch, Slot, type UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import type { JsonRpcProvider } from "ethers";
import { callView } from "./call-view.js";
import { rollupInterface } from "./contracts/interfaces.js";
import { fromAnswer } from "./endpoints/from-answer.js";
import type { L1Endpoints } from "./endpoints/l1-endpoints.js";
import type { RollupContracts } from "./rollup-contracts.js";

/** The deployment's contracts and parameters. */
export interface RollupViewSettings {
  readonly contracts: RollupContracts;
  readonly parameters: RollupParameters;
}

interface Tips {
  readonly pending: BlockNumber;
  readonly proven: BlockNumber;
  /** 1 + the last epoch in which the rollup was touched; 0 for none. */
  readonly touchedPlusOne: number;
}

/** The Rollup's state at L1's head. */
export class EthersRollupView implements RollupView {
  readonly #endpoints: L1Endpoints;
  readonly #settings: RollupViewSettings;

  constructor(dependencies: { readonly endpoints: L1Endpoints }, settings: RollupViewSettings) {
    this.#endpoints = dependencies.endpoints;
    this.#settings = settings;
  }

  async tips(): Promise<{ readonly pending: BlockNumber; readonly proven: BlockNumber }> {
    const { pending, proven } = await this.#endpoints.run(provider => this.#tips(provider));
    return { pending, proven };
  }

  /** True also for an epoch that has passed: nothing can fix its randao any more (SEED-1). */
  async randaoCheckpointed(epoch: Epoch): Promise<boolean> {
    const { touchedPlusOne } = await this.#endpoints.run(provider => this.#tips(provider));
    return touchedPlusOne > epoch;
  }

  async isSetUp(epoch: Epoch): Promise<boolean> {
    const [commitment] = await this.#endpoints.run(provider => this.#call(provider, "commitmentOf", [epoch]));
    return BigInt(commitment as string) !== 0n;
  }

  async canPrune(at: UnixSeconds): Promise<boolean> {
    const { parameters } = this.#settings;
    return this.#endpoints.run(async provider => {
      const { pending, proven } = await this.#tips(provider);
      if (pending === proven) return false;
      const [record] = await this.#call(provider, "getRecord", [proven + 1]);
      // PROV-4: only after D2 of the first unproven block's epoch.
      const slot = fromAnswer("getRecord", () => Slot(Number((record as { slot: bigint }).slot)));
      const epoch = epochOf(parameters, slot);
      return at > provingDeadlines(parameters, epoch).d2;
    });
  }

  async #tips(provider: JsonRpcProvider): Promise<Tips> {
    const [tips] = await this.#call(provider, "getTips", []);
    const { pending, proven, touchedPlusOne } = tips as Record<keyof Tips, bigint>;
    return fromAnswer("getTips", () => ({
      pending: BlockNumber(Number(pending)),
      proven: BlockNumber(Number(proven)),
      touchedPlusOne: Number(touchedPlusOne),
    }));
  }

  async #call(provider: JsonRpcProvider, name: string, args: readonly unknown[]): Promise<readonly unknown[]> {
    return callView(provider, { address: this.#settings.contracts.rollup, contract: rollupInterface }, { name, args });
  }
}
