import { ByteVectorType, ContainerType, ListBasicType, UintBigintType, UintNumberType } from "@chainsafe/ssz";
import { type Field, isField, Slot } from "@sprtn/primitives";
import { type AttestationPayload, type BlockPayload, hashTxList, type ProposalPayload } from "./eip712.js";
import { HEADER_LENGTH, MAX_TXS_PER_BLOCK } from "./generated/constants.js";
import { type BlockHeader, decodeHeader, encodeHeader, hashHeader } from "./header.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";

/** A block as its proposer gossips it: the header, the archive root after it, the transactions by hash, in order. */
export interface BlockProposal {
  readonly header: BlockHeader;
  readonly archive: Field;
  readonly txHashes: readonly Field[];
  /** Over the `Proposal` payload, 64 bytes. */
  readonly signature: Uint8Array;
}

/** A committee member's vote for a block. */
export interface BlockAttestation extends AttestationPayload {
  /** Over the `Attestation` payload, 64 bytes. */
  readonly signature: Uint8Array;
}

const fieldType = new UintBigintType(32);
const signatureType = new ByteVectorType(64);

const ProposalType = new ContainerType({
  header: new ByteVectorType(HEADER_LENGTH),
  archive: fieldType,
  txHashes: new ListBasicType(fieldType, MAX_TXS_PER_BLOCK),
  signature: signatureType,
});

const AttestationType = new ContainerType({
  slot: new UintNumberType(4),
  headerHash: fieldType,
  archive: fieldType,
  signature: signatureType,
});

/** Upper bound of an encoded proposal, bytes: one of a block with MAX_TXS_PER_BLOCK transactions. */
export const MAX_PROPOSAL_BYTES = ProposalType.maxSize;
/** Length of every encoded attestation. */
export const ATTESTATION_BYTES = AttestationType.maxSize;

/** What attesters sign of a proposal, apart from the slot: the hash of its header, and its archive root. */
export function payloadOf(proposal: Pick<BlockProposal, "header" | "archive">): BlockPayload {
  return { headerHash: hashHeader(proposal.header), archive: proposal.archive };
}

/** What its proposer signs. */
export function proposalPayloadOf(proposal: Pick<BlockProposal, "header" | "archive" | "txHashes">): ProposalPayload {
  return { ...payloadOf(proposal), txsHash: hashTxList(proposal.txHashes) };
}

/** The proposal's SSZ form, as it is gossiped on `block_proposal`. */
export function encodeProposal(proposal: BlockProposal): Uint8Array {
  return ProposalType.serialize({
    header: encodeHeader(proposal.header),
    archive: proposal.archive,
    txHashes: [...proposal.txHashes],
    signature: proposal.signature,
  });
}

/** @throws ProtocolError BAD_MESSAGE, or BAD_HEADER */
export function decodeProposal(bytes: Uint8Array): BlockProposal {
  const raw = deserialize({ what: "proposal", limit: MAX_PROPOSAL_BYTES }, bytes, () =>
    ProposalType.deserialize(bytes),
  );
  return {
    header: decodeHeader(raw.header),
    archive: field(raw.archive),
    txHashes: raw.txHashes.map(field),
    signature: raw.signature,
  };
}

/** The attestation's SSZ form, as it is gossiped on `block_attestation`. */
export function encodeAttestation(attestation: BlockAttestation): Uint8Array {
  return AttestationType.serialize(attestation);
}

/** @throws ProtocolError BAD_MESSAGE */
export function decodeAttestation(bytes: Uint8Array): BlockAttestation {
  const raw = deserialize({ what: "attestation", limit: ATTESTATION_BYTES }, bytes, () =>
    AttestationType.deserialize(bytes),
  );
  return {
    slot: Slot(raw.slot),
    headerHash: field(raw.headerHash),
    archive: field(raw.archive),
    signature: raw.signature,
  };
}

function field(value: bigint): Field {
  if (!isField(value))
    throw new ProtocolError(ProtocolErrorCode.BAD_MESSAGE, "a value is not a field", { what: "field" });
  return value;
}

function deserialize<T>({ what, limit }: { what: string; limit: number }, bytes: Uint8Array, read: () => T): T {
  try {
    if (bytes.length <= limit) return read();
  } catch (error) {
    throw new ProtocolError(
      ProtocolErrorCode.BAD_MESSAGE,
      `not a ${what}: its bytes are not an encoding of one`,
      { what },
      { cause: error },
    );
  }
  throw new ProtocolError(ProtocolErrorCode.BAD_MESSAGE, `not a ${what}: ${bytes.length} bytes, at most ${limit}`, {
    what,
  });
}
