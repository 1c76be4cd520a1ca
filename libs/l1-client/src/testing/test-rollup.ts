import type { BlockSubmission, L1Publisher, ProofSubmission } from "@sprtn/ports";
import {
  BlockNumber,
  Bytes32,
  EthAddress,
  Field,
  Seconds,
  sha256ToField,
  Slot,
  uintToBytes,
  UnixSeconds,
  Wei,
} from "@sprtn/primitives";
import {
  type BlockHeader,
  domainSeparator,
  encodeEffects,
  encodeHeader,
  hashEffects,
  hashHeader,
  outHashOf,
  packSignatures,
  payloadDigest,
  type RollupParameters,
  simulatedRootProof,
  type TxEffect,
} from "@sprtn/protocol";
import { buildParameters, MemoryLogger } from "@sprtn/testing";
import { callView } from "../call-view.js";
import { inboxInterface, rollupInterface, tokenInterface } from "../contracts/interfaces.js";
import { type Devnet, DEVNET_MNEMONIC, startDevnet } from "../devnet/index.js";
import { L1Endpoints, type L1EndpointsSettings } from "../endpoints/l1-endpoints.js";
import { EthersL1Publisher } from "../publisher/ethers-l1-publisher.js";
import type { TransactionRequest } from "../publisher/transaction-request.js";
import { TransactionSender, type TransactionSenderSettings } from "../publisher/transaction-sender.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { privateKeyFrom } from "../signing/private-key.js";
import { PrivateKeySigner } from "../signing/private-key-signer.js";
import { deployContracts } from "./deploy-contracts.js";
import { systemClock } from "./system-clock.js";

const senderSettings: TransactionSenderSettings = {
  pollingIntervalMs: 10,
  confirmations: 1,
  bumpAfterBlocks: 3,
  bumpPercent: 20,
  maxFeePerGas: 500n * 10n ** 9n,
  maxPriorityFeePerGas: 20n * 10n ** 9n,
  gasMarginPercent: 25,
  lowBalance: Wei(10n ** 17n),
};

function accountOf(index: number): PrivateKeySigner {
  return new PrivateKeySigner({}, { privateKey: privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index }) });
}

/** Next base fee and archive as L1 keeps them, of the block that the next one builds on. */
interface Parent {
  readonly number: bigint;
  readonly archive: string;
  readonly nextBaseFeeL2: bigint;
  readonly nextBaseFeeDa: bigint;
}

/** A devnet with a deployment that needs no signatures (COM-4), and valid blocks for it. */
export class TestRollup {
  readonly logger = new MemoryLogger();
  readonly endpoints: L1Endpoints;
  /** Time of the block that was asked for last. */
  #entered: UnixSeconds | undefined;

  private constructor(
    readonly devnet: Devnet,
    readonly parameters: RollupParameters,
    readonly contracts: RollupContracts,
  ) {
    this.endpoints = this.endpointsAt([devnet.url]);
  }

  /** With `validators` > 0, the devnet's first accounts are the set from epoch 0 on. */
  static async start(change: Partial<RollupParameters> = {}, validators = 0): Promise<TestRollup> {
    const devnet = await startDevnet({ accounts: 30 });
    const signer = await devnet.provider.getSigner(0);
    const latest = await devnet.provider.getBlock("latest");
    const parameters = buildParameters({
      genesisTime: UnixSeconds((latest?.timestamp ?? 0) + 100),
      slotDuration: Seconds(10),
      proofWindow: Seconds(40),
      challengeWindow: Seconds(40),
      capacity: 16,
      initialBaseFees: { perL2Gas: 1000n, perDaGas: 2000n },
      proverShareBps: 0,
      exitGraceEpochs: 6,
      openBootstrap: true,
      provingRight: "open",
      ...change,
    });
    const addresses = Array.from({ length: validators }, (_, index) => accountOf(index).address);
    return new TestRollup(devnet, parameters, await deployContracts(signer, parameters, addresses));
  }

  async stop(): Promise<void> {
    this.endpoints.close();
    await this.devnet.stop();
  }

  endpointsAt(urls: readonly string[], chainId = 31337n, change: Partial<L1EndpointsSettings> = {}): L1Endpoints {
    return new L1Endpoints(
      { logger: this.logger, clock: systemClock },
      { urls, chainId, requestTimeoutMs: 5000, ...change },
    );
  }

  /** A sender for account `index` of the devnet; account 0 deployed. */
  sender(
    index: number,
    change: Partial<TransactionSenderSettings> = {},
    endpoints = this.endpoints,
  ): TransactionSender {
    const l1Time = { nextBlock: () => this.#entered };
    return new TransactionSender(
      { endpoints, signer: accountOf(index), clock: systemClock, logger: this.logger, l1Time },
      { ...senderSettings, ...change },
    );
  }

  /** Gives `amount` of the test token: as often as it is carried out, so much is there. */
  mintTo(recipient: EthAddress, amount: bigint): TransactionRequest {
    return { to: this.contracts.token, data: tokenInterface.encodeFunctionData("mint", [recipient, amount]) };
  }

  async tokens(owner: EthAddress): Promise<bigint> {
    const data = tokenInterface.encodeFunctionData("balanceOf", [owner]);
    return BigInt(await this.devnet.provider.call({ to: this.contracts.token, data }));
  }

  publisher(
    index: number,
    change: Partial<TransactionSenderSettings> & { readonly maxEffectsCalldataBytes?: number } = {},
  ): EthersL1Publisher {
    const { maxEffectsCalldataBytes, ...settings } = change;
    return new EthersL1Publisher(
      { sender: this.sender(index, settings), endpoints: this.endpoints },
      {
        contracts: this.contracts,
        committeeSize: this.parameters.committeeSize,
        ...(maxEffectsCalldataBytes === undefined ? {} : { maxEffectsCalldataBytes }),
      },
    );
  }

  startOf(slot: number): UnixSeconds {
    return UnixSeconds(this.parameters.genesisTime + slot * this.parameters.slotDuration);
  }

  /** The next L1 block is a second into `slot`. */
  async enter(slot: number, offset = 1): Promise<void> {
    this.#entered = UnixSeconds(this.startOf(slot) + offset);
    await this.devnet.setNextBlockTimestamp(this.#entered);
  }

  /** L1's head is a second into `slot`. */
  async passTo(slot: number): Promise<void> {
    await this.enter(slot);
    await this.devnet.mine();
  }

  /** A valid block for `slot` on the pending tip, or on a block that L1 does not have yet. */
  async build(
    slot: number,
    effects: readonly TxEffect[] = [],
    { change = {}, parent }: { readonly change?: Partial<BlockHeader>; readonly parent?: Parent } = {},
  ): Promise<BlockSubmission & { readonly decoded: BlockHeader }> {
    const on = parent ?? (await this.#tip());
    const number = Number(on.number) + 1;
    const [inHash] = await callView(
      this.devnet.provider,
      { address: this.contracts.inbox, contract: inboxInterface },
      { name: "inHash", args: [number] },
    );
    const decoded: BlockHeader = {
      lastArchive: Field(BigInt(on.archive)),
      number: BlockNumber(number),
      slot: Slot(slot),
      timestamp: this.startOf(slot),
      coinbase: EthAddress("0x00000000000000000000000000000000c01bba5e"),
      feeRecipient: Field(7n),
      baseFees: { perL2Gas: on.nextBaseFeeL2, perDaGas: on.nextBaseFeeDa },
      daHash: hashEffects(effects),
      inHash: Field(BigInt(inHash as string)),
      outHash: outHashOf(effects),
      txCount: effects.length,
      totalBaseFees: 0n,
      totalL2Gas: this.parameters.gasTarget.l2,
      totalDaGas: this.parameters.gasTarget.da,
      stateHash: sha256ToField(uintToBytes(number * 1000 + slot, 8)),
      ...change,
    };
    const archive = sha256ToField(uintToBytes(number * 1000 + slot, 16));
    return {
      decoded,
      header: encodeHeader(decoded),
      archive,
      effects: encodeEffects(effects),
      signatures: packSignatures([]),
    };
  }

  /** What a block on top of `block` builds on; its gas is at target, so the fees stay. */
  after(block: { readonly decoded: BlockHeader; readonly archive: Field }): Parent {
    return {
      number: BigInt(block.decoded.number),
      archive: Bytes32(`0x${block.archive.toString(16).padStart(64, "0")}`),
      nextBaseFeeL2: block.decoded.baseFees.perL2Gas,
      nextBaseFeeDa: block.decoded.baseFees.perDaGas,
    };
  }

  /** In committee order, as the Rollup has it. */
  async committeeAt(epoch: number): Promise<readonly EthAddress[]> {
    const [committee] = await this.#rollup("getCommitteeAt", [epoch]);
    return [...(committee as Iterable<string>)].map(EthAddress);
  }

  /** `block` with the signatures of its slot's whole committee. */
  async signed<B extends BlockSubmission & { readonly decoded: BlockHeader }>(block: B): Promise<B> {
    const committee = await this.committeeAt(Math.floor(block.decoded.slot / this.parameters.epochDuration));
    const digest = payloadDigest(domainSeparator({ chainId: 31337n, rollup: this.contracts.rollup }), "Attestation", {
      slot: block.decoded.slot,
      headerHash: hashHeader(block.decoded),
      archive: block.archive,
    });
    const accounts = Array.from({ length: 30 }, (_, index) => accountOf(index));
    const members = committee.map(member => accounts.find(account => account.address === member) as PrivateKeySigner);
    return { ...block, signatures: packSignatures(members.map(member => ({ signature: member.sign(digest) }))) };
  }

  async propose(
    publisher: L1Publisher,
    slot: number,
    effects: readonly TxEffect[] = [],
  ): Promise<BlockSubmission & { readonly decoded: BlockHeader }> {
    await this.enter(slot);
    const block = await this.build(slot, effects);
    await publisher.propose([block]);
    return block;
  }

  /** The simulated proof up to `last`, for `prover` to send; from `first`, or from the first unproven block. */
  async proof(
    last: BlockSubmission & { readonly decoded: BlockHeader },
    prover: EthAddress,
    first?: number,
  ): Promise<ProofSubmission> {
    const read = async (name: string, ...args: unknown[]) => (await this.#rollup(name, args))[0];
    const record = async (number: unknown) =>
      (await read("getRecord", number)) as { archive: string; accumulator: string };
    const firstBlock = BlockNumber(first ?? Number(await read("provenBlockNumber")) + 1);
    const [start, end] = [await record(firstBlock - 1), await record(last.decoded.number)];
    const field = (value: unknown) => Field(BigInt(value as string));
    const proof = simulatedRootProof({
      keyTreeRoot: field(await read("keyTreeRoot")),
      domain: field(await read("domain")),
      startArchive: field(start.archive),
      endArchive: field(end.archive),
      startAccumulator: field(start.accumulator),
      endAccumulator: field(end.accumulator),
      prover,
    });
    return { firstBlock, header: last.header, archive: last.archive, proof };
  }

  async #tip(): Promise<Parent> {
    const [pending] = await this.#rollup("pendingBlockNumber");
    const [record] = await this.#rollup("getRecord", [pending]);
    return record as Parent;
  }

  #rollup(name: string, args: readonly unknown[] = []): Promise<readonly unknown[]> {
    const target = { address: this.contracts.rollup, contract: rollupInterface };
    return callView(this.devnet.provider, target, { name, args });
  }
}
