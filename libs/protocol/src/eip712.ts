import {
  addressToField,
  type Bytes32,
  concatBytes,
  type EthAddress,
  type Field,
  fieldToBytes,
  fromHex,
  keccak256,
  type Slot,
  uintToBytes,
} from "@sprtn/primitives";

/** What an EIP-712 signature of this deployment is bound to. */
export interface SigningDomain {
  readonly chainId: bigint;
  readonly rollup: EthAddress;
}

/** What names a block: its header hash and the archive root after it. */
export interface BlockPayload {
  readonly headerHash: Field;
  readonly archive: Field;
}

/**
 * What a proposer signs besides: which transactions the block holds, so that nobody can relay the proposal with
 * another list.
 */
export interface ProposalPayload extends BlockPayload {
  /** {@link hashTxList} of the proposal's transactions. */
  readonly txsHash: Bytes32;
}

/**
 * What an attester signs: a block and its slot. The header names the slot too, but a node that counts votes often does
 * not have the header.
 */
export interface AttestationPayload extends BlockPayload {
  readonly slot: Slot;
}

/** EIP-712's primary type: what a proposer signs, and what an attester signs. */
export type PayloadType = "Proposal" | "Attestation";

const text = new TextEncoder();
const hashText = (value: string) => fromHex(keccak256(text.encode(value)));

const DOMAIN_TYPE = hashText("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const NAME = hashText("SPRTN");
const VERSION = hashText("1");
const PAYLOAD_TYPES: Readonly<Record<PayloadType, Uint8Array>> = {
  Proposal: hashText("Proposal(bytes32 headerHash,bytes32 archive,bytes32 txsHash)"),
  Attestation: hashText("Attestation(uint32 slot,bytes32 headerHash,bytes32 archive)"),
};

/** keccak256 of the EIP-712 domain; it can be kept and given to {@link payloadDigest}. */
export function domainSeparator(domain: SigningDomain): Bytes32 {
  return keccak256(
    concatBytes(
      DOMAIN_TYPE,
      NAME,
      VERSION,
      uintToBytes(domain.chainId, 32),
      fieldToBytes(addressToField(domain.rollup)),
    ),
  );
}

/** keccak256 of the transactions' hashes, 32 bytes each, in the block's order. */
export function hashTxList(txHashes: readonly Field[]): Bytes32 {
  return keccak256(concatBytes(...txHashes.map(fieldToBytes)));
}

/** The digest that is signed (EIP-712). */
export function payloadDigest(separator: Bytes32, type: "Proposal", payload: ProposalPayload): Bytes32;
export function payloadDigest(separator: Bytes32, type: "Attestation", payload: AttestationPayload): Bytes32;
export function payloadDigest(
  separator: Bytes32,
  type: PayloadType,
  payload: BlockPayload & Partial<ProposalPayload & AttestationPayload>,
): Bytes32 {
  const members = [
    ...(type === "Attestation" && payload.slot !== undefined ? [uintToBytes(payload.slot, 32)] : []),
    fieldToBytes(payload.headerHash),
    fieldToBytes(payload.archive),
    ...(type === "Proposal" && payload.txsHash !== undefined ? [fromHex(payload.txsHash)] : []),
  ];
  const struct = keccak256(concatBytes(PAYLOAD_TYPES[type], ...members));
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), fromHex(separator), fromHex(struct)));
}
