import { seedOf } from "@sprtn/consensus";
import type { CommitteeSource } from "@sprtn/ports";
import { type Bytes32, type Epoch, EthAddress } from "@sprtn/primitives";
import { callView } from "./call-view.js";
import { rollupInterface, validatorRegistryInterface } from "./contracts/interfaces.js";
import type { L1Endpoints } from "./endpoints/l1-endpoints.js";
import type { RollupContracts } from "./rollup-contracts.js";

/** Sets and seeds as L1's head has them. */
export class EthersCommitteeSource implements CommitteeSource {
  readonly #endpoints: L1Endpoints;
  readonly #contracts: RollupContracts;

  constructor(dependencies: { readonly endpoints: L1Endpoints }, settings: { readonly contracts: RollupContracts }) {
    this.#endpoints = dependencies.endpoints;
    this.#contracts = settings.contracts;
  }

  async validatorsAt(epoch: Epoch): Promise<readonly EthAddress[]> {
    const target = { address: this.#contracts.validatorRegistry, contract: validatorRegistryInterface };
    const [members] = await this.#endpoints.run(provider => callView(provider, target, "getValidatorsAt", [epoch]));
    return [...(members as Iterable<string>)].map(EthAddress);
  }

  async seedOf(epoch: Epoch): Promise<Bytes32> {
    const target = { address: this.#contracts.rollup, contract: rollupInterface };
    const [randao] = await this.#endpoints.run(provider => callView(provider, target, "getRandaoAt", [epoch]));
    return seedOf(epoch, randao as bigint);
  }
}
