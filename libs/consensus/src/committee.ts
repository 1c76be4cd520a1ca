import {
  Bytes32,
  bytesToUint,
  concatBytes,
  type Epoch,
  type EthAddress,
  fromHex,
  keccak256,
  type Slot,
  uintToBytes,
} from "@sprtn/primitives";
import { ConsensusError, ConsensusErrorCode } from "./consensus-error.js";

/** SEED-1: `keccak256(E ‖ randao(E))`; randao is the 224 bits that L1 keeps. */
export function seedOf(epoch: Epoch, randao: bigint): Bytes32 {
  return keccak256(concatBytes(uintToBytes(epoch, 32), uintToBytes(randao, 32)));
}

/**
 * COM-1: a Fisher–Yates sample of `size` indices out of `count`, without repetition, in drawing order; all of them if
 * fewer.
 */
export function sampleIndices(seed: Bytes32, count: number, size: number): number[] {
  const seedBytes = fromHex(seed);
  // Only positions that were swapped are kept: a draw costs the sample's size, not the set's.
  const moved = new Map<number, number>();
  const at = (index: number) => moved.get(index) ?? index;
  return Array.from({ length: Math.min(size, count) }, (_, i) => {
    const draw = bytesToUint(fromHex(keccak256(concatBytes(seedBytes, uintToBytes(i, 32)))));
    const j = i + Number(draw % BigInt(count - i));
    const drawn = at(j);
    // The position of draw i is never drawn from again.
    moved.set(j, at(i));
    return drawn;
  });
}

/** COM-1: the epoch's committee, in committee order. */
export function drawCommittee(seed: Bytes32, validators: readonly EthAddress[], committeeSize: number): EthAddress[] {
  return sampleIndices(seed, validators.length, committeeSize).map(index => validators[index] as EthAddress);
}

/** COM-1: the 32 bytes that L1 keeps of a committee. */
export function committeeCommitment(committee: readonly EthAddress[]): Bytes32 {
  return keccak256(concatBytes(...committee.map(fromHex)));
}

/** COM-2: index of a slot's proposer in its committee. @throws ConsensusError EMPTY_COMMITTEE */
export function proposerIndex(slot: Slot, committeeLength: number): number {
  if (committeeLength === 0) {
    throw new ConsensusError(
      ConsensusErrorCode.EMPTY_COMMITTEE,
      "this epoch has no committee, and so no proposer: add validators (addValidator of Teocalli)",
    );
  }
  return slot % committeeLength;
}

/** COM-2: the slot's proposer; `undefined` for an empty committee (COM-4). */
export function proposerOf(slot: Slot, committee: readonly EthAddress[]): EthAddress | undefined {
  return committee.length === 0 ? undefined : committee[proposerIndex(slot, committee.length)];
}

/** COM-3: signatures that a block needs. */
export function quorum(committeeLength: number): number {
  return committeeLength === 0 ? 0 : Math.floor((2 * committeeLength) / 3) + 1;
}
