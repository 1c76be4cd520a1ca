import { assertFixed, lastFixedEpoch, seedOf, type TimeParameters } from "@sprtn/consensus";
import type { CommitteeSource } from "@sprtn/ports";
import { type Bytes32, type Epoch, EthAddress } from "@sprtn/primitives";
import type { JsonRpcProvider } from "ethers";
import { type CallTarget, callView } from "./call-view.js";
import { rollupInterface, validatorRegistryInterface } from "./contracts/interfaces.js";
import { fromAnswer } from "./endpoints/from-answer.js";
import type { L1Endpoints } from "./endpoints/l1-endpoints.js";
import { latestBlock } from "./heads/latest-block.js";
import type { RollupContracts } from "./rollup-contracts.js";

/** The deployment's contracts and its clock. */
export interface CommitteeSourceSettings {
  readonly contracts: RollupContracts;
  readonly time: TimeParameters;
}

/** Sets and seeds as L1's head has them. What the head does not have fixed yet is refused (SEED-1, SET-3). */
export class EthersCommitteeSource implements CommitteeSource {
  readonly #endpoints: L1Endpoints;
  readonly #rollup: CallTarget;
  readonly #registry: CallTarget;
  readonly #time: TimeParameters;

  constructor(dependencies: { readonly endpoints: L1Endpoints }, settings: CommitteeSourceSettings) {
    this.#endpoints = dependencies.endpoints;
    this.#rollup = { address: settings.contracts.rollup, contract: rollupInterface };
    this.#registry = { address: settings.contracts.validatorRegistry, contract: validatorRegistryInterface };
    this.#time = settings.time;
  }

  /** @throws ConsensusError NOT_FIXED; L1Error */
  async validatorsAt(epoch: Epoch): Promise<readonly EthAddress[]> {
    return this.#fixed(epoch, { target: this.#registry, name: "getValidatorsAt" }, members =>
      [...(members as Iterable<string>)].map(EthAddress),
    );
  }

  /** @throws ConsensusError NOT_FIXED; L1Error */
  async seedOf(epoch: Epoch): Promise<Bytes32> {
    return this.#fixed(epoch, { target: this.#rollup, name: "getRandaoAt" }, randao => seedOf(epoch, randao as bigint));
  }

  /**
   * A view of one epoch, at a head that has this epoch fixed: an endpoint that lags is not believed beyond its head.
   */
  async #fixed<T>(
    epoch: Epoch,
    { target, name }: { readonly target: CallTarget; readonly name: string },
    read: (value: unknown) => T,
  ): Promise<T> {
    return this.#endpoints.run(async (provider: JsonRpcProvider) => {
      const { number, timestamp } = await latestBlock(provider);
      const [tips] = await callView(provider, this.#rollup, { name: "getTips", at: number });
      const { touchedPlusOne } = tips as { readonly touchedPlusOne: bigint };
      assertFixed(epoch, lastFixedEpoch(this.#time, timestamp, Number(touchedPlusOne)));
      const [value] = await callView(provider, target, { name, args: [epoch], at: number });
      return fromAnswer(name, () => read(value));
    });
  }
}
