import type { BlockSubmission, L1Publisher, L1Receipt, ProofSubmission } from "@sprtn/ports";
import {
  type Epoch,
  type EthAddress,
  fieldToHex,
  type Hex,
  toHex,
  type UnixSeconds,
  type Wei,
} from "@sprtn/primitives";
import { constants, decodeHeader } from "@sprtn/protocol";
import { callView } from "../call-view.js";
import { oracleInterface, rollupInterface } from "../contracts/interfaces.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { committeeSizeOf, type EffectsChunk, planEffects } from "./effects-chunks.js";
import { gasLimits, proposeGasLimit, publishGasLimit, setupEpochGasLimit, totalGasLimit } from "./gas-limits.js";
import type { RawReceipt } from "./raw-receipt.js";
import type { TransactionRequest } from "./transaction-request.js";
import type { TransactionSender } from "./transaction-sender.js";

/** The deployment that is published to, and limits of what travels in one transaction. */
export interface L1PublisherSettings {
  readonly contracts: RollupContracts;
  /** Members of a committee, at most. */
  readonly committeeSize: number;
  /** Effects longer than this travel in chunks; MAX_EFFECTS_CALLDATA_BYTES unless told. */
  readonly maxEffectsCalldataBytes?: number;
}

/** A proposal as a call of the oracle. */
interface Proposal {
  readonly data: string;
  readonly committeeSize: number;
}

/** Sends one key's transactions to a deployment. Several publishers of one key share its {@link TransactionSender}. */
export class EthersL1Publisher implements L1Publisher {
  readonly address: EthAddress;
  readonly #sender: TransactionSender;
  readonly #endpoints: L1Endpoints;
  readonly #contracts: RollupContracts;
  readonly #maxCalldataBytes: number;
  readonly #committeeSize: number;

  constructor(
    dependencies: { readonly sender: TransactionSender; readonly endpoints: L1Endpoints },
    settings: L1PublisherSettings,
  ) {
    this.#sender = dependencies.sender;
    this.#endpoints = dependencies.endpoints;
    this.#contracts = settings.contracts;
    this.#maxCalldataBytes = settings.maxEffectsCalldataBytes ?? constants.MAX_EFFECTS_CALLDATA_BYTES;
    this.#committeeSize = settings.committeeSize;
    this.address = dependencies.sender.address;
  }

  /**
   * The receipt is the (last) proposal's; its gas counts the chunks as well.
   * @throws TOO_EARLY while L1's next block comes before the (last) proposal's slot
   */
  async propose(blocks: readonly BlockSubmission[], signal?: AbortSignal): Promise<L1Receipt> {
    const plans = blocks.map(block => ({ block, ...planEffects(block.effects, this.#maxCalldataBytes) }));
    const chunks = await this.#unpublished(plans.flatMap(plan => plan.chunks));
    const proposals = this.#packed(plans.map(({ block, chunks: before, last }) => proposalOf(block, before, last)));
    const requests = [...chunks.map(chunk => this.#publication(chunk)), ...proposals];
    // What follows something else in its group cannot be tried before that is mined.
    const [first, ...others] = requests as [TransactionRequest, ...TransactionRequest[]];
    // PEND-2: before the slot begins on L1 the proposal reverts, in a group of several too.
    const opening = { ...first, notBefore: latestTimestamp(blocks), dryRun: others.length === 0 };
    return receiptOf(await this.#sender.send([opening, ...others], signal));
  }

  async submitProof({ firstBlock, header, archive, proof }: ProofSubmission, signal?: AbortSignal): Promise<L1Receipt> {
    const data = rollupInterface.encodeFunctionData("processProvenRange", [
      firstBlock,
      toHex(header),
      fieldToHex(archive),
      toHex(proof),
    ]);
    return this.#toRollup({ data, gasLimit: gasLimits.submitProof }, signal);
  }

  async prune(signal?: AbortSignal): Promise<L1Receipt> {
    return this.#toRollup({ data: rollupInterface.encodeFunctionData("prune"), gasLimit: gasLimits.prune }, signal);
  }

  async checkpointRandao(signal?: AbortSignal): Promise<L1Receipt> {
    return this.#toRollup(
      { data: rollupInterface.encodeFunctionData("checkpointRandao"), gasLimit: gasLimits.checkpointRandao },
      signal,
    );
  }

  async setupEpoch(epoch: Epoch, signal?: AbortSignal): Promise<L1Receipt> {
    const data = rollupInterface.encodeFunctionData("setupEpoch", [epoch]);
    return this.#toRollup({ data, gasLimit: setupEpochGasLimit(this.#committeeSize) }, signal);
  }

  async balance(): Promise<Wei> {
    return this.#sender.balance();
  }

  async #toRollup(
    call: { readonly data: string; readonly gasLimit: bigint },
    signal: AbortSignal | undefined,
  ): Promise<L1Receipt> {
    return receiptOf(await this.#sender.send([{ to: this.#contracts.rollup, ...call, dryRun: true }], signal));
  }

  /** A chunk may be there from an attempt before, or because another block has the same one. */
  async #unpublished(chunks: readonly EffectsChunk[]): Promise<readonly EffectsChunk[]> {
    const missing: EffectsChunk[] = [];
    for (const chunk of chunks) {
      const target = { address: this.#contracts.availabilityOracle, contract: oracleInterface };
      const call = { name: "areEffectsAvailable", args: [fieldToHex(chunk.root)] };
      const [isAvailable] = await this.#endpoints.run(provider => callView(provider, target, call));
      if (isAvailable !== true) missing.push(chunk);
    }
    return missing;
  }

  #publication({ bytes }: EffectsChunk): TransactionRequest {
    return {
      to: this.#contracts.availabilityOracle,
      data: oracleInterface.encodeFunctionData("publishEffects", [toHex(bytes)]),
      gasLimit: publishGasLimit(bytes.length),
    };
  }

  /** PEND-9: in one transaction where they fit, else in one each, with nonces in a row. */
  #packed(proposals: readonly Proposal[]): TransactionRequest[] {
    const to = this.#contracts.availabilityOracle;
    const bytes = (data: string) => (data.length - 2) / 2;
    const gasOf = ({ data, committeeSize }: Proposal) => proposeGasLimit(bytes(data), committeeSize);
    const total = proposals.reduce((sum, { data }) => sum + bytes(data), 0);
    if (proposals.length === 1 || total > this.#maxCalldataBytes)
      return proposals.map(proposal => ({ to, data: proposal.data, gasLimit: totalGasLimit([gasOf(proposal)]) }));
    const data = oracleInterface.encodeFunctionData("multicall", [proposals.map(proposal => proposal.data)]);
    return [{ to, data, gasLimit: totalGasLimit(proposals.map(gasOf)) }];
  }
}

function proposalOf(block: BlockSubmission, chunks: readonly EffectsChunk[], last: Uint8Array): Proposal {
  const rest = [toHex(block.header), fieldToHex(block.archive), toHex(block.signatures)];
  const committeeSize = committeeSizeOf(block.signatures);
  if (chunks.length === 0)
    return { data: oracleInterface.encodeFunctionData("publishAndPropose", [toHex(last), ...rest]), committeeSize };
  return {
    data: oracleInterface.encodeFunctionData("publishAndProposeChunks", [
      chunks.map(chunk => fieldToHex(chunk.root)),
      toHex(last),
      ...rest,
    ]),
    committeeSize,
  };
}

function latestTimestamp(blocks: readonly BlockSubmission[]): UnixSeconds {
  return blocks.map(block => decodeHeader(block.header).timestamp).reduce((latest, at) => (at > latest ? at : latest));
}

function receiptOf(receipts: readonly RawReceipt[]): L1Receipt {
  const last = receipts.at(-1) as RawReceipt;
  return {
    transactionHash: last.transactionHash as Hex,
    blockNumber: last.blockNumber,
    gasUsed: receipts.reduce((sum, receipt) => sum + receipt.gasUsed, 0n),
  };
}
