import { addressToField, type Bytes32, concatBytes, type EthAddress, type Field, fieldToBytes, fromHex, keccak256, uintToBytes } from "@sprtn/primitives";

/** What an EIP-712 signature of this deployment is bound to. */
export interface SigningDomain {
  readonly chainId: bigint;
  readonly rollup: EthAddress;
}

/** What proposers and attesters sign: a block, by its header hash and the archive root after it. */
export interface BlockPayload {
  readonly headerHash: Field;
  readonly archive: Field;
}

export type PayloadType = "Proposal" | "Attestation";

const text = new TextEncoder();
const hashText = (value: string) => fromHex(keccak256(text.encode(value)));

const DOMAIN_TYPE = hashText("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const NAME = hashText("SPRTN");
const VERSION = hashText("1");
const PAYLOAD_TYPES: Readonly<Record<PayloadType, Uint8Array>> = {
  Proposal: hashText("Proposal(bytes32 headerHash,bytes32 archive)"),
  Attestation: hashText("Attestation(bytes32 headerHash,bytes32 archive)"),
};

/** keccak256 of the EIP-712 domain; it can be kept and given to {@link payloadDigest}. */
export function domainSeparator(domain: SigningDomain): Bytes32 {
  return keccak256(concatBytes(DOMAIN_TYPE, NAME, VERSION, uintToBytes(domain.chainId, 32), fieldToBytes(addressToField(domain.rollup))));
}

/** The digest that is signed (EIP-712). */
export function payloadDigest(separator: Bytes32, type: PayloadType, payload: BlockPayload): Bytes32 {
  const struct = keccak256(concatBytes(PAYLOAD_TYPES[type], fieldToBytes(payload.headerHash), fieldToBytes(payload.archive)));
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), fromHex(separator), fromHex(struct)));
}
