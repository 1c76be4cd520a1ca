import { rollupAbi } from "@sprtn/contracts";
import { fromHex, type Hex, toHex } from "@sprtn/primitives";
import { Interface, type TransactionReceipt } from "ethers";
import { E2eError, E2eErrorCode } from "../e2e-error.js";
import type { TestNetwork } from "../network/test-network.js";

const rollup = new Interface(rollupAbi);

/** What a prover sends. */
interface ProofCall {
  readonly from: string;
  readonly firstBlock: bigint;
  readonly header: Uint8Array;
  readonly archive: Hex;
  readonly proof: Uint8Array;
}

/** The transaction by which L1 accepted a range of blocks. */
export interface ProvenTransaction {
  readonly call: ProofCall;
  readonly receipt: TransactionReceipt;
}

/** The transaction that proved block `number`. */
export async function provenTransaction(
  { devnet, deployment }: TestNetwork,
  number: number,
): Promise<ProvenTransaction> {
  const topic = rollup.getEvent("L2ProvenBlockProcessed")?.topicHash ?? "";
  const logs = await devnet.provider.getLogs({
    address: deployment.contracts.rollup,
    topics: [topic],
    fromBlock: deployment.l1StartBlock,
  });
  const log = logs.find(each => Number(rollup.parseLog(each)?.args[0]) === number);
  const [transaction, receipt] =
    log === undefined
      ? [null, null]
      : await Promise.all([
          devnet.provider.getTransaction(log.transactionHash),
          devnet.provider.getTransactionReceipt(log.transactionHash),
        ]);
  if (transaction === null || receipt === null)
    throw new E2eError(E2eErrorCode.NOT_FOUND, `no transaction proved block ${number}`);
  const [firstBlock, header, archive, proof] = rollup.decodeFunctionData(
    "processProvenRange",
    transaction.data,
  ) as unknown as [bigint, Hex, Hex, Hex];
  const { from } = transaction;
  return { call: { from, firstBlock, header: fromHex(header), archive, proof: fromHex(proof) }, receipt };
}

/** A call, the L1 block before which it is made, and what is changed in the Rollup's storage. */
export interface ProofTrial {
  readonly l1Block: number;
  readonly call: ProofCall;
  readonly overrides?: Readonly<Record<string, string>>;
}

/**
 * What L1 says to a call in the state before `l1Block`: "accepted", or the name of the error. `overrides` change the
 * Rollup's storage for this call.
 */
export async function tryProof(
  { devnet, deployment }: TestNetwork,
  { l1Block, call, overrides = {} }: ProofTrial,
): Promise<string> {
  const { rollup: to } = deployment.contracts;
  const data = rollup.encodeFunctionData("processProvenRange", [
    call.firstBlock,
    toHex(call.header),
    call.archive,
    toHex(call.proof),
  ]);
  const stateDiff = Object.keys(overrides).length === 0 ? [] : [{ [to]: { stateDiff: overrides } }];
  try {
    await devnet.provider.send("eth_call", [
      { from: call.from, to, data },
      `0x${(l1Block - 1).toString(16)}`,
      ...stateDiff,
    ]);
    return "accepted";
  } catch (error) {
    const { data: revert } = error as { data?: string | null };
    return (
      (typeof revert !== "string" ? undefined : rollup.parseError(revert)?.name) ??
      `unknown: ${String(error).slice(0, 300)}`
    );
  }
}

/** One thing changed, and what L1 says to it. */
export interface Tampering {
  readonly what: string;
  readonly change: (call: ProofCall) => ProofCall;
  readonly error: string;
}

const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 1);
const flip = (at: (length: number) => number) => (call: ProofCall) => ({
  ...call,
  proof: flipped(call.proof, at(call.proof.length)),
});
const header = (at: number) => (call: ProofCall) => ({ ...call, header: flipped(call.header, at) });

/** Proof bytes, header, archive and sender, each in many ways. */
export const tamperings: readonly Tampering[] = [
  {
    what: "the proof's kind is that of a root over one child, or over two",
    change: call => ({ ...call, proof: call.proof.with(0, 3 - (call.proof[0] ?? 0)) }),
    error: "Prov1_InvalidProof",
  },
  {
    what: "the proof's kind is none",
    change: call => ({ ...call, proof: call.proof.with(0, 7) }),
    error: "Prov1_InvalidProof",
  },
  { what: "the first bit of the proof", change: flip(() => 32), error: "Prov1_InvalidProof" },
  { what: "a commitment", change: flip(() => 1 + 32 * 12 + 31), error: "Prov1_InvalidProof" },
  { what: "a sum-check coefficient", change: flip(() => 1 + 32 * 60 + 31), error: "Prov1_InvalidProof" },
  { what: "the middle of the proof", change: flip(length => Math.floor(length / 2)), error: "Prov1_InvalidProof" },
  { what: "an evaluation", change: flip(length => length - 1 - 32 * 40), error: "Prov1_InvalidProof" },
  { what: "the last bit of the proof", change: flip(length => length - 1), error: "Prov1_InvalidProof" },
  { what: "the pairing points", change: flip(() => 1 + 31), error: "Prov1_InvalidProof" },
  {
    what: "a proof one byte short",
    change: call => ({ ...call, proof: call.proof.subarray(0, -1) }),
    error: "Prov1_InvalidProof",
  },
  {
    what: "a proof one field short",
    change: call => ({ ...call, proof: call.proof.subarray(0, -32) }),
    error: "Prov1_InvalidProof",
  },
  {
    what: "a proof one field too long",
    change: call => ({ ...call, proof: new Uint8Array([...call.proof, ...new Uint8Array(32)]) }),
    error: "Prov1_InvalidProof",
  },
  {
    what: "a proof of zeros",
    change: call => ({ ...call, proof: new Uint8Array(call.proof.length).with(0, call.proof[0] ?? 0) }),
    error: "Prov1_InvalidProof",
  },
  { what: "no proof", change: call => ({ ...call, proof: new Uint8Array() }), error: "Prov1_InvalidProof" },
  {
    what: "only the kind",
    change: call => ({ ...call, proof: call.proof.subarray(0, 1) }),
    error: "Prov1_InvalidProof",
  },
  { what: "another block hash: the state", change: header(250), error: "Prov1_WrongHeader" },
  { what: "another block hash: the coinbase", change: header(50), error: "Prov1_WrongHeader" },
  { what: "another block hash: the effects", change: header(120), error: "Prov1_WrongHeader" },
  { what: "another number", change: header(32), error: "Prov1_NotPending" },
  {
    what: "another archive",
    change: call => ({ ...call, archive: toHex(flipped(fromHex(call.archive), 31)) }),
    error: "Prov1_WrongArchive",
  },
  {
    what: "a header one byte short",
    change: call => ({ ...call, header: call.header.subarray(1) }),
    error: "Pend1_WrongHeaderLength",
  },
];
