import { proposerIndex, firstSlot, type TimeParameters } from "@sprtn/consensus";
import {
  bytesToUint,
  concatBytes,
  type Epoch,
  type EthAddress,
  fromHex,
  keccak256,
  uintToBytes,
} from "@sprtn/primitives";

/** Ranks over which those without a committee spread (COM-4). */
const WITHOUT_COMMITTEE = 8;

/**
 * After how many others `address` touches the Rollup in `epoch` (SEED-1); `undefined` for never. Members take turns
 * from the one after the first slot's proposer, whose block touches it anyway, so that each epoch begins with another.
 */
export function touchRank(
  time: Pick<TimeParameters, "epochDuration">,
  epoch: Epoch,
  { committee, address }: { readonly committee: readonly EthAddress[]; readonly address: EthAddress },
): number | undefined {
  if (committee.length === 0) {
    const hash = keccak256(concatBytes(uintToBytes(epoch, 32), fromHex(address)));
    return Number(bytesToUint(fromHex(hash)) % BigInt(WITHOUT_COMMITTEE));
  }
  const index = committee.indexOf(address);
  if (index < 0) return undefined;
  const first = proposerIndex(firstSlot(time, epoch), committee.length);
  return (index - first - 1 + committee.length) % committee.length;
}
