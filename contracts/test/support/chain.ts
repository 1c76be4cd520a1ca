import { AbiCoder, concat, id, toBeHex, Wallet, zeroPadValue } from "ethers";
import { packSignatures } from "./attest.ts";
import type { Deployment } from "./deploy.ts";
import { effectsRoot, emptyHeader, encodeHeader, hashToField, type Header, zero32 } from "./header.ts";
import { ethers, networkHelpers } from "./network.ts";

export interface Block {
  header: Header;
  encoded: string;
  hash: string;
  archive: string;
  effects: string;
}

/** Builds valid blocks on a deployment and sends them; a test breaks one thing at a time. */
export class Chain {
  readonly blocks: Block[] = [];
  coinbase = "0x00000000000000000000000000000000c01BBa5e";

  constructor(
    readonly deployment: Deployment,
    readonly validators: readonly Wallet[],
  ) {}

  startOf(slot: number): number {
    return this.deployment.parameters.genesisTime + slot * this.deployment.parameters.slotDuration;
  }

  /** The next L1 block is `offset` seconds into `slot`. */
  async enter(slot: number, offset = 1): Promise<void> {
    await networkHelpers.time.setNextBlockTimestamp(this.startOf(slot) + offset);
  }

  async committee(slot: number): Promise<Wallet[]> {
    const epoch = Math.floor(slot / this.deployment.parameters.epochDuration);
    const members = await this.deployment.rollup.getCommitteeAt(epoch);
    return members.map(address => this.validators.find(wallet => wallet.address === address)!);
  }

  /** A valid block for `slot` on the pending tip; `change` overrides header fields. */
  async build(slot: number, change: Partial<Header> = {}, txs = 1): Promise<Block> {
    const { rollup, inbox } = this.deployment;
    const tip = await rollup.getRecord(await rollup.pendingBlockNumber());
    const number = Number(tip.number) + 1;
    const effects = concat(Array.from({ length: txs }, (_, index) => fakeEffect(number * 1000 + index)));
    const header: Header = {
      ...emptyHeader,
      lastArchive: tip.archive,
      number,
      slot,
      timestamp: BigInt(this.startOf(slot)),
      coinbase: this.coinbase,
      feeRecipient: hashToField(id(`recipient ${number}`)),
      baseFeePerL2Gas: tip.nextBaseFeeL2,
      baseFeePerDaGas: tip.nextBaseFeeDa,
      daHash: effectsRoot(effects),
      inHash: await inbox.inHash(number),
      txCount: txs,
      totalBaseFees: 0n,
      totalL2Gas: 50_000n,
      totalDaGas: 704n,
      stateHash: hashToField(id(`state ${number}`)),
      ...change,
    };
    const encoded = encodeHeader(header);
    return {
      header,
      encoded,
      hash: hashToField(encoded),
      archive: hashToField(id(`archive ${number} ${slot}`)),
      effects,
    };
  }

  /** Quorum's signatures, all members by default, for the slot's committee. */
  async sign(block: Block, signers?: readonly number[]): Promise<string> {
    const committee = await this.committee(block.header.slot);
    const all = committee.map((_, index) => index);
    const attested = { slot: block.header.slot, headerHash: block.hash, archive: block.archive };
    return packSignatures(this.deployment.addresses.Rollup!, attested, { committee, signers: signers ?? all });
  }

  /** Enters the slot, builds and sends a valid block. */
  async propose(slot: number, change: Partial<Header> = {}, txs = 1) {
    await this.enter(slot, 0);
    await networkHelpers.mine();
    const block = await this.build(slot, change, txs);
    const response = await this.send(block, await this.sign(block));
    this.blocks[block.header.number] = block;
    return { block, response };
  }

  send(block: Block, signatures: string) {
    return this.deployment.oracle.publishAndPropose(block.effects, block.encoded, block.archive, signatures);
  }

  /** The simulated proof for blocks first … last, sent by `prover`; from the first unproven block, unless told. */
  async proof(last: Block, prover: string, first?: number): Promise<string> {
    const { rollup } = this.deployment;
    const start = await rollup.getRecord(first === undefined ? await rollup.provenBlockNumber() : first - 1);
    const end = await rollup.getRecord(last.header.number);
    const inputs = [
      await rollup.keyTreeRoot(),
      await rollup.domain(),
      start.archive,
      end.archive,
      start.accumulator,
      end.accumulator,
      zeroPadValue(prover, 32),
    ];
    const marker = ethers.keccak256(concat([ethers.toUtf8Bytes("sprtn.simulated-proof"), ...inputs]));
    return concat([marker, new Uint8Array(10_688 - 32)]);
  }
}

/** 704 bytes as a public transfer yields them: hash, fee, two nullifiers, four writes; no notes, no message. */
export function fakeEffect(seed: number): string {
  const field = (name: string) => hashToField(id(`${name} ${seed}`));
  const amount = (value: bigint) => toBeHex(value, 32);
  const writes = [1, 2, 3, 4].flatMap(index => [field(`slot ${index}`), amount(10n ** 18n + BigInt(seed * index))]);
  return concat([
    field("tx"),
    zero32,
    amount(123_456_789_012_345n),
    field("nullifier 0"),
    field("nullifier 1"),
    zero32,
    zero32,
    ...writes,
    zero32,
    ...Array.from({ length: 6 }, () => zero32),
  ]);
}

/** A Teocalli command of one call, signed by `signers`. */
export async function command(
  deployment: Deployment,
  { target, data, value = 0n }: Omit<Call, "value"> & Partial<Call>,
  signers: readonly Wallet[],
): Promise<string> {
  return commandOf(deployment, { calls: [{ target, value, data }] }, signers);
}

export interface Call {
  target: string;
  value: bigint;
  data: string;
}

export const commandTypes = ["(address target,uint256 value,bytes data)[]", "uint256", "uint256", "bytes[]"];

/** A Teocalli command of several calls; its nonce is the next one and its deadline far off, unless told. */
export async function commandOf(
  deployment: Deployment,
  { calls, ...given }: { readonly calls: readonly Call[]; readonly nonce?: bigint; readonly deadline?: bigint },
  signers: readonly Wallet[],
): Promise<string> {
  const { nonce = await deployment.teocalli.nonce(), deadline = 2n ** 40n } = given;
  const digest = await deployment.teocalli.commandDigest([...calls], nonce, deadline);
  const ordered = signers.toSorted((left, right) => (BigInt(left.address) < BigInt(right.address) ? -1 : 1));
  const signatures = ordered.map(signer => signer.signingKey.sign(digest).serialized);
  return AbiCoder.defaultAbiCoder().encode(commandTypes, [calls, nonce, deadline, signatures]);
}
