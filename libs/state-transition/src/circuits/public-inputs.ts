import { addressToField, type EthAddress, type Field, type FieldHasher } from "@sprtn/primitives";
import { DomainSeparator, type GasFees, type TreeSnapshot } from "@sprtn/protocol";

/** What is the same for all transactions of a block; carried as one hash. */
export interface BlockConstants {
  readonly keyTreeRoot: Field;
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  readonly feePortal: EthAddress;
  readonly number: number;
  readonly slot: number;
  readonly lastArchive: Field;
  /** Root of the message tree after this block's subtree. */
  readonly messageRoot: Field;
  readonly baseFees: GasFees;
  readonly feeRecipient: Field;
}

/** The one hash by which a span's proof carries its block's constants. */
export function hashConstants(hasher: FieldHasher, constants: BlockConstants): Field {
  return hasher.hash([
    DomainSeparator.BLOCK_CONSTANTS,
    constants.keyTreeRoot,
    constants.chainId,
    constants.rollupVersion,
    addressToField(constants.feePortal),
    BigInt(constants.number),
    BigInt(constants.slot),
    constants.lastArchive,
    constants.messageRoot,
    constants.baseFees.perL2Gas,
    constants.baseFees.perDaGas,
    constants.feeRecipient,
  ]);
}

/** The trees that transactions write. */
export interface PartialState {
  readonly noteHashes: TreeSnapshot;
  readonly nullifiers: TreeSnapshot;
  readonly publicData: TreeSnapshot;
}

/** Public inputs of tx base and tx merge: a span of consecutive transactions of one block. */
export interface SpanPublicInputs {
  readonly constantsHash: Field;
  readonly keyTreeRoot: Field;
  readonly start: PartialState;
  readonly end: PartialState;
  readonly effectsHash: Field;
  readonly outHash: Field;
  /** Burnt, wei. */
  readonly baseFees: bigint;
  /** Paid to the fee recipient, wei. */
  readonly tips: bigint;
  readonly l2Gas: bigint;
  readonly daGas: bigint;
  readonly txCount: bigint;
}

/** Public inputs of block root and block merge: a range of consecutive blocks. */
export interface RangePublicInputs {
  readonly keyTreeRoot: Field;
  readonly domain: Field;
  readonly startArchive: Field;
  readonly endArchive: Field;
  readonly startAccumulator: Field;
  readonly endAccumulator: Field;
}

const snapshotFields = (tree: TreeSnapshot) => [tree.root, BigInt(tree.nextIndex)];
export const partialStateFields = (state: PartialState): bigint[] => [
  ...snapshotFields(state.noteHashes),
  ...snapshotFields(state.nullifiers),
  ...snapshotFields(state.publicData),
];

/** A span's public inputs in the circuits' order: {@link SPAN_FIELDS} fields. */
export function spanToFields(span: SpanPublicInputs): Field[] {
  return [
    span.constantsHash,
    span.keyTreeRoot,
    ...partialStateFields(span.start),
    ...partialStateFields(span.end),
    span.effectsHash,
    span.outHash,
    span.baseFees,
    span.tips,
    span.l2Gas,
    span.daGas,
    span.txCount,
  ] as Field[];
}

/** Number of {@link spanToFields}. */
export const SPAN_FIELDS = 21;

/** The reverse of {@link spanToFields}. @param fields exactly SPAN_FIELDS of them */
export function spanFromFields(fields: readonly Field[]): SpanPublicInputs {
  const at = (index: number) => fields[index] as Field;
  const snapshot = (index: number): TreeSnapshot => ({ root: at(index), nextIndex: Number(at(index + 1)) });
  const state = (index: number): PartialState => ({
    noteHashes: snapshot(index),
    nullifiers: snapshot(index + 2),
    publicData: snapshot(index + 4),
  });
  return {
    constantsHash: at(0),
    keyTreeRoot: at(1),
    start: state(2),
    end: state(8),
    effectsHash: at(14),
    outHash: at(15),
    baseFees: at(16),
    tips: at(17),
    l2Gas: at(18),
    daGas: at(19),
    txCount: at(20),
  };
}

/** A range's public inputs in the circuits' order: {@link RANGE_FIELDS} fields. */
export function rangeToFields(range: RangePublicInputs): Field[] {
  return [
    range.keyTreeRoot,
    range.domain,
    range.startArchive,
    range.endArchive,
    range.startAccumulator,
    range.endAccumulator,
  ];
}

/** Number of {@link rangeToFields}. */
export const RANGE_FIELDS = 6;

/** The reverse of {@link rangeToFields}. @param fields exactly RANGE_FIELDS of them */
export function rangeFromFields(fields: readonly Field[]): RangePublicInputs {
  const at = (index: number) => fields[index] as Field;
  return {
    keyTreeRoot: at(0),
    domain: at(1),
    startArchive: at(2),
    endArchive: at(3),
    startAccumulator: at(4),
    endAccumulator: at(5),
  };
}
