export { type ChainIdentity, domainOf, genesisAccumulator, nextAccumulator } from "./accumulator.js";
export type { BlockId, ChainTips, L2Block } from "./block.js";
export {
  type AttestationPayload,
  type BlockPayload,
  domainSeparator,
  hashTxList,
  payloadDigest,
  type PayloadType,
  type ProposalPayload,
  type SigningDomain,
} from "./eip712.js";
export { FEES_OFF, feesAreOff } from "./fees-off.js";
export { costOf, type Gas, gasOf, maxFeeOf, nextBaseFee, nextBaseFees, SMALLEST_GAS, tipsPerGas } from "./gas.js";
export * as constants from "./generated/constants.js";
export { circuitNames, DomainSeparator } from "./generated/constants.js";
export type { CircuitName } from "./circuit-name.js";
export { type BlockHeader, decodeHeader, encodeHeader, type GasFees, hashHeader } from "./header.js";
export {
  leftFilledPath,
  type LeftFilledPath,
  leftFilledRoot,
  leftLeafCount,
  outHashParent,
  type ParentHash,
  rootFromLeftFilledPath,
  sha256Parent,
} from "./left-filled-tree.js";
export { addressOfWithdrawal, hashL1ToL2Message, hashWithdrawal, inHashOf, type L1ToL2Message } from "./messages.js";
export {
  balanceSlot,
  decryptNote,
  deriveAddress,
  deriveNpk,
  dummyNullifier,
  encryptNote,
  type GrumpkinPoint,
  hashEncryptedNotes,
  hashNote,
  hashSecret,
  messageNullifier,
  type Note,
  noteNullifier,
  uniqueNoteHash,
} from "./notes.js";
export { packSignatures, type PackedMember, unpackSignatures } from "./packed-signatures.js";
export {
  ATTESTATION_BYTES,
  type BlockAttestation,
  type BlockProposal,
  decodeAttestation,
  decodeProposal,
  encodeAttestation,
  encodeProposal,
  MAX_PROPOSAL_BYTES,
  payloadOf,
  proposalPayloadOf,
} from "./proposal.js";
export { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";
export type {
  ContractAddresses,
  CrsKind,
  Deployment,
  ProofMode,
  ProvingRight,
  RollupParameters,
} from "./rollup-parameters.js";
export { type RootPublicInputs, rootPublicInputsToFields, simulatedRootProof } from "./root-proof.js";
export { archiveLeaf, hashState, type StateReference, type TreeSnapshot } from "./state-reference.js";
export {
  type AccountSecrets,
  decodeTransferWitness,
  encodeTransferWitness,
  type InputNote,
  type MessageOpening,
  type OutputNote,
  TRANSFER_WITNESS_BYTES,
  TRANSFER_WITNESS_FIELDS,
  type TransferWitness,
} from "./transfer-witness.js";
export { AuthorizationKind, createTx, decodeTx, encodeTx, MAX_TX_BYTES, type Tx } from "./tx.js";
export {
  decodeEffects,
  encodeEffects,
  encodeTxEffect,
  type Four,
  hashEffects,
  hashTxEffect,
  NO_ENCRYPTED_NOTES,
  NO_WRITE,
  outHashOf,
  type Pair,
  type PublicDataWrite,
  type Six,
  type TxEffect,
  txEffectToFields,
} from "./tx-effect.js";
export {
  CallKind,
  type GasSettings,
  hashTx,
  type PublicCall,
  publicInputsFromFields,
  publicInputsToFields,
  type TxPublicInputs,
} from "./tx-public-inputs.js";
export {
  decodeTxRequest,
  decodeTxResponse,
  encodeTxRequest,
  encodeTxResponse,
  MAX_TX_REQUEST_BYTES,
  MAX_TX_REQUEST_HASHES,
  MAX_TX_RESPONSE_BYTES,
  TX_RESPONSE_OFFSET_BYTES,
} from "./tx-request.js";
export { checkTxShape, TxShapeCode, type TxShapeViolation } from "./tx-shape.js";
